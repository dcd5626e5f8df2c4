"""The ways in which one payment of one customer may settle its items: by what it names, then by its amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.matcher import references, subsets
from tradecredit.core.cash_application.matcher.values import Share, Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.cash_application.matcher.policy import Limits
    from tradecredit.core.cash_application.matcher.values import Guess, OpenItem, Paid

# The fits in which nothing of the payment is left and nothing of the items stays open.
WHOLE: Final = frozenset(
    {"exact", "part_of_named", "completed", "single", "sum", "account", "net", "net_account"}
)
_CREDITS_MOST: Final = 3
_MOST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One payment as if this customer had paid it: its open items, those that are named, and how they are named.

    ``reference`` is the kind of number: advice, invoice, cut, order, contract; ``paid`` when what is named has nothing
    open; ``unknown`` when numbers stand in the text that name nothing; ``none``.
    """

    paid: Paid
    guess: Guess
    reference: str
    named: Sequence[OpenItem]
    items: Sequence[OpenItem]
    left: dict[str, int]
    sum_of_most: int
    limits: Limits
    credits: Sequence[OpenItem] = ()
    credits_named: Sequence[OpenItem] = ()

    def net(
        self, items: Sequence[OpenItem], credits_: Sequence[OpenItem], *, fit: str, rivals: str = "only",
        reference: str = "",
    ) -> Way:  # fmt: skip
        """Return the way that sets credit notes off against the items, and the payment against what is left."""
        shares: list[Share] = []
        have = [(credit.item_id, self.left[credit.item_id]) for credit in credits_]
        have.append(("", self.paid.amount))
        for item in items:
            wanted = self.left[item.item_id]
            while wanted > 0 and have:
                credit_id, rest = have.pop(0)
                taken = min(wanted, rest)
                shares.append(Share(item_id=item.item_id, amount=taken, credit_id=credit_id))
                wanted -= taken
                if rest > taken:
                    have.insert(0, (credit_id, rest - taken))
        return Way(
            customer=self.guess.customer,
            payer=self.guess.kind,
            reference=reference or self.reference,
            fit=fit,
            rivals=rivals,
            shares=tuple(shares),
        )

    def way(
        self,
        items: Sequence[OpenItem],
        *,
        fit: str,
        rivals: str = "only",
        reference: str = "",
        reason: str = "",
    ) -> Way:
        """Return the way that sets the payment against the items one after the other."""
        rest, shares = self.paid.amount, []
        for item in items:
            taken = min(rest, self.left[item.item_id])
            if taken > 0:
                shares.append(Share(item_id=item.item_id, amount=taken))
                rest -= taken
        total = sum(self.left[item.item_id] for item in items)
        return Way(
            customer=self.guess.customer,
            payer=self.guess.kind,
            reference=reference or self.reference,
            fit=fit,
            rivals=rivals,
            shares=tuple(shares),
            gap=total - self.paid.amount,
            reason=reason,
        )

    def sets(self, items: Sequence[OpenItem], target: int, *, largest: int = 0) -> subsets.Found:
        """Return the sets of the items that add up to the target."""
        amounts = [self.left[item.item_id] for item in items]
        return subsets.adding_up(amounts, target, largest=largest or self.sum_of_most, most=_MOST)


def find(case: Case) -> list[Way]:
    """Return the ways for this customer, those of what is named before those of the amount alone."""
    if case.reference == "advice":
        return [_as_advised(case)]
    named = _named(case) if case.named else []
    if any(way.fit in WHOLE for way in named):
        return named
    return named + _by_amount(case)


def _as_advised(case: Case) -> Way:
    """Set the payment against the items as the customer's advice says, instalments by due day."""
    by_item: dict[str, int] = {}
    told = {references.compact(line.number): line.amount for line in case.paid.advice}
    rest = case.paid.amount
    for item in case.named:
        number = references.compact(item.number)
        wanted = told.get(number, 0)
        taken = max(min(wanted, case.left[item.item_id], rest), 0)
        told[number] = wanted - taken
        rest -= taken
        if taken:
            by_item[item.item_id] = taken
    fit = "exact" if not rest and not any(told.values()) else "over" if rest else "part"
    shares = tuple(Share(item_id=item_id, amount=amount) for item_id, amount in by_item.items())
    return Way(
        customer=case.guess.customer,
        payer=case.guess.kind,
        reference="advice",
        fit=fit,
        rivals="only",
        shares=shares,
        gap=-rest,
        reason="on_account" if rest else "",
    )


