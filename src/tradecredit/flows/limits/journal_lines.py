"""The lines of a journal: from what to what, what they sum to, and which held orders would pass with them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.limits import queries
from tradecredit.apps.limits.journals import JournalLine
from tradecredit.apps.orders import queries as orders
from tradecredit.core.decisions import evaluate
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel import periods
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.limits import limit_advice
from tradecredit.flows.orders import order_cases
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.limits.queries import LineRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.flows.limits.limit_advice import Advice
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToPreviewJournalError(UnableToError):
    """A customer is out of sight, or named twice."""

    code = "journal_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one customer's line is to become."""

    customer_id: UUID
    limit: Limit
    currency: str
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a journal would do: its lines, their sums by currency, and the held orders that would pass or go on waiting."""

    lines: tuple[JournalLine, ...]
    totals: tuple[tuple[str, Money, Money], ...]
    passing: tuple[str, ...]
    waiting: tuple[str, ...]


def preview(
    *, company: Company, changes: Sequence[Change], actor: Actor, as_of: date | None = None
) -> Preview:
    """Return who changes from what to what, the sums, and the effect on held orders; nothing is recorded.

    Raises UnableToPreviewJournalError.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        lines = lines_for(company=company, changes=changes, as_of=day)
        passing, waiting = _effect(company, lines, day=day)
        return Preview(lines=lines, totals=totals(lines), passing=passing, waiting=waiting)


def _effect(
    company: Company, lines: Sequence[JournalLine], *, day: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Try every held order of the customers with the line that it would have."""
    after = {(line.customer_id, line.currency): line for line in lines}
    held = orders.held_orders(company_id=company.pk, customer_ids={line.customer_id for line in lines})
    concerned = [order for order in held if (order.customer_id, order.amount.currency) in after]
    if not concerned:
        return (), ()
    requests = [
        CheckRequest(
            company=company,
            customer_code=order.customer_code,
            reference=order.reference,
            amount=order.whole,
            terms_days=order.terms_days,
        )
        for order in concerned
    ]
    cases = order_cases.gather(requests, as_of=day, is_locked=False)
    passing: list[str] = []
    waiting: list[str] = []
    for order, case in zip(concerned, cases, strict=True):
        line = after[order.customer_id, order.amount.currency]
        standing = dataclasses.replace(case.facts.line, limit=line.after, validity=line.validity)
        facts = dataclasses.replace(case.facts, line=standing)
        does_pass = evaluate.outcome_of(facts, case.policy.control).lets_through
        (passing if does_pass else waiting).append(order.reference)
    return tuple(passing), tuple(waiting)


def lines_for(*, company: Company, changes: Sequence[Change], as_of: date) -> tuple[JournalLine, ...]:
    """Return the lines of a journal: from what to what, with days, validity and conditions; call it inside a scope.

    What would not change is left out. Raises UnableToPreviewJournalError for a customer out of sight or named twice.
    """
    found: list[JournalLine] = []
    for currency in sorted({change.currency for change in changes}):
        ours = {change.customer_id: change for change in changes if change.currency == currency}
        advices = limit_advice.advise(
            company_id=company.pk, customer_ids=list(ours), currency=currency, as_of=as_of
        )
        known = queries.lines(company_id=company.pk, customer_ids=list(ours))
        found += [
            _line(change, advices[customer], known.get((customer, currency), ()), day=as_of)
            for customer, change in ours.items()
            if customer in advices
        ]
        if len(advices) < len(ours):
            raise UnableToPreviewJournalError(
                Words(zh="有客户不存在或您无权查看。", en="A customer is not there, or out of your sight.")
            )
    return tuple(line for line in found if line.before != line.after)


def totals(lines: Sequence[JournalLine]) -> tuple[tuple[str, Money, Money], ...]:
    """Return by currency what the lines sum to before and after; a line without an amount counts as nothing."""
    found: dict[str, tuple[Money, Money]] = {}
    for line in lines:
        none = Money.zero(line.currency)
        before, after = found.get(line.currency, (none, none))
        found[line.currency] = (before + _amount(line.before, none), after + _amount(line.after, none))
    return tuple((currency, *pair) for currency, pair in sorted(found.items()))


def _amount(limit: Limit, none: Money) -> Money:
    return limit.money if isinstance(limit, tagged.Amount) else none


def _line(change: Change, advice: Advice, known: Sequence[LineRecord], *, day: date) -> JournalLine:
    standing = next(
        (
            one
            for one in reversed(known)
            if advice.in_force and advice.in_force.base and one.line.line_id == advice.in_force.base.line_id
        ),
        None,
    )
    ends = None if standing is None else standing.line.validity.valid_to
    days = change.days if change.days is not None else None if standing is None else standing.days
    share = advice.proposal.prepayment_percent / Decimal(100)
    needed = [{"name": one.name, "label": one.label.as_dict()} for one in advice.conditions_of(change.limit)]
    return JournalLine(
        customer_id=change.customer_id,
        customer_code=advice.customer.code,
        customer_name=advice.customer.name,
        currency=change.currency,
        before=advice.base,
        after=change.limit,
        days=advice.proposal.terms_days if days is None else days,
        validity=Validity(day, ends or periods.add_months(day, advice.proposal.validity_months)),
        conditions={"needed": needed, **({"prepayment_share": f"{share:f}"} if share else {})},
    )
