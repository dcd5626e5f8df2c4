"""The ledger under every order of events: the real flows against a plain model, invariants after every step."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from factories import orders, receivables
from factories.receivables import SYSTEM, credit_row, invoice_row, payment_row
from machines.ledger_model import LedgerModel
from tradecredit.analytics.receivables import aging, open_items, verification
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.exposure.models import Reservation
from tradecredit.apps.orders.models import Order
from tradecredit.core.cash_application.allocation import UnableToAllocateError
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.cash import apply_cash, unapply_cash
from tradecredit.flows.cash.apply_cash import Wanted
from tradecredit.flows.orders import (
    check_order_credit,
    deliver_order,
    expire_reservations,
    move_order,
    replay_decisions,
    verify_exposure,
)
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = [pytest.mark.machine, pytest.mark.django_db]
LIMIT = 500_000_00
START = date(2026, 3, 2)
# Small odd amounts find rounding; large ones meet the line.
cents = st.one_of(
    st.integers(min_value=1, max_value=300_000_00),
    st.sampled_from([100_000_00, 249_999_99, 333_333_33, 500_000_00]),
)
# The bar run is small; the long one is `TRADECREDIT_MACHINE_RUNS=300 TRADECREDIT_MACHINE_STEPS=50`.
RUNS = int(os.environ.get("TRADECREDIT_MACHINE_RUNS", "6"))
STEPS = int(os.environ.get("TRADECREDIT_MACHINE_STEPS", "12"))


def decimal(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)


def text(amount: int) -> str:
    return f"{decimal(amount):f}"


def cny(amount: int) -> Money:
    return Money(decimal(amount), "CNY")


class LedgerMachine(RuleBasedStateMachine):
    """One customer with a line of 500,000.00; every rule goes through a flow and is repeated in the model."""

    company = None
    customer = None

    def __init__(self) -> None:
        super().__init__()
        self.model = LedgerModel()
        self.day = START
        self.count = 0
        self.ended: dict[object, str] = {}
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        try:
            assert replay_decisions.replay_decisions(actor=SYSTEM).different == ()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    def now(self):
        return clock.on(self.company, self.day)

    def number(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}-{self.count}"

    def chosen(self, data, names) -> str:
        return data.draw(st.sampled_from(sorted(names)))

    def having(self, found, attribute: str) -> list[str]:
        return [name for name, item in found.items() if getattr(item, attribute)]

    # Orders

    def note(self, reference: str, amount: int, view) -> None:
        expires_at = view.reservation.expires_at if view.reservation else None
        self.model.check(
            reference, amount, passes=view.lets_through, status=view.order_status, expires_at=expires_at
        )
        if view.lets_through:
            assert self.model.exposure <= LIMIT, "I3: what passed fits the line"

    def note_released(self) -> None:
        """What held orders the money released in its own transaction: each fits the line as if it were checked now."""
        waiting = [name for name, order in self.model.orders.items() if order.status == "held"]
        for order in Order.objects.filter(reference__in=waiting, status="released").order_by("recorded_at"):
            kept = Reservation.objects.get(reference=order.reference, status="pending")
            self.model.check(
                order.reference,
                self.model.orders[order.reference].amount,
                passes=True,
                status="released",
                expires_at=kept.expires_at,
            )
            assert self.model.exposure <= LIMIT, "I3: what passed fits the line"

    @rule(amount=cents)
    def check_order(self, amount) -> None:
        reference = self.number("SO")
        with self.now():
            view = check_order_credit.check_order_credit(
                requests=[orders.request(self.company, text(amount), reference=reference)], actor=SYSTEM
            )[0]
        assert view.order_status == ("released" if view.lets_through else view.order_status)
        self.note(reference, amount, view)

    @precondition(lambda self: self.having(self.model.orders, "is_under_way"))
    @rule(data=st.data(), amount=cents)
    def amend(self, data, amount) -> None:
        reference = self.chosen(data, self.having(self.model.orders, "is_under_way"))
        with self.now():
            try:
                view = move_order.amend_order(
                    company=self.company, reference=reference, amount=cny(amount), actor=SYSTEM
                )
            except UnableToError:
                return
        self.note(reference, amount, view)

    @precondition(lambda self: self.having(self.model.orders, "is_under_way"))
    @rule(data=st.data())
    def deliver(self, data) -> None:
        reference = self.chosen(data, self.having(self.model.orders, "is_under_way"))
        order = self.model.orders[reference]
        if order.amount <= order.delivered:
            return
        amount = data.draw(st.integers(1, order.amount - order.delivered))
        with self.now():
            view = deliver_order.deliver_order(
                company=self.company,
                reference=reference,
                number=self.number("DN"),
                amount=cny(amount),
                actor=SYSTEM,
            )
        if view.lets_through:
            self.model.deliver(reference, amount)

    @precondition(lambda self: self.having(self.model.orders, "is_under_way"))
    @rule(data=st.data(), status=st.sampled_from(["cancelled", "closed"]))
    def end(self, data, status) -> None:
        reference = self.chosen(data, self.having(self.model.orders, "is_under_way"))
        act = move_order.cancel_order if status == "cancelled" else move_order.close_order
        with self.now():
            act(company=self.company, reference=reference, actor=SYSTEM)
        self.model.end(reference, status)

    # Receivables and cash

    @rule(data=st.data(), amount=cents, is_of_order=st.booleans())
    def invoice(self, data, amount, is_of_order) -> None:
        number, reference = self.number("INV"), None
        under_way = self.having(self.model.orders, "is_under_way")
        if is_of_order and under_way:
            reference = self.chosen(data, under_way)
            amount = min(amount, max(1, self.model.orders[reference].amount))
        row = invoice_row(
            number, text(amount), invoice_date=self.day, due_date=self.day + timedelta(days=30),
            order_number=reference or "",
        )  # fmt: skip
        with self.now():
            result = receivables.invoices(self.company, row)
            again = receivables.invoices(self.company, row)
        assert [r.status.value for r in (*result.rows, *again.rows)] == ["created", "unchanged"]
        self.model.invoice(number, amount, reference)

    @rule(data=st.data(), amount=cents, is_named=st.booleans())
    def pay(self, data, amount, is_named) -> None:
        number, invoice = self.number("PAY"), None
        if is_named and self.model.invoices:
            invoice = self.chosen(data, self.model.invoices)
        row = payment_row(number, text(amount), payment_date=self.day, invoice_number=invoice or "")
        with self.now():
            receivables.payments(self.company, row, match=is_named and invoice is not None)
        self.model.pay(number, amount, invoice)
        self.note_released()

    @precondition(
        lambda self: (
            self.having(self.model.payments, "unapplied") and self.having(self.model.invoices, "open")
        )
    )
    @rule(data=st.data(), is_too_much=st.booleans())
    def apply(self, data, is_too_much) -> None:
        payment = self.chosen(data, self.having(self.model.payments, "unapplied"))
        invoice = self.chosen(data, self.having(self.model.invoices, "open"))
        most = min(self.model.payments[payment].unapplied, self.model.invoices[invoice].open)
        amount = most + 1 if is_too_much else data.draw(st.integers(1, most))
        wanted = [Wanted(invoice_number=invoice, amount=decimal(amount))]
        with self.now():
            try:
                apply_cash.apply_cash(
                    company=self.company, payment_number=payment, wanted=wanted, actor=SYSTEM
                )
            except UnableToAllocateError:
                assert is_too_much
                return
        assert not is_too_much
        self.model.apply(payment, invoice, amount)
        self.note_released()

    @precondition(lambda self: any(self.model.allocations.values()))
    @rule(data=st.data())
    def unapply(self, data) -> None:
        payment = self.chosen(data, [name for name, held in self.model.allocations.items() if held])
        with self.now():
            unapply_cash.unapply_cash(
                company=self.company, payment_number=payment, reason="wrong match", actor=SYSTEM
            )
        self.model.unapply(payment)

    @precondition(lambda self: self.model.invoices)
    @rule(data=st.data(), amount=cents)
    def credit(self, data, amount) -> None:
        number, invoice = self.number("CN"), self.chosen(data, self.model.invoices)
        row = credit_row(number, text(amount), credit_date=self.day, invoice_number=invoice)
        with self.now():
            receivables.credits_(self.company, row)
        self.model.credit(number, amount, invoice)
        self.note_released()

    @rule(days=st.sampled_from([1, 8, 31]))
    def advance(self, days) -> None:
        self.day += timedelta(days=days)
        moment = datetime.combine(self.day, time(9), tzinfo=ZoneInfo(self.company.time_zone))
        with self.now():
            expire_reservations.expire_reservations(company=self.company, actor=SYSTEM, moment=moment)
            assert (
                expire_reservations.expire_reservations(company=self.company, actor=SYSTEM, moment=moment)
                == 0
            )
        self.model.expire(moment)

    # Invariants of the design, by their numbers

    @invariant()
    def i1_cash_moves_sum_to_zero(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(sum(amount), 0) FROM exposure_exposureentry"
                " WHERE cause IN ('cash.applied', 'cash.unapplied')"
            )
            assert cursor.fetchone() == (0,)

    @invariant()
    def i2_balances_are_the_fold_of_entries_and_what_the_model_says(self) -> None:
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole
        key = (self.company.pk, self.customer.pk, "CNY")
        account = exposure_queries.accounts_by_key([key])[key]
        expected = self.model.stages()
        assert {stage: int(getattr(account, stage).amount * 100) for stage in expected} == expected

    @invariant()
    def i3_nothing_is_reserved_below_zero(self) -> None:
        assert all(order.reserved >= 0 and order.ordered >= 0 for order in self.model.orders.values())

    @invariant()
    def i4_each_reservation_ends_at_most_once(self) -> None:
        statuses = dict(Reservation.objects.values_list("pk", "status"))
        for identifier, status in self.ended.items():
            assert statuses[identifier] == status
        self.ended.update({key: status for key, status in statuses.items() if status != "pending"})
        pending = [status for status in statuses.values() if status == "pending"]
        assert len(pending) == len(self.having(self.model.orders, "reserved"))

    @invariant()
    def i5_open_is_between_zero_and_the_amount(self) -> None:
        assert verification.verify().differences == ()
        found = {
            row.invoice_number: int(row.open.amount * 100) for row in open_items.open_items(as_of=self.day)
        }
        assert found == {name: one.open for name, one in self.model.invoices.items() if one.open}

    @invariant()
    def i6_aging_sums_to_what_is_open(self) -> None:
        for scheme in ("overdue", "age"):
            for total in aging.aging(as_of=self.day, scheme=scheme).totals:
                assert money.total(total.aged.amounts, "CNY") == total.aged.open
                assert int(total.aged.open.amount * 100) == self.model.stages()["billed"]

    @invariant()
    def orders_stand_where_the_model_says(self) -> None:
        found = dict(Order.objects.values_list("reference", "status"))
        assert found == {name: order.status for name, order in self.model.orders.items()}


@pytest.fixture
def world(company):
    """A customer with a line of 500,000.00 and nothing owed."""
    orders.policy(company)
    LedgerMachine.company = company
    LedgerMachine.customer = orders.creditworthy(company, limit=text(LIMIT), billed="0")
    with scope.entered(SYSTEM):
        yield


def run(*, runs: int, steps: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            phases=phases,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_ledger_keeps_its_invariants(world) -> None:
    run(runs=RUNS, steps=STEPS)


def test_the_machine_notices_a_lost_cent(world, monkeypatch) -> None:
    """The negative control: a model that forgets a cent of each payment must disagree."""
    pay = LedgerModel.pay
    monkeypatch.setattr(
        LedgerModel, "pay", lambda self, number, amount, invoice: pay(self, number, amount + 1, invoice)
    )

    with pytest.raises(AssertionError):
        run(runs=10, steps=10, phases=(Phase.generate,))