def _named(case: Case) -> list[Way]:
    total = sum(case.left[item.item_id] for item in case.named)
    gap = total - case.paid.amount
    if gap == 0:
        return [case.way(case.named, fit="exact")]
    if case.credits_named and gap == sum(case.left[one.item_id] for one in case.credits_named):
        return [case.net(case.named, case.credits_named, fit="net")]
    return _named_short(case, gap, total) if gap > 0 else _named_over(case, -gap, total)


def _named_short(case: Case, gap: int, total: int) -> list[Way]:
    """Less came than what is named: some of it, or all of it but for a reason."""
    reason = _reason_short(case, gap, total)
    found = (
        case.sets(case.named, case.paid.amount)
        if len(case.named) > 1
        else subsets.Found(sets=(), is_whole=True)
    )
    ways = [
        case.way([case.named[place] for place in places], fit="part_of_named", rivals=rivals)
        for places, rivals in _with_rivals(found)
    ]
    if not ways and case.credits:
        less = case.sets(case.credits, gap, largest=_CREDITS_MOST)
        ways += [
            case.net(case.named, [case.credits[place] for place in places], fit="net", rivals=rivals)
            for places, rivals in _with_rivals(less)
        ]
    if reason:
        ways.append(case.way(case.named, fit=reason, rivals="other" if ways else "only", reason=reason))
    elif not ways:
        fit = "part" if len({item.number for item in case.named}) == 1 else "part_of_several"
        ways.append(case.way(case.named, fit=fit, reason="part"))
    return ways


def _named_over(case: Case, over: int, total: int) -> list[Way]:
    """More came than what is named: the rest is for something unnamed, or stays on account."""
    taken = {item.item_id for item in case.named}
    others = [item for item in case.items if item.item_id not in taken]
    found = case.sets(others, over, largest=max(case.sum_of_most - len(case.named), 1))
    ways = [
        case.way([*case.named, *(others[place] for place in places)], fit="completed", rivals=rivals)
        for places, rivals in _with_rivals(found)
    ]
    is_near = case.limits.is_over_within(over=over, expected=total)
    fit = "over_tolerated" if is_near else "over"
    ways.append(case.way(case.named, fit=fit, rivals="other" if ways else "only", reason="on_account"))
    return ways


def _by_amount(case: Case) -> list[Way]:
    """Look for the amount alone: one item, a sum of several, the whole account; else what is near."""
    reference = case.reference if case.reference in {"none", "unknown", "paid"} else "wrong"
    found = case.sets(case.items, case.paid.amount)
    ways = [
        case.way(
            [case.items[place] for place in places],
            fit="single" if len(places) == 1 else "sum",
            rivals=rivals,
            reference=reference,
        )
        for places, rivals in _with_rivals(found)
    ]
    total = sum(case.left[item.item_id] for item in case.items)
    if not ways and case.items and total == case.paid.amount:
        ways.append(case.way(case.items, fit="account", reference=reference))
    less = sum(case.left[item.item_id] for item in case.credits)
    if not ways and less and total - less == case.paid.amount:
        ways.append(case.net(case.items, case.credits, fit="net_account", reference=reference))
    if ways or case.named:
        return ways
    near = _near(case, reference)
    if near or not case.items:
        return near
    return [case.way(case.items, fit="oldest_first", reference=reference, reason="part")]


def _near(case: Case, reference: str) -> list[Way]:
    """Return the single items that the amount would settle but for a charge, a discount or a tolerated difference."""
    near: list[tuple[str, OpenItem]] = []
    for item in case.items:
        expected = case.left[item.item_id]
        gap = expected - case.paid.amount
        reason = _reason_short(case, gap, expected) if gap > 0 else ""
        if gap < 0 and case.limits.is_over_within(over=-gap, expected=expected):
            reason = "over_tolerated"
        if reason:
            near.append((reason, item))
    rivals = ["only"] if len(near) == 1 else ["first", *["other"] * (len(near) - 1)]
    return [
        case.way([item], fit=f"near_{reason}", rivals=rival, reference=reference, reason=reason)
        for (reason, item), rival in zip(near[:_MOST], rivals, strict=False)
    ]


def _reason_short(case: Case, gap: int, total: int) -> str:
    """Return why a little less may have come: a tolerated difference, a usual discount, a bank's charge."""
    if case.limits.is_short_within(gap=gap, expected=total):
        return "tolerated"
    if case.limits.is_discount(gap=gap, expected=total):
        return "discount"
    return "charge" if case.limits.is_charge(gap=gap, expected=total) else ""


def _with_rivals(found: subsets.Found) -> list[tuple[tuple[int, ...], str]]:
    """Return the sets, each with what it competes with: nothing, perhaps something, or others."""
    if len(found.sets) == 1:
        return [(found.sets[0], "only" if found.is_whole else "open")]
    return [(places, "other" if place else "first") for place, places in enumerate(found.sets)]
