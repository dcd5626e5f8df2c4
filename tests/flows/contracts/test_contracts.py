from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import companies, customers
from factories.receivables import SYSTEM, invoice_row, invoices, payment_row, payments
from tradecredit.analytics.receivables import aging, contract_books, verification
from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.apps.receivables import contract_queries
from tradecredit.apps.receivables.models import Instalment, InvoiceCorrection
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.cash import charge_interest
from tradecredit.flows.contracts import follow_schedule, save_contract, sign_contract, watch_contracts
from tradecredit.flows.contracts.contract_log import UnableToMoveContractError
from tradecredit.flows.contracts.save_contract import ContractRow
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import ids
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SIGNED = date(2026, 1, 5)
PARTS = [
    {"kind": "prepayment", "percent": "30", "days": 10},
    {"kind": "milestone", "percent": "60", "days": 30, "label": "acceptance"},
    {"kind": "retention", "percent": "10", "days": 180},
]


@pytest.fixture(autouse=True)
def _system_scope():
    with scope.entered(SYSTEM):
        yield


@pytest.fixture
def firm(db):
    firm = companies.company("ONE", "示例一有限公司")
    customers.customer(firm, "C001", "示例客户")
    return firm


def person(firm, *roles: Role) -> Actor:
    return Actor(user_id=ids.new_id(), name="someone", roles=frozenset((firm.pk, role) for role in roles))


def row(number: str = "K-1", amount: str = "100000.00", **more) -> ContractRow:
    fields = {"customer_code": "C001", "valid_from": SIGNED, "parts": PARTS, **more}
    return ContractRow(number=number, amount=Decimal(amount), **fields)


def save(firm, *rows: ContractRow):
    return save_contract.save_contracts(rows=rows, company=firm, actor=person(firm, Role.SALES))


@pytest.fixture
def signed(firm):
    # Nobody rated the customer: the strict template applies, and with it the clause of 60 days.
    save(firm, row())
    sign_contract.sign(company=firm, number="K-1", actor=SYSTEM, day=SIGNED)
    return firm


def schedule(firm):
    contract = contract_queries.by_number(company_id=firm.pk, numbers=["K-1"])["K-1"]
    return contract_queries.lines_of([contract.id])


class TestSaveContracts:
    def test_writes_a_draft_once_and_anew_when_it_says_something_else(self, firm):
        results = [save(firm, row()), save(firm, row()), save(firm, row(amount="90000.00"))]

        assert [one.rows[0].status for one in results] == [
            RowStatus.CREATED, RowStatus.UNCHANGED, RowStatus.UPDATED,
        ]  # fmt: skip
        found = contract_queries.by_number(company_id=firm.pk, numbers=["K-1"])["K-1"]
        assert (found.status, found.template, found.acceleration_days) == ("draft", "strict", 60)

    def test_refuses_a_signed_one_bad_terms_and_unknown_customers(self, signed):
        result = save(
            signed, row(amount="1.00"), row("K-2", parts=PARTS[:1]), row("K-3", customer_code="C999"),
            row("K-4", buyer_class="king"), row("K-5", parts=()),
        )  # fmt: skip

        assert {one.status for one in result.rows} == {RowStatus.REFUSED}
        assert [one.field for one in result.rows] == [
            "number",
            "parts",
            "customer_code",
            "buyer_class",
            "parts",
        ]

    def test_says_why_legal_has_to_look(self, firm):
        save(
            firm,
            row(amount="2000000.00", is_small_seller=True, buyer_class="public", parts=(), terms_days=95),
        )

        found = contract_queries.by_number(company_id=firm.pk, numbers=["K-1"])["K-1"]
        assert [one["code"] for one in found.review_reasons] == ["amount", "days", "law"]


class TestSign:
    def test_makes_the_schedule(self, signed):
        lines = schedule(signed)

        assert [(line.amount.text(), line.due_date) for line in lines] == [
            ("30000.00", SIGNED + timedelta(days=10)), ("60000.00", None), ("10000.00", None),
        ]  # fmt: skip

    def test_waits_for_legal_where_policy_says_so(self, firm):
        save(firm, row(amount="2000000.00"))
        with pytest.raises(UnableToMoveContractError):
            sign_contract.sign(company=firm, number="K-1", actor=SYSTEM)

        sign_contract.ask_legal(company=firm, number="K-1", actor=SYSTEM)
        lawyer = person(firm, Role.LEGAL)
        sign_contract.review(company=firm, number="K-1", is_cleared=True, text="fine", actor=lawyer)
        done = sign_contract.sign(company=firm, number="K-1", actor=SYSTEM, day=SIGNED)

        assert (done.status, done.reviewed_by) == ("signed", "someone")
        assert Task.objects.filter(kind="contract.review", role="legal").count() == 1

    def test_is_cleared_by_legal_alone_and_by_nobody_who_wrote_it(self, firm):
        author = person(firm, Role.SALES, Role.LEGAL)
        save_contract.save_contracts(rows=[row(amount="2000000.00")], company=firm, actor=author)
        sign_contract.ask_legal(company=firm, number="K-1", actor=author)

        for actor in (author, person(firm, Role.CFO)):
            with pytest.raises(UnableToMoveContractError):
                sign_contract.review(company=firm, number="K-1", is_cleared=True, text="", actor=actor)


