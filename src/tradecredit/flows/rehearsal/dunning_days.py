"""Play a world of payers day by day through the real flows: what comes in, the run, what comes in between, the sending.

Every part may be played again after the process was killed in the middle of it: what was recorded is recorded.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from tradecredit.apps.collections import agreements
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import queries as receivables
from tradecredit.apps.receivables.models import InvoiceKind
from tradecredit.core.kernel.money import Money
from tradecredit.flows.cash import open_dispute, record_payments
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.collections import follow_cases, record_promise
from tradecredit.flows.imports import import_invoices
from tradecredit.flows.imports.import_invoices import InvoiceRow
from tradecredit.flows.watch import dispatch_outbox, run_dunning
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from uuid import UUID

    from tradecredit.flows.ports import Mailer
    from tradecredit.flows.rehearsal.dunning_world import Fate, World
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

CURRENCY = "CNY"


def lay_invoices(*, company: Company, world: World, first_day: date, actor: Actor) -> None:
    """Record every invoice of the world before its first day."""
    rows = [
        InvoiceRow(
            number=fate.number,
            customer_code=fate.customer,
            amount=fate.amount,
            invoice_date=first_day + timedelta(days=fate.issued),
            due_date=first_day + timedelta(days=fate.due),
        )
        for fate in world.fates
    ]
    with clock.on(company, first_day):
        result = import_invoices.import_invoices(rows=rows, company=company, actor=actor)
    if result.refused:
        raise RuntimeError(f"invoices of the play were refused: {result.refused[:2]}")


def play(
    *,
    company: Company,
    world: World,
    first_day: date,
    actor: Actor,
    mailer: Mailer,
    from_day: int = 0,
    on_day: Callable[[int], None] | None = None,
) -> None:
    """Play the days from ``from_day`` to the end; ``on_day`` hears of each that is over."""
    happenings = _by_day(world)
    with scope.entered(actor):
        ids = {
            customer.code: customer.id
            for customer in dossier.customers_by_code({fate.customer for fate in world.fates}).values()
        }
    for offset in range(from_day, world.days):
        day = first_day + timedelta(days=offset)
        today = _Day(company=company, day=day, actor=actor, ids=ids)
        with clock.on(company, day, hour=9):
            today.pay(fate for fate in happenings[offset, "paid"] if not fate.is_paid_late_in_the_day)
            today.contest(happenings[offset, "disputed"])
            today.settle(happenings[offset, "settled"])
            today.promise(happenings[offset, "promised"], first_day=first_day)
        with clock.on(company, day, hour=20):
            run_dunning.run_dunning(company=company, as_of=day, actor=actor)
            follow_cases.follow_cases(company=company, as_of=day, actor=actor)
            today.pay(fate for fate in happenings[offset, "paid"] if fate.is_paid_late_in_the_day)
            dispatch_outbox.dispatch_outbox(company=company, mailer=mailer, actor=actor)
            today.follow()
        if on_day is not None:
            on_day(offset)


class _Day:
    """What comes in on one day, and whose standing it may have changed."""

    def __init__(self, *, company: Company, day: date, actor: Actor, ids: dict[str, UUID]) -> None:
        self._company, self._day, self._actor, self._ids = company, day, actor, ids
        self._touched: set[UUID] = set()

    def pay(self, fates: Iterable[Fate]) -> None:
        paid = list(fates)
        rows = [
            PaymentRow(
                number=f"PAY-{fate.number}",
                customer_code=fate.customer,
                amount=fate.amount,
                payment_date=self._day,
                invoice_number=fate.number,
            )
            for fate in paid
        ]
        if rows:
            record_payments.record_payments(rows=rows, company=self._company, actor=self._actor)
            self._touched |= {self._ids[fate.customer] for fate in paid}

    def contest(self, fates: Iterable[Fate]) -> None:
        for fate in fates:
            try:
                open_dispute.open_dispute(
                    company=self._company,
                    invoice_number=fate.number,
                    reason_code="quality",
                    actor=self._actor,
                    as_of=self._day,
                )
            except open_dispute.UnableToOpenDisputeError:
                # Played again after a kill: it is on record.
                continue
            finally:
                self._touched.add(self._ids[fate.customer])

    def settle(self, fates: Iterable[Fate]) -> None:
        for fate in fates:
            try:
                open_dispute.close_dispute(
                    company=self._company,
                    invoice_number=fate.number,
                    resolution="settled",
                    actor=self._actor,
                    as_of=self._day,
                )
            except open_dispute.UnableToCloseDisputeError:
                continue
            finally:
                self._touched.add(self._ids[fate.customer])

    def promise(self, fates: Iterable[Fate], *, first_day: date) -> None:
        for fate in fates:
            customer_id = self._ids[fate.customer]
            with scope.entered(self._actor):
                known = agreements.promises(company_id=self._company.pk, customer_id=customer_id)
                document = receivables.documents(
                    company_id=self._company.pk, kind=InvoiceKind.INVOICE, numbers=[fate.number]
                )[fate.number]
            if any(one.text == fate.number for one in known):
                continue
            record_promise.record_promise(
                company=self._company,
                customer_id=customer_id,
                amount=Money(fate.amount, CURRENCY),
                promised_date=first_day + timedelta(days=fate.promised_for),
                instalment_ids=[line.id for line in document.lines],
                text=fate.number,
                actor=self._actor,
                as_of=self._day,
            )

    def follow(self) -> None:
        """Do what the worker does when cash or a dispute came in."""
        if not self._touched:
            return
        customers = sorted(self._touched, key=str)
        run_dunning.settle_standings(
            company=self._company, as_of=self._day, actor=self._actor, customer_ids=customers
        )
        follow_cases.follow_cases(
            company=self._company,
            as_of=self._day,
            actor=self._actor,
            customer_ids=customers,
            is_closing_only=True,
        )


def _by_day(world: World) -> defaultdict[tuple[int, str], list[Fate]]:
    found: defaultdict[tuple[int, str], list[Fate]] = defaultdict(list)
    for fate in world.fates:
        for name in ("paid", "disputed", "settled", "promised"):
            found[getattr(fate, name), name].append(fate)
    return found
