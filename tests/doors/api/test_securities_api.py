"""Bills, covers, goods and the inbox through HTTP."""

import json
from decimal import Decimal
from itertools import count

import pytest

from factories import companies, customers, orders
from factories.credit_facts import section
from factories.receivables import SYSTEM
from tradecredit.flows.imports import import_orders
from tradecredit.flows.imports.import_orders import OrderRow
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, scope, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
_keys = count(1)
INVOICE = {
    "number": "INV-1",
    "customer": "C001",
    "invoice_date": "2026-01-01",
    "due_date": "2026-01-31",
    "amount": "100.00",
}
BILL = {
    "number": "B-1",
    "customer": "C001",
    "kind": "bank",
    "acceptor": "示例银行",
    "acceptor_class": "城商",
    "amount": "100.00",
    "issue_date": "2026-01-15",
    "due_date": "2026-07-15",
    "received_on": "2026-02-01",
    "invoice_number": "INV-1",
}
COVER = {
    "number": "K-1",
    "customer": "C001",
    "kind": "insurance",
    "provider": "示例保险",
    "amount": "1000.00",
    "haircut": "0.1",
    "valid_from": "2026-01-01",
    "notify_days": 30,
    "documents": ["policy"],
}


def token_of(actor) -> str:
    with scope.entered(SYSTEM):
        return tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)


@pytest.fixture
def call(client, company):
    """Send JSON as a finance manager, unless another's token is given."""
    orders.policy(company, receivables=section("five-pillars", "receivables"))
    customers.customer(company)
    finance = token_of(companies.person(company, Role.FINANCE_MANAGER))

    def send(method: str, path: str, body=None, *, bearer: str = ""):
        headers = {
            "Authorization": f"Bearer {bearer or finance}",
            "Accept-Language": "en",
            "Idempotency-Key": f"paper-{next(_keys)}",
        }
        content = json.dumps(body) if body is not None else ""
        return client.generic(
            method, f"/api/v1{path}", content, content_type="application/json", headers=headers
        )

    return send


class TestBills:
    def test_a_bill_settles_its_invoice_and_counts_by_its_acceptor(self, call) -> None:
        call("POST", "/invoices", INVOICE)

        answer = call("POST", "/bills", BILL)
        exposure = call("GET", "/exposures/C001").json()

        assert (answer.status_code, answer.json()["created"]) == (200, 1)
        assert (exposure["stages"]["billed"], exposure["stages"]["bill"]) == ("0.00", "100.00")
        assert exposure["exposure"] == "0.00"

    def test_a_dishonoured_bill_bounces_back(self, call) -> None:
        call("POST", "/invoices", INVOICE)
        call("POST", "/bills", BILL)
        endorsed = call("POST", "/bills/B-1/endorse", {"to": "示例供应商"})

        bounced = call("POST", "/bills/B-1/dishonour", {"reason": "no funds"})

        assert endorsed.json()["status"] == "endorsed"
        assert bounced.json()["status"] == "dishonoured"
        steps = call("GET", "/bills/B-1").json()["steps"]
        assert [one["status"] for one in steps] == ["held", "endorsed", "dishonoured"]
        assert call("GET", "/exposures/C001").json()["stages"]["billed"] == "100.00"

    def test_a_second_end_is_refused(self, call) -> None:
        call("POST", "/bills", BILL)
        call("POST", "/bills/B-1/collect", {})

        answer = call("POST", "/bills/B-1/discount", {"to": "示例银行"})

        assert (answer.status_code, answer.json()["code"]) == (409, "bill_state")

    def test_a_salesperson_lists_no_bills_of_all_customers(self, call, company) -> None:
        sales = token_of(companies.person(company, Role.SALES))
        call("POST", "/bills", BILL)

        for path in ("/bills", "/covers", "/covers/deadlines", "/inbox"):
            assert call("GET", path, bearer=sales).status_code == 403

    def test_lists_bills_and_knows_no_foreign_one(self, call) -> None:
        call("POST", "/bills", BILL)

        assert [one["number"] for one in call("GET", "/bills?customer=C001").json()["bills"]] == ["B-1"]
        assert call("GET", "/bills/B-9").status_code == 404
        assert call("POST", "/bills/B-9/collect", {}).status_code == 404

    def test_a_package_is_split_and_a_part_of_it_passed_on(self, call) -> None:
        call("POST", "/bills", {**BILL, "sub_range": "1-10000"})

        split = call("POST", "/bills/B-1:1-10000/split", {"amounts": ["60.00"]})
        sold = call("POST", "/bills/B-1:1-6000/discount", {"to": "示例银行", "with_recourse": False})

        assert split.status_code == 201
        assert [(one["number"], one["amount"], one["sub_range"]) for one in split.json()["bills"]] == [
            ("B-1:1-6000", "60.00", "1-6000"),
            ("B-1:6001-10000", "40.00", "6001-10000"),
        ]
        assert sold.json()["status"] == "sold"
        assert call("GET", "/bills/B-1:1-10000").json()["status"] == "split"
        assert call("POST", "/bills/B-1:1-6000/split", {"amounts": ["1.00"]}).status_code == 409


