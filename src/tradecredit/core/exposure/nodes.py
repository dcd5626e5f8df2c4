"""Levels above the account: a group, a region, the portfolio, or a line shared by several currencies.

A level's exposure is the sum of its member accounts by currency, converted at dated rates; nothing of it is stored
anywhere but on the decision that rested on it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.exposure import components, items, measure, rates
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.limit import Amount, Limit, NotSet, Unlimited
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.exposure.items import ItemShare
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
    # Of a product group that names items: what of the document being checked belongs to it.
    items: ItemShare | None = None

    @property
    def decides(self) -> bool:
        """Tell whether the level's own line decides alone: it is single and somebody set its limit."""
        return self.strength is Strength.SINGLE and not isinstance(self.limit, NotSet)

    def line_in(self, currency: str) -> NodeLine | None:
        """Return what the level counts in a currency."""
        return next((line for line in self.lines if line.parts.currency == currency), None)

    def moved(self, *, loses: ExposureParts, gains: ExposureParts | None = None) -> Node:
        """Return the level after a member's amounts were taken out and others put in; its bills and covers stay."""
        currency = loses.currency
        more = components.none_in(currency) if gains is None else gains
        lines = tuple(
            dataclasses.replace(line, parts=_moved(line.parts, less=loses, more=more))
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

    def exposure(self, *, policy: MeasurePolicy, prepaid: Money | None = None) -> Money:
        """Return what policy counts, converted exactly; a line without a rate counts nothing here.

        ``prepaid`` is cash for the very document being checked, as at its account.
        """
        found = Money.zero(self.currency)
        for line in self.lines:
            if line.rate is None:
                continue
            currency = line.parts.currency
            is_paid = prepaid is not None and prepaid.currency == currency
            paid = prepaid if prepaid is not None and is_paid else Money.zero(currency)
            named = measure.parts_of(line.parts, policy=policy, prepaid=paid)
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
            **({} if self.items is None else {"items": self.items.as_dict()}),
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
        found = Money(self.missing.amount / self.rate.rate, self.rate.source)
        share = self.node.items
        return (found if share is None else share.back(found, is_up=True)).rounded_up()

    @property
    def fits_of_request(self) -> Money | None:
        """Return how much fits, in the request's currency; None where nothing is limited."""
        if not isinstance(self.available, Amount):
            return None
        left = self.available.money
        if not left.is_positive:
            return Money.zero(self.rate.source)
        found, share = self.rate.back(left), self.node.items
        return found if share is None else share.back(found, is_up=False).rounded_down()


def room(
    node: Node,
    *,
    asked: Money,
    own: ExposureParts,
    account: ExposureParts,
    policy: MeasurePolicy,
    prepaid: Money | None = None,
) -> Room | None:
    """Return the room at a level; None when the request's currency has no rate into the level's.

    ``own`` is what the document occupies already, taken out so that it is never counted twice; ``account`` is the
    member's whole account, whose cover counts for what it owes with the document.
    """
    line = node.line_in(asked.currency)
    if line is None or line.rate is None:
        return None
    if node.items is not None:
        asked = node.items.of(asked)
        exposure = node.moved(loses=node.items.parts_of(own, most=line.parts)).exposure(policy=policy)
    else:
        exposure = node.moved(loses=own).exposure(policy=policy, prepaid=prepaid)
        exposure -= line.rate.convert(
            _covered(node, line, own=own, asked=asked, account=account, policy=policy)
        )
    return Room(
        node=node,
        rate=line.rate,
        asked=line.rate.convert(asked),
        exposure=exposure,
        available=limits.headroom(limit=node.limit, exposure=exposure),
    )


def _covered(
    node: Node,
    line: NodeLine,
    *,
    own: ExposureParts,
    asked: Money,
    account: ExposureParts,
    policy: MeasurePolicy,
) -> Money:
    """Return the member's own cover at a level that knows of covers: at most what it owes with the document."""
    owed = account.less(own).total + asked
    if node.kind == SHARED_LINE or not line.parts.covers or not owed.is_positive:
        return Money.zero(asked.currency)
    return min(measure.covered(account, policy=policy, use="exposure"), owed)


def with_cover(limit: Limit, lines: Iterable[NodeLine], *, policy: MeasurePolicy) -> Limit:
    """Return a shared line with the cover that raises it: 500,000 and 100,000 guaranteed make 600,000.

    Only where somebody granted an amount: cover grants no line by itself.
    """
    if not isinstance(limit, Amount):
        return limit
    found = limit.money
    for line in lines:
        if line.rate is not None:
            cover = measure.covered(line.parts, policy=policy, use="line")
            found += line.rate.convert(cover).rounded_down()
    return Amount(found)


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
        items=items.from_dict(document["items"]) if "items" in document else None,
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


def _moved(parts: ExposureParts, *, less: ExposureParts, more: ExposureParts) -> ExposureParts:
    found = parts.less(less).plus(more)
    return dataclasses.replace(
        found,
        bills=parts.bills,
        covers=parts.covers,
        disputed=parts.disputed if parts.disputed.is_zero else found.disputed,
        earmarked=None if parts.earmarked is None else found.earmarked,
        paid={} if parts.earmarked is None else found.paid,
    )
