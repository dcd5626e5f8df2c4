"""Own fields, ties, sealed values, waivers, stages and the credit report through the API."""

import json

import pytest

from factories import companies, customers
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
FORM = {"components": [{"type": "number", "key": "shop_count", "label": "门店数", "validate": {"max": 5}}]}


class Caller:
    """A credit manager with a token, who uses a key once."""

    def __init__(self, client, company, role):
        actor = companies.person(company, role)
        self.token = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)
        self.client, self.sent = client, 0

    def __call__(self, method, path, body=None):
        self.sent += 1
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept-Language": "en",
            "Idempotency-Key": f"k{self.sent}",
        }
        options = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1{path}", headers=headers, **options)


@pytest.fixture
def manager(client, company):
    customers.customer(company, "C1", "示例恒达机电有限公司", lifecycle="prospect")
    return Caller(client, company, Role.CREDIT_MANAGER)


class TestFields:
    def test_are_asked_for_by_a_form_and_written(self, manager) -> None:
        kept = manager("put", "/customer-forms/all", {"document": FORM})
        refused = manager("put", "/customer-forms/all", {"document": {"components": [{"type": "file"}]}})
        written = manager("post", "/customers/C1/fields", {"values": {"shop_count": "4"}})
        wrong = manager("post", "/customers/C1/fields", {"values": {"shop_count": "9"}})
        (field,) = manager("get", "/customers/C1/fields").json()["fields"]

        assert kept.json()["forms"][0]["customer_type"] == "all"
        assert (refused.status_code, "components[0].type" in refused.content.decode()) == (422, True)
        assert (written.status_code, written.json()["created"]) == (201, 1)
        assert wrong.json()["results"][0]["message"] == "5 or less"
        assert (field["name"], field["value"], field["source"]) == ("shop_count", "4", "form")

    def test_nobody_of_another_company_sees_them(self, manager, client) -> None:
        stranger = Caller(client, companies.company("OTHER", "示例乙公司"), Role.CREDIT_MANAGER)

        assert stranger("get", "/customers/C1/fields").status_code == 404
        assert stranger("get", "/customers/C1/sealed").status_code == 404


class TestRelations:
    def test_are_recorded_by_hand(self, manager) -> None:
        body = {"kind": "shareholder", "party_name": "示例控股", "share": "0.6", "evidence": "articles"}

        recorded = manager("post", "/customers/C1/relations", body)
        refused = manager("post", "/customers/C1/relations", {**body, "kind": "guarantee", "party": "NONE"})

        (tie,) = manager("get", "/customers/C1/relations").json()["ties"]
        assert recorded.status_code == 201
        assert (tie["from"]["name"], tie["share"]) == ("示例控股", "0.600000")
        assert "no customer NONE" in refused.content.decode()


class TestSealed:
    def test_are_read_for_a_purpose_and_erased(self, manager) -> None:
        fact = {"customer": "C1", "fact": "bank_inflow", "value": "880000"}
        without = manager("post", "/facts", fact)
        manager("post", "/customers/C1/consents", {"scope": "bank", "granted": True, "purpose": "review"})
        manager("post", "/facts", fact)

        shown = manager("get", "/customers/C1").json()["facts"][0]["value"]
        read = manager("post", "/customers/C1/sealed/read", {"scope": "bank", "purpose": "review"})
        gone = manager("post", "/customers/C1/sealed/erase", {"scopes": ["bank"], "reason": "asked for"})
        told = manager("get", "/customers/C1/sealed").json()

        assert without.json()["refused"] == 1
        assert (shown, read.json()["values"]) == ("•••", {"bank_inflow": "880000"})
        assert gone.json() == {"erased": 1}
        assert [one["purpose"] for one in told["reads"]] == ["review"]
        assert [one["reason"] for one in told["erased"]] == ["asked for"]
        assert manager("get", "/customers/C1").json()["facts"] == []


class TestStages:
    def test_a_waiver_and_a_move(self, manager) -> None:
        waived = manager("post", "/customers/C1/verification-waiver", {"reason": "the register is down"})
        moved = manager("post", "/customers/C1/lifecycle", {"stage": "trading", "cause": "first order"})

        assert (waived.status_code, moved.json()) == (
            201,
            {"customer": "C1", "stage": "trading", "moved": True},
        )
        assert manager("get", "/customers/C1").json()["lifecycle"] == "trading"

    def test_sales_may_not(self, manager, client, company) -> None:
        sales = Caller(client, company, Role.SALES)

        assert sales("post", "/customers/C1/verification-waiver", {"reason": "x"}).status_code == 403
        assert (
            sales("post", "/customers/C1/sealed/read", {"scope": "bank", "purpose": "x"}).status_code == 403
        )


class TestCreditReport:
    def test_is_the_same_file_for_the_same_moment(self, manager) -> None:
        moment = clock.now().isoformat().replace("+", "%2B")

        first, again = (
            manager("get", f"/customers/C1/credit-report?known_at={moment}").content for _ in range(2)
        )

        assert first.startswith(b"%PDF-")
        assert first == again
        assert manager("get", "/customers/C1/credit-report?form=xlsx").content.startswith(b"PK")
        assert manager("get", "/customers/NONE/credit-report").status_code == 404