class TestCovers:
    def test_a_cover_counts_once_another_person_activates_it_with_its_documents(self, call, company) -> None:
        manager = token_of(companies.person(company, Role.CREDIT_MANAGER))
        call("POST", "/covers", COVER)

        own = call("POST", "/covers/K-1/activate", {"documents": ["policy"]})
        missing = call("POST", "/covers/K-1/activate", {}, bearer=manager)
        done = call("POST", "/covers/K-1/activate", {"documents": ["policy"]}, bearer=manager)

        assert [own.status_code, missing.status_code, done.status_code] == [409, 409, 200]
        assert "policy" in missing.json()["detail"]
        assert (done.json()["status"], done.json()["effective"]) == ("active", "900.00")

    def test_answers_the_covers_of_a_customer_on_a_day_and_the_deadlines(self, call, company) -> None:
        manager = token_of(companies.person(company, Role.CREDIT_MANAGER))
        call("POST", "/invoices", INVOICE)
        call("POST", "/covers", COVER)
        call("POST", "/covers/K-1/activate", {"documents": ["policy"]}, bearer=manager)

        on_the_day = call("GET", "/covers?customer=C001&as_of=2026-03-02").json()["covers"]
        before = call("GET", "/covers?customer=C001&as_of=2025-12-31").json()["covers"]
        deadlines = call("GET", "/covers/deadlines?as_of=2026-03-02").json()["items"]

        assert ([one["number"] for one in on_the_day], before) == (["K-1"], [])
        assert [(one["invoice"], one["notify_by"], one["days_left"]) for one in deadlines] == [
            ("INV-1", "2026-03-02", 0)
        ]

    def test_withdrawn_it_counts_no_more(self, call, company) -> None:
        manager = token_of(companies.person(company, Role.CREDIT_MANAGER))
        call("POST", "/covers", COVER)
        call("POST", "/covers/K-1/activate", {"documents": ["policy"]}, bearer=manager)

        gone = call("POST", "/covers/K-1/withdraw", {"reason": "policy ended"}, bearer=manager)

        assert gone.json()["status"] == "withdrawn"
        assert call("GET", "/covers?customer=C001&as_of=2026-03-02").json()["covers"] == []


class TestMovements:
    def order(self, company) -> None:
        row = OrderRow(number="SO-1", customer_code="C001", order_date=orders.DAY, amount=Decimal(1000))
        with clock.on(company, orders.DAY):
            import_orders.import_orders(rows=[row], company=company, actor=SYSTEM)

    def test_a_delivery_without_its_order_waits_in_the_inbox_until_it_is_tried_again(
        self, call, company
    ) -> None:
        delivery = {
            "number": "DN-1",
            "order_number": "SO-1",
            "delivery_date": "2026-03-02",
            "amount": "300.00",
        }

        refused = call("POST", "/deliveries", delivery).json()
        waiting = call("GET", "/inbox").json()["waiting"]
        self.order(company)
        retried = call("POST", "/inbox/retry", {}).json()

        assert refused["refused"] == 1
        assert [(one["number"], one["waits_for"]) for one in waiting] == [("DN-1", "order:SO-1")]
        assert retried == {"recorded": 1, "waiting": 0}
        stages = call("GET", "/exposures/C001").json()["stages"]
        assert (stages["ordered"], stages["delivered"]) == ("700.00", "300.00")

    def test_a_waiting_document_can_be_dismissed_once(self, call) -> None:
        call(
            "POST",
            "/credit-notes",
            {"number": "CN-1", "customer": "C9", "date": "2026-02-01", "amount": "1.00"},
        )
        (row,) = call("GET", "/inbox").json()["waiting"]

        first = call("POST", f"/inbox/{row['id']}/dismiss", {"reason": "a test"})
        second = call("POST", f"/inbox/{row['id']}/dismiss", {"reason": "a test"})

        assert (first.status_code, second.status_code) == (200, 404)
        assert call("GET", "/inbox").json()["waiting"] == []

    def test_tells_each_move_of_a_document_with_its_reason(self, call, company) -> None:
        self.order(company)
        call(
            "POST",
            "/deliveries",
            {"number": "DN-1", "order_number": "SO-1", "delivery_date": "2026-03-02", "amount": "300.00"},
        )
        call("POST", "/goods-events", {"kind": "return", "number": "R-1", "delivery_number": "DN-1", "date": "2026-03-02", "amount": "50.00"})  # fmt: skip

        moves = call("GET", "/exposures/C001/timeline?document=SO-1").json()["moves"]

        told = [(one["document"], one["stage"], one["amount"], one["cause"]) for one in reversed(moves)]
        assert told == [
            ("order:SO-1", "ordered", "1000.00", "opening"),
            ("delivery:DN-1", "delivered", "300.00", "delivery"),
            ("order:SO-1", "ordered", "-300.00", "delivery"),
            ("delivery:DN-1", "delivered", "-50.00", "return"),
        ]
        assert moves[0]["why"]["en"] == "goods came back"

    def test_an_invoice_names_several_orders(self, call, company) -> None:
        self.order(company)
        sources = [{"kind": "order", "number": "SO-1", "amount": "60.00"}]

        answer = call("POST", "/invoices", {**INVOICE, "sources": sources})

        assert answer.json()["created"] == 1
        assert call("GET", "/exposures/C001").json()["stages"]["ordered"] == "940.00"
