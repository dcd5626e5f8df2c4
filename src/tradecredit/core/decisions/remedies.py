"""Remedies: what would let the document through, with amounts, each tried on the facts before it is offered."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions import checks_nodes, received, table_remedies
from tradecredit.core.decisions.outcome import CheckState, Remedy
from tradecredit.core.kernel import money
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tradecredit.core.decisions.facts import CreditFacts, OpenItem
    from tradecredit.core.decisions.outcome import CheckResult
    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.core.decisions.table_remedies import Stopped
    from tradecredit.core.exposure.nodes import Room
    from tradecredit.core.kernel.outcome import Outcome

    VerdictOf = Callable[[CreditFacts, OrderControl], Outcome]

# Cash in is better than a smaller delivery, which is better than more credit; paperwork comes last.
_RANK: Final = (
    "receive_invoices",
    "receive_and_prepay",
    "ship_part",
    "prepay",
    "temporary_line",
    "raise_level",
    "shorten_terms",
    "renew_line",
    "set_line",
    "get_rating",
    "lift_freeze",
)
_PAPERWORK: Final = {
    "line_set": "set_line",
    "line_valid": "renew_line",
    "rating_present": "get_rating",
    "freeze": "lift_freeze",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One held document: its facts, the checks that stop it, and the means to try a remedy."""

    facts: CreditFacts
    stopping: tuple[CheckResult, ...]
    policy: OrderControl
    verdict_of: VerdictOf
    tables: Stopped | None

    def stopped_by(self, check: str) -> tuple[CheckResult, ...]:
        return tuple(result for result in self.stopping if result.check == check)

    def failed_by(self, check: str) -> tuple[CheckResult, ...]:
        """Return those with figures to compare: a check that could not be made has none."""
        return tuple(result for result in self.stopped_by(check) if result.finding.state is CheckState.FAILED)

    def outcome_with(self, facts: CreditFacts) -> Outcome:
        return self.verdict_of(facts, self.policy)

    def largest_gap(self, check: str) -> Money:
        gaps = [Decimal(result.finding.gap or "0") for result in self.failed_by(check)]
        return Money(max(gaps, default=Decimal(0)), self.facts.currency)

    def short_levels(self) -> tuple[Room, ...]:
        """Return the room at each level above the account at which the document does not fit."""
        short = {result.finding.level for result in self.failed_by("control_nodes")}
        rooms = [
            checks_nodes.room_at(self.facts, node, self.policy.measure)
            for node in self.facts.nodes
            if node.code in short
        ]
        return tuple(room for room in rooms if room is not None)

    def to_prepay(self) -> Money:
        """Return the most that a check wants prepaid besides."""
        gap = self.largest_gap("prepayment")
        asked = None if self.tables is None else table_remedies.prepayment_that_helps(self.tables)
        return gap if asked is None else max(gap, asked)

    def missing(self) -> Money:
        """Return what lacks most, at the account or at a level above it, in the document's currency."""
        gaps = [self.largest_gap("headroom"), *(room.missing_of_request for room in self.short_levels())]
        return max(gaps)


def ranked(
    facts: CreditFacts, results: Sequence[CheckResult], *, policy: OrderControl, verdict_of: VerdictOf
) -> tuple[Remedy, ...]:
    """Return the remedies, those that suffice alone first.

    Limit 500,000, exposure 416,000 with INV-1042 of 82,000 overdue, order 120,000: receiving INV-1042 frees more
    than the 36,000 that are missing and cures the overdue, so it is offered first.
    """
    stopping = tuple(result for result in results if not result.outcome.lets_through)
    if not stopping:
        return ()
    case = _Case(
        facts=facts,
        stopping=stopping,
        policy=policy,
        verdict_of=verdict_of,
        tables=table_remedies.stopped(facts, stopping, policy),
    )
    found = [*_receive(case), *_take_less(case), *_more_room(case), *_raised(case), *_shorter_terms(case)]
    found += _paperwork(case)
    if not any(remedy.is_enough for remedy in found):
        found += [remedy for remedy in _receive_and_prepay(case) if remedy.is_enough]
    return tuple(sorted(found, key=lambda one: (not one.is_enough, one.outcome_after, _RANK.index(one.code))))


def _receive(case: _Case) -> Iterator[Remedy]:
    facts = case.facts
    items = _items_to_receive(case)
    if items:
        yield Remedy(
            code="receive_invoices",
            amount=_open(items, facts.currency),
            references=tuple(item.reference for item in items),
            outcome_after=case.outcome_with(received.receive(facts, items, policy=case.policy)),
        )


def _receive_and_prepay(case: _Case) -> Iterator[Remedy]:
    """Offer both together, since grades that prepay are those that are overdue as well."""
    facts = case.facts
    items = _items_to_receive(case)
    missing = case.missing() - _open(items, facts.currency)
    prepay = min(max(missing, case.to_prepay()), facts.request.amount)
    if items and prepay.is_positive:
        paid = received.receive(facts, items, policy=case.policy)
        yield Remedy(
            code="receive_and_prepay",
            amount=_open(items, facts.currency),
            prepaid=prepay,
            references=tuple(item.reference for item in items),
            outcome_after=case.outcome_with(_prepaid(paid, prepay)),
        )


def _items_to_receive(case: _Case) -> tuple[OpenItem, ...]:
    if not case.policy.measure.counts_billed:
        return ()
    must = _items_that_offend(case)
    missing = case.missing() - _open(must, case.facts.currency)
    rest = [item for item in case.facts.receivables.items if item not in must and not item.disputed]
    return (*must, *_enough(rest, missing))