class TestFollowSchedule:
    def test_a_milestone_gives_its_part_a_due_day_and_an_invoice(self, signed):
        reached = follow_schedule.reach(
            company=signed, number="K-1", sequence=2, day=date(2026, 2, 1), actor=SYSTEM
        )
        number = follow_schedule.bill(
            company=signed, number="K-1", sequence=2, actor=SYSTEM, day=date(2026, 2, 1)
        )

        line = Instalment.objects.get(invoice__number=number)
        assert reached.due_date == date(2026, 3, 3)
        assert (line.amount, line.due_date, line.invoice.contract_number) == (
            Decimal(60000), date(2026, 3, 3), "K-1",
        )  # fmt: skip
        assert CreditAccount.objects.get().billed == Decimal(60000)
        assert verification.verify(company_id=signed.pk).differences == ()

    def test_refuses_what_is_not_reached_or_was_billed(self, signed):
        follow_schedule.bill(company=signed, number="K-1", sequence=1, actor=SYSTEM, day=SIGNED)

        for sequence in (1, 2, 9):
            with pytest.raises(UnableToMoveContractError):
                follow_schedule.bill(company=signed, number="K-1", sequence=sequence, actor=SYSTEM)
        with pytest.raises(UnableToMoveContractError):
            follow_schedule.reach(company=signed, number="K-1", sequence=1, day=SIGNED, actor=SYSTEM)


class TestWatchContracts:
    def billed(self, firm):
        follow_schedule.bill(company=firm, number="K-1", sequence=1, actor=SYSTEM, day=SIGNED)
        follow_schedule.reach(company=firm, number="K-1", sequence=2, day=date(2026, 3, 1), actor=SYSTEM)
        follow_schedule.bill(company=firm, number="K-1", sequence=2, actor=SYSTEM, day=date(2026, 3, 1))

    def test_makes_the_rest_due_on_the_sixtieth_day_once(self, signed):
        self.billed(signed)
        first_due = SIGNED + timedelta(days=10)

        counts = [
            watch_contracts.watch_contracts(
                company=signed, as_of=first_due + timedelta(days=days), actor=SYSTEM
            )
            for days in (59, 60, 61)
        ]

        assert counts == [0, 1, 0]
        day = first_due + timedelta(days=60)
        assert [line.due_date for line in schedule(signed)] == [first_due, day, day]
        assert Instalment.objects.get(invoice__number="K-1-2").due_date == day
        assert InvoiceCorrection.objects.count() == 1
        (total,) = aging.aging(as_of=day + timedelta(days=1), company_id=signed.pk).totals
        assert total.aged.amounts[0].is_zero
        assert verification.verify(company_id=signed.pk).differences == ()

    def test_leaves_a_contract_alone_that_pays(self, signed):
        self.billed(signed)
        payments(signed, payment_row("P-1", "30000.00", invoice_number="K-1-1", payment_date=SIGNED))

        assert watch_contracts.watch_contracts(company=signed, as_of=date(2026, 5, 1), actor=SYSTEM) == 0

    def test_announces_an_end_once_a_step(self, firm):
        save(firm, row(valid_to=date(2026, 6, 30)))
        sign_contract.sign(company=firm, number="K-1", actor=SYSTEM, day=SIGNED)

        for day in (
            date(2026, 4, 1),
            date(2026, 5, 2),
            date(2026, 5, 3),
            date(2026, 6, 1),
            date(2026, 6, 28),
        ):
            watch_contracts.watch_contracts(company=firm, as_of=day, actor=SYSTEM)

        assert Task.objects.filter(kind="contract.ends").count() == 3


class TestProgress:
    def test_sums_what_is_billed_paid_and_overdue(self, signed):
        follow_schedule.bill(company=signed, number="K-1", sequence=1, actor=SYSTEM, day=SIGNED)
        payments(signed, payment_row("P-1", "10000.00", invoice_number="K-1-1", payment_date=SIGNED))

        (found,) = contract_books.progress(company_id=signed.pk, as_of=date(2026, 2, 1))
        parts = contract_books.track(contract_id=found["id"], as_of=date(2026, 2, 1))

        assert (found["billed"], found["paid"], found["open"], found["overdue"]) == (
            30000,
            10000,
            20000,
            20000,
        )
        assert [part["days_overdue"] for part in parts] == [17, None, None]


class TestChargeInterest:
    def test_uses_the_contract_s_rate_and_charges_no_day_twice(self, firm):
        save(firm, row(interest_daily_rate=Decimal("0.001"), parts=(), terms_days=0))
        sign_contract.sign(company=firm, number="K-1", actor=SYSTEM, day=SIGNED)
        follow_schedule.reach(company=firm, number="K-1", sequence=1, day=SIGNED, actor=SYSTEM)
        follow_schedule.bill(company=firm, number="K-1", sequence=1, actor=SYSTEM, day=SIGNED)

        until = SIGNED + timedelta(days=10)
        first = charge_interest.charge_interest(company=firm, until=until, actor=SYSTEM)
        again = charge_interest.charge_interest(company=firm, until=until, actor=SYSTEM)
        later = charge_interest.charge_interest(company=firm, until=until + timedelta(days=1), actor=SYSTEM)

        assert [one.amount.text() for one in (*first, *again, *later)] == ["1000.00", "100.00"]
        assert Instalment.objects.filter(invoice__nature="interest").count() == 2
        assert verification.verify(company_id=firm.pk).differences == ()

    def test_leaves_the_rate_of_a_draft_alone(self, firm):
        save(firm, row(interest_daily_rate=Decimal("0.001"), parts=(), terms_days=0))
        invoices(
            firm,
            invoice_row("INV-1", "100000.00", contract_number="K-1", invoice_date=SIGNED, due_date=SIGNED),
        )

        (charge,) = charge_interest.charge_interest(
            company=firm, until=SIGNED + timedelta(days=10), actor=SYSTEM
        )

        # 10 days at the policy's 0.05 %, not at the draft's 0.1 %
        assert (charge.rate, charge.amount.text()) == (Decimal("0.0005"), "500.00")
