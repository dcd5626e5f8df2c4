"""Levels above the account: a group, a region, the portfolio, or a line shared by several currencies.

A level's exposure is the sum of its member accounts by currency, converted at dated rates; nothing of it is stored
anywhere but on the decision that rested on it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.exposure import components, measure, rates
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.limit import Amount, Limit, NotSet, Unlimited
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.exposure.measure import MeasurePolicy
    from tradecredit.core.exposure.rates import Rate

# The kind of the level that is a customer's own line in one currency, used by its accounts in others as well.
SHARED_LINE: Final = "line"


class Strength(StrEnum):
    """Joint: this level must have room beside all others. Single: this level alone decides."""

    JOINT = "joint"
    SINGLE = "single"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """What a level counts in one currency, and the rate into the level's own; None when there is no rate."""

    parts: ExposureParts
    rate: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One level on the day of the request; it has a line for the request's currency, even an empty one."""

    code: str
    name: str
    kind: str
    currency: str
    strength: Strength
    limit: Limit
    lines: tuple[NodeLine, ...]

    @property
    def decides(self) -> bool:
        """Tell whether the level's own line decides alone: it is single and somebody set its limit."""
        return self.strength is Strength.SINGLE and not isinstance(self.limit, NotSet)

    def line_in(self, currency: str) -> NodeLine | None:
        """Return what the level counts in a currency."""
        return next((line for line in self.lines if line.parts.currency == currency), None)

    def moved(self, *, loses: ExposureParts, gains: ExposureParts | None = None) -> Node:
        """Return the level after a member's amounts were taken out and others put in, in the member's currency.

        Only booked stages move: what is disputed, covered or earmarked counts at a level like the rest.
        """
        currency = loses.currency
        less = _booked(loses)
        more = components.none_in(currency) if gains is None else _booked(gains)
        lines = tuple(
            dataclasses.replace(line, parts=line.parts.less(less).plus(more))
            if line.parts.currency == currency
            else line
            for line in self.lines
        )
        return dataclasses.replace(self, lines=lines)

    def missing_rates(self) -> tuple[str, ...]:
        """Return the currencies that count something and cannot be converted."""
        return tuple(
            line.parts.currency for line in self.lines if line.rate is None and not line.parts.total.is_zero
        )

    def exposure(self, *, policy: MeasurePolicy) -> Money:
        """Return what policy counts, converted exactly; a line without a rate counts nothing here."""
        found = Money.zero(self.currency)
        for line in self.lines:
            if line.rate is None:
                continue
            currency = line.parts.currency
            named = measure.parts_of(line.parts, policy=policy, prepaid=Money.zero(currency))
            found += line.rate.convert(measure.total(named, currency=currency))
        return found

    def total(self) -> Money:
        """Return every stage, converted exactly: the sum that the database forms as well."""
        found = Money.zero(self.currency)
        for line in self.lines:
            if line.rate is not None:
                found += line.rate.convert(line.parts.total)
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return the level for recording."""
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "currency": self.currency,
            "strength": self.strength.value,
            "limit": limits.text(self.limit),
            "lines": [
                {
                    "currency": line.parts.currency,
                    "parts": line.parts.as_dict(),
                    "rate": None if line.rate is None else line.rate.as_dict(),
                }
                for line in self.lines
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is left at a level for a document: all in the level's currency.

    ``asked`` is the document converted at ``rate``, ``available`` what its limit leaves without the document itself.
    """

    node: Node
    rate: Rate
    asked: Money
    exposure: Money
    available: Limit

    @property
    def missing(self) -> Money:
        """Return what the document lacks: 120,000 asked, 84,000 left, 36,000 missing."""
        if not isinstance(self.available, Amount):
            return Money.zero(self.node.currency)
        gap = self.asked - self.available.money
        return gap if gap.is_positive else Money.zero(self.node.currency)

    @property
    def missing_of_request(self) -> Money:
        """Return what the document lacks in its own currency, never a cent too little."""
        return Money(self.missing.amount / self.rate.rate, self.rate.source).rounded_up()

    @property
    def fits_of_request(self) -> Money | None:
        """Return how much fits, in the request's currency; None where nothing is limited."""
        if not isinstance(self.available, Amount):
            return None
        left = self.available.money
        return self.rate.back(left) if left.is_positive else Money.zero(self.rate.source)


def room(node: Node, *, asked: Money, own: ExposureParts, policy: MeasurePolicy) -> Room | None:
    """Return the room at a level; None when the request's currency has no rate into the level's.

    ``own`` is what the document occupies already, taken out so that it is never counted twice.
    """
    line = node.line_in(asked.currency)
    if line is None or line.rate is None:
        return None
    exposure = node.moved(loses=own).exposure(policy=policy)
    return Room(
        node=node,
        rate=line.rate,
        asked=line.rate.convert(asked),
        exposure=exposure,
        available=limits.headroom(limit=node.limit, exposure=exposure),
    )


def decider(nodes: Iterable[Node]) -> Node | None:
    """Return the level whose line decides alone, if there is one; of several the first."""
    return next((node for node in nodes if node.decides), None)


def shared_line(nodes: Iterable[Node]) -> Node | None:
    """Return the line in another currency that the account shares, if it shares one."""
    return next((node for node in nodes if node.kind == SHARED_LINE), None)


def that_count(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return the levels that decide: the single ones where there are any, else all of them."""
    alone = tuple(node for node in nodes if node.decides)
    return alone or nodes


def from_dict(document: Mapping[str, Any]) -> Node:
    """Read a level that `Node.as_dict` wrote."""
    currency = document["currency"]
    return Node(
        code=document["code"],
        name=document["name"],
        kind=document["kind"],
        currency=currency,
        strength=Strength(document["strength"]),
        limit=_limit(document["limit"], currency),
        lines=tuple(
            NodeLine(
                parts=components.of(line["parts"], line["currency"]),
                rate=None if line["rate"] is None else rates.from_dict(line["rate"]),
            )
            for line in document["lines"]
        ),
    )


def oldest_rate(node: Node) -> date | None:
    """Return the day of the oldest rate that converts anything at the level; None where nothing is converted."""
    days = [
        line.rate.day for line in node.lines if line.rate is not None and line.rate.source != node.currency
    ]
    return min(days, default=None)


def _limit(text: str, currency: str) -> Limit:
    if text == "unlimited":
        return Unlimited()
    if text == "not set":
        return NotSet()
    return Amount(Money.of(text, currency))


def _booked(parts: ExposureParts) -> ExposureParts:
    return dataclasses.replace(
        components.none_in(parts.currency),
        ordered=parts.ordered,
        delivered=parts.delivered,
        billed=parts.billed,
        bill=parts.bill,
        unapplied=parts.unapplied,
        reserved=parts.reserved,
    )