def _open(items: Sequence[OpenItem], currency: str) -> Money:
    return money.total((item.open_amount for item in items), currency)


def _items_that_offend(case: _Case) -> tuple[OpenItem, ...]:
    overdue = tuple(item for item in case.facts.receivables.items if item.is_overdue)
    if case.failed_by("overdue_share"):
        return overdue
    codes = {result.code for result in case.failed_by("overdue_days")}
    allowed = [rule.days or 0 for rule in case.policy.rules if rule.code in codes]
    offending = {item for item in overdue if allowed and item.days_overdue > min(allowed)}
    if case.tables is not None:
        offending.update(table_remedies.items_to_receive(case.tables))
    return tuple(item for item in overdue if item in offending)


def _enough(items: Sequence[OpenItem], missing: Money) -> tuple[OpenItem, ...]:
    """Choose the smallest single item that covers what is missing, else the oldest ones until it is covered."""
    if not missing.is_positive:
        return ()
    sufficient = [item for item in items if item.open_amount >= missing]
    if sufficient:
        return (min(sufficient, key=lambda item: (item.open_amount.amount, item.reference)),)
    oldest_first = sorted(items, key=lambda item: (item.due_date, item.reference))
    freed = Money.zero(missing.currency)
    for count, item in enumerate(oldest_first, start=1):
        freed += item.open_amount
        if freed >= missing:
            return tuple(oldest_first[:count])
    return ()


def _take_less(case: _Case) -> Iterator[Remedy]:
    """Offer the part of the document that fits now: 84,000 of 120,000."""
    results = (*case.failed_by("headroom"), *case.failed_by("single_document_maximum"))
    fits = [Money.of(one.finding.limit, case.facts.currency) for one in results if one.finding.limit]
    fits += [room.fits_of_request for room in case.short_levels() if room.fits_of_request is not None]
    of_tables = None if case.tables is None else table_remedies.part_that_fits(case.tables)
    if of_tables is not None:
        fits.append(of_tables)
    if not fits:
        return
    part = min(fits).rounded_down()
    if part.is_positive:
        request = dataclasses.replace(case.facts.request, amount=part)
        smaller = dataclasses.replace(case.facts, request=request)
        yield Remedy(code="ship_part", amount=part, outcome_after=case.outcome_with(smaller))


def _more_room(case: _Case) -> Iterator[Remedy]:
    facts = case.facts
    missing = case.largest_gap("headroom")
    prepay = min(max(case.missing(), case.to_prepay()), facts.request.amount)
    if prepay.is_positive:
        yield Remedy(code="prepay", amount=prepay, outcome_after=case.outcome_with(_prepaid(facts, prepay)))
    if missing.is_positive:
        days = case.policy.remedies.temporary_line_days
        helped = _with_temporary(facts, missing, days)
        yield Remedy(
            code="temporary_line", amount=missing, days=days, outcome_after=case.outcome_with(helped)
        )


def _raised(case: _Case) -> Iterator[Remedy]:
    """Offer more room at the levels above the account, all of them tried together."""
    short = case.short_levels()
    limits = {
        room.node.code: room.node.limit.money + room.missing.rounded_up()
        for room in short
        if isinstance(room.node.limit, Amount)
    }
    nodes = tuple(
        dataclasses.replace(node, limit=Amount(limits[node.code])) if node.code in limits else node
        for node in case.facts.nodes
    )
    after = case.outcome_with(dataclasses.replace(case.facts, nodes=nodes)) if short else None
    for room in short:
        if after is not None:
            yield Remedy(
                code="raise_level",
                amount=room.missing.rounded_up(),
                references=(room.node.name or room.node.code,),
                outcome_after=after,
            )


def _prepaid(facts: CreditFacts, amount: Money) -> CreditFacts:
    request = dataclasses.replace(facts.request, prepaid=facts.prepaid + amount)
    exposure = dataclasses.replace(facts.exposure, unapplied=facts.exposure.unapplied - amount)
    return dataclasses.replace(facts.with_exposure(exposure), request=request)


def _with_temporary(facts: CreditFacts, amount: Money, days: int) -> CreditFacts:
    day = facts.request.requested_on
    in_force = facts.line.temporary_on(day) or Money.zero(facts.currency)
    line = dataclasses.replace(
        facts.line,
        temporary=in_force + amount,
        temporary_validity=Validity(day, day + timedelta(days=max(days, 1))),
    )
    return dataclasses.replace(facts, line=line)


def _shorter_terms(case: _Case) -> Iterator[Remedy]:
    granted = [int(result.finding.limit) for result in case.failed_by("terms_days") if result.finding.limit]
    of_tables = None if case.tables is None else table_remedies.terms_that_fit(case.tables)
    if of_tables is not None:
        granted.append(of_tables)
    if granted:
        request = dataclasses.replace(case.facts.request, terms_days=min(granted))
        shorter = dataclasses.replace(case.facts, request=request)
        yield Remedy(code="shorten_terms", days=min(granted), outcome_after=case.outcome_with(shorter))


def _paperwork(case: _Case) -> Iterator[Remedy]:
    """Offer what somebody has to do first; it cannot be tried, so it promises nothing better than a new look."""
    worst = max(result.outcome for result in case.stopping)
    for check, code in _PAPERWORK.items():
        if case.stopped_by(check):
            yield Remedy(code=code, outcome_after=worst)
