from datetime import timedelta
from decimal import Decimal

import pytest

from factories import companies, customers, orders
from factories.receivables import DUE, ISSUED, SYSTEM, invoice_row, invoices
from tradecredit.analytics.receivables import aging, behaviour, ratios, verification
from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.apps.receivables.models import Adjustment, Instalment, Invoice
from tradecredit.core.receivables.adjustments import AdjustmentKind, UnableToAdjustError
from tradecredit.flows.approvals import decide_adjustment
from tradecredit.flows.cash import adjust_receivable, open_dispute
from tradecredit.flows.cash.adjust_receivable import Wanted
from tradecredit.plumbing import ids
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
DAY = DUE + timedelta(days=200)


@pytest.fixture(autouse=True)
def _system_scope():
    with scope.entered(SYSTEM):
        yield


@pytest.fixture
def firm(db):
    firm = companies.company("ONE", "示例一有限公司")
    orders.policy(firm)
    customers.customer(firm, "C001", "示例客户")
    invoices(firm, invoice_row("INV-1", "30000.00"))
    return firm


def person(firm, *roles: Role) -> Actor:
    return Actor(user_id=ids.new_id(), name="someone", roles=frozenset((firm.pk, role) for role in roles))


def wanted(
    amount: str | None = "5000.00", kind=AdjustmentKind.WRITE_OFF, reason="insolvency", **more
) -> Wanted:
    value = None if amount is None else Decimal(amount)
    return Wanted(kind=kind, invoice_number="INV-1", reason_code=reason, amount=value, **more)


def asked(firm, *args, **more):
    return adjust_receivable.ask(
        company=firm, wanted=wanted(*args, **more), actor=person(firm, Role.COLLECTOR)
    )


def approved(firm, number, *roles):
    actor = person(firm, *(roles or (Role.CFO,)))
    return decide_adjustment.decide_adjustment(
        company=firm, number=number, approves=True, reason="agreed", actor=actor, day=DAY
    )


class TestAsk:
    def test_moves_nothing(self, firm):
        found = asked(firm)

        assert found.status == "open"
        assert Instalment.objects.get().settled_amount == 0

    def test_refuses_more_than_is_open_and_unknown_reasons(self, firm):
        with pytest.raises(UnableToAdjustError, match=r"30000\.00"):
            asked(firm, "30000.01")
        with pytest.raises(UnableToAdjustError, match="insolvency"):
            asked(firm, reason="because")
        with pytest.raises(UnableToAdjustError, match="payable"):
            asked(firm, kind=AdjustmentKind.SET_OFF, reason="offset")


class TestReleaseApproved:
    def test_posts_the_write_off_with_exposure_aging_and_proof_agreeing(self, firm):
        request = asked(firm)

        done = approved(firm, request.number)

        account = CreditAccount.objects.get()
        (total,) = aging.aging(as_of=DAY, company_id=firm.pk).totals
        assert done.status == "posted"
        assert (account.billed, account.unapplied) == (Decimal(25000), Decimal(0))
        assert total.aged.open.text() == "25000.00"
        assert total.aged.credit_notes.is_zero
        assert Invoice.objects.get(number=request.number).nature == "write_off"
        assert verification.verify(company_id=firm.pk).differences == ()

    def test_is_no_payment_and_no_credit_for_the_customer_s_record(self, firm):
        approved(firm, asked(firm, "30000.00").number, Role.MANAGEMENT)

        (found,) = behaviour.behaviour(as_of=DAY + timedelta(days=50), company_id=firm.pk)

        assert found.behaviour.on_time_rate_by_amount == Decimal(0)
        assert found.behaviour.open_overdue_count == 0
        # The day of the write-off ends the delay.
        assert found.behaviour.max_days_late == 200

    def test_refuses_what_is_open_no_more(self, firm):
        first, second = asked(firm, "20000.00"), asked(firm, "20000.00")
        approved(firm, first.number)

        with pytest.raises(UnableToAdjustError, match=r"10000\.00"):
            approved(firm, second.number)

    def test_of_a_deduction_ends_the_dispute_that_it_grants(self, firm):
        open_dispute.open_dispute(
            company=firm, invoice_number="INV-1", amount=Decimal(500), reason_code="price", actor=SYSTEM,
            as_of=ISSUED,
        )  # fmt: skip

        approved(firm, asked(firm, "500.00", AdjustmentKind.DEDUCTION, "price").number)

        line = Instalment.objects.get(invoice__number="INV-1")
        assert (line.settled_amount, line.disputed_amount) == (Decimal(500), Decimal(0))
        assert verification.verify(company_id=firm.pk).differences == ()

    def test_is_proved_with_the_books(self, firm):
        request = asked(firm)
        approved(firm, request.number)
        Adjustment.objects.filter(number=request.number).update(amount=Decimal("5000.01"))

        (found,) = verification.verify(company_id=firm.pk).differences

        assert (found.check, found.place) == ("adjustment posted", f"adjustment {request.number}")


class TestRejectApproved:
    def test_moves_nothing(self, firm):
        request = asked(firm)

        done = decide_adjustment.decide_adjustment(
            company=firm, number=request.number, approves=False, actor=person(firm, Role.CFO),
            reason="ask again",
        )  # fmt: skip

        assert (done.status, done.decision_reason) == ("rejected", "ask again")
        assert Instalment.objects.get().settled_amount == 0


class TestRecover:
    def test_makes_the_debt_owed_again_and_counts_against_bad_debts(self, firm):
        approved(firm, asked(firm).number)

        adjust_receivable.recover(company=firm, wanted=wanted("2000.00"), actor=SYSTEM, day=DAY)

        (row,) = ratios.ratios(as_of=DAY + timedelta(days=1), company_id=firm.pk).rows
        assert (row.written_off.text(), row.recovered.text()) == ("5000.00", "2000.00")
        # 3,000.00 of the credit sales of 30,000.00: what was recovered is no sale.
        assert row.bad_debt_rate_of_sales == Decimal("0.1")
        assert row.open_total.text() == "27000.00"
        assert CreditAccount.objects.get().billed == Decimal(27000)
        assert verification.verify(company_id=firm.pk).differences == ()

    def test_refuses_more_than_was_written_off(self, firm):
        with pytest.raises(UnableToAdjustError, match=r"0\.00"):
            adjust_receivable.recover(company=firm, wanted=wanted("1.00"), actor=SYSTEM, day=DAY)
