import json
from datetime import UTC, datetime

import pytest

from factories import companies
from tradecredit.flows.imports import import_file
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db


class Caller:
    """Somebody with a token."""

    def __init__(self, client, company, role):
        actor = companies.person(company, role)
        user = User.objects.get(pk=actor.user_id)
        self.token = tokens.create(user=user, moment=clock.now(), days=1)
        self.client = client

    def put(self, code, body, **headers):
        return self.send("put", f"/api/v1/customers/{code}", body, **headers)

    def post_facts(self, body, key="k1"):
        return self.send("post", "/api/v1/facts", body, **{"Idempotency-Key": key})

    def get(self, code, query=""):
        path = f"/api/v1/customers/{code}" if code else "/api/v1/customers"
        return self.send("get", f"{path}{query}")

    def send(self, method, path, body=None, **headers):
        options = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **headers}
        return getattr(self.client, method)(path, headers=headers, **options)


@pytest.fixture
def specialist(client, company):
    return Caller(client, company, Role.CREDIT_SPECIALIST)


@pytest.fixture
def auditor(client, company):
    return Caller(client, company, Role.AUDITOR)


class TestPutCustomer:
    def test_creates_then_changes_and_keeps_what_is_left_out(self, specialist):
        first = specialist.put("C1", {"name": "示例甲", "region": "华东", "uscc": "91110000600037341L"})
        second = specialist.put("C1", {"region": "华南"})

        assert (first.status_code, first.json()["created"], first.json()["version"]) == (200, True, 1)
        assert first.json()["uscc_valid"] is True
        assert (second.json()["name"], second.json()["region"]) == ("示例甲", "华南")
        assert (second.json()["created"], second.json()["version"]) == (False, 2)

    def test_refuses_a_version_that_is_no_longer_there(self, specialist):
        specialist.put("C1", {"name": "示例甲"})
        specialist.put("C1", {"region": "华南"})

        stale = specialist.put("C1", {"region": "华北"}, **{"If-Match": '"1"'})
        fresh = specialist.put("C1", {"region": "华北"}, **{"If-Match": '"2"'})

        assert (stale.status_code, stale.json()["code"]) == (412, "customer_changed_meanwhile")
        assert (fresh.status_code, fresh.json()["region"]) == (200, "华北")

    def test_says_what_is_doubtful(self, specialist):
        answer = specialist.put("C1", {"name": "示例甲", "uscc": "91110000600037341M"})

        assert answer.json()["uscc_valid"] is False
        assert "check character" in answer.json()["notice"]

    def test_refuses_unknown_fields_and_roles_that_only_read(self, specialist, auditor):
        assert specialist.put("C1", {"name": "示例甲", "colour": "red"}).status_code == 422
        assert auditor.put("C1", {"name": "示例甲"}).status_code == 403
        assert specialist.get("C1").status_code == 404


class TestGetCustomer:
    def test_shows_the_whole_dossier_as_of_a_day(self, specialist, company, system_actor):
        def bring_in(kind, text):
            import_file.import_file(
                kind=kind, data=text.encode(), name="示例.csv", company=company, actor=system_actor,
                files=SpreadsheetFiles(),
            )  # fmt: skip

        bring_in("customers", "客户编码,客户名称,行业,上级编码\nG,示例集团,,\nC1,示例甲,机电,G\n")
        bring_in("invoices", "客户编码,发票号,开票日期,到期日,金额\nC1,1,2026-01-05,2026-02-04,100.00\n")
        bring_in("financial-statements", "客户编码,会计期间,营业收入\nC1,2025年,1000\n")
        bring_in("contacts", "客户编码,联系人,电话\nC1,示例李,13800000000\n")

        answer = specialist.get("C1", "?as_of=2026-02-10")

        found = answer.json()
        assert answer.headers["ETag"] == '"2"'
        assert (found["code"], found["company"], found["as_of"]) == ("C1", "DEMO", "2026-02-10")
        assert found["group"] == ["C1", "G"]
        (receivable,) = found["receivables"]
        assert (receivable["open"], receivable["buckets"]["1-30"]) == ("100.00", "100.00")
        assert found["statements"][0]["items"] == {"revenue": "1000.0000"}
        assert found["contacts"][0]["name"] == "示例李"
        # 20 + 20 (trade, statements) + 5 industry + 4 contacts, of 100
        assert found["completeness"]["percent"] == 49
        assert found["completeness"]["missing"][0]["name"] == "registry_status"
        assert found["rating"] is None

    def test_shows_a_fact_as_it_was_known_at_a_moment(self, specialist):
        specialist.put("C1", {"name": "示例甲"})
        fact = {
            "customer": "C1",
            "fact": "pending_lawsuits",
            "valid_from": "2026-01-01",
            "source": "法院公告",
        }
        with clock.at(datetime(2026, 3, 2, 1, tzinfo=UTC)):
            specialist.post_facts(fact | {"value": 1}, key="a")
        with clock.at(datetime(2026, 3, 5, 1, tzinfo=UTC)):
            specialist.post_facts(fact | {"value": 4}, key="b")

        then = specialist.get("C1", "?as_of=2026-03-10&known_at=2026-03-03T00:00:00Z").json()["facts"]
        now = specialist.get("C1", "?as_of=2026-03-10").json()["facts"]

        assert [(each["value"], each["label"], each["source"]) for each in then] == [
            ("1", "pending lawsuits", "法院公告")
        ]
        assert [each["value"] for each in now] == ["4"]

    def test_hides_customers_of_foreign_companies(self, client, specialist, company):
        other = companies.company("OTHER", "示例另一家")
        Caller(client, other, Role.CREDIT_SPECIALIST).put("X1", {"name": "示例外"})

        assert specialist.get("X1").status_code == 404
        assert specialist.get("X1", "?company=OTHER").status_code == 404


class TestListCustomers:
    def test_pages_by_code_and_finds_by_pinyin(self, specialist):
        for code, name in (("A", "示例甲"), ("B", "重庆长安示例"), ("C", "示例丙")):
            specialist.put(code, {"name": name})

        first = specialist.get("", "?limit=2").json()
        second = specialist.get("", f"?limit=2&cursor={first['next']}").json()
        found = specialist.get("", "?search=cqca").json()

        assert [item["code"] for item in first["items"]] == ["A", "B"]
        assert ([item["code"] for item in second["items"]], second["next"]) == (["C"], None)
        assert [item["code"] for item in found["items"]] == ["B"]


class TestPostFacts:
    def test_records_one_or_many_with_a_result_each(self, specialist):
        specialist.put("C1", {"name": "示例甲"})
        rows = [
            {"customer": "C1", "fact": "失信被执行人", "value": True},
            {"customer": "C1", "fact": "equity_pledge_ratio", "value": "35%"},
            {"customer": "NOBODY", "fact": "pending_lawsuits", "value": 1},
        ]

        answer = specialist.post_facts(rows)

        assert answer.status_code == 201
        assert (answer.json()["created"], answer.json()["refused"]) == (2, 1)
        assert answer.json()["results"][2]["field"] == "customer_code"
        facts = {each["fact"]: each["value"] for each in specialist.get("C1").json()["facts"]}
        assert facts == {"dishonest_debtor": "yes", "equity_pledge_ratio": "0.35"}

    def test_records_once_for_one_key(self, specialist):
        specialist.put("C1", {"name": "示例甲"})
        fact = {"customer": "C1", "fact": "pending_lawsuits", "value": 1, "valid_from": "2026-01-01"}

        first = specialist.post_facts(fact)
        again = specialist.post_facts(fact)
        other = specialist.post_facts(fact | {"value": 2})

        assert first.json() == again.json()
        assert first.json()["created"] == 1
        assert other.status_code == 422

    def test_needs_a_key(self, specialist):
        answer = specialist.send("post", "/api/v1/facts", {"customer": "C1", "fact": "x_y", "value": 1})

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
