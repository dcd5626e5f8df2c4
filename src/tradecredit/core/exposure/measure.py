"""Measure exposure as named parts: which stages count is a decision of policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.kernel.money import Money

LABELS: Final = {
    "billed": Words(zh="未清应收", en="Open invoices"),
    "disputed": Words(zh="争议中的应收", en="Disputed invoices"),
    "bill": Words(zh="在手票据", en="Bills not yet paid"),
    "delivered": Words(zh="已发货未开票", en="Delivered, not invoiced"),
    "ordered": Words(zh="已放行未发货订单", en="Released orders, not delivered"),
    "unapplied": Words(zh="未核销回款", en="Cash not yet applied"),
    "paid": Words(zh="已预付的订单部分", en="Of orders, paid in advance"),
    "prepaid": Words(zh="本单预付款", en="Prepaid for this document"),
    "reserved": Words(zh="已预占额度", en="Reserved"),
    "cover": Words(zh="担保与保险覆盖", en="Covered by guarantee, insurance or collateral"),
}
# What policy lets a cover do: raise the line, lower the exposure, or nothing.
COVER_USES: Final = ("line", "exposure", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePolicy:
    """Which stages count against the line; reservations always do."""

    counts_ordered: bool = True
    counts_delivered: bool = True
    counts_billed: bool = True
    counts_disputed: bool = True
    counts_bill: bool = True
    counts_unapplied: bool = True
    # The share of a bill that counts, by acceptor and what was done with it (``commercial.held``); all of it otherwise.
    bill_weights: Mapping[str, Decimal] = field(default_factory=dict)
    # What each kind of cover does; a kind that is not named does nothing.
    cover_uses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedPart:
    """One part of exposure with its name in both languages."""

    code: str
    label: Words
    amount: Money


def parts_of(parts: ExposureParts, *, policy: MeasurePolicy, prepaid: Money) -> tuple[NamedPart, ...]:
    """Return the parts that count, in the order in which people read them.

    ``prepaid`` is cash for the very document being checked; it is inside ``unapplied`` already, where that counts.
    Cash earmarked for other orders covers none but those, so it is taken out of ``unapplied``; what it pays for of what
    they count is a term of its own, whether cash for no order in particular counts or not. Of bills only the
    share counts that policy gives to their acceptor, and cover that lowers the exposure is a term of its own.
    """
    paid = paid_in_advance(parts, policy=policy)
    cover = covered(parts, policy=policy, use="exposure")
    amounts = (
        ("billed", parts.billed - parts.disputed, policy.counts_billed),
        ("disputed", parts.disputed, policy.counts_billed and policy.counts_disputed),
        ("bill", weighted_bills(parts, policy=policy), policy.counts_bill),
        ("delivered", parts.delivered, policy.counts_delivered),
        ("ordered", parts.ordered, policy.counts_ordered),
        ("unapplied", parts.unapplied + parts.earmarked_cash, policy.counts_unapplied),
        ("paid", -paid, not paid.is_zero),
        ("prepaid", -prepaid, not policy.counts_unapplied and prepaid.is_positive),
        ("reserved", parts.reserved, True),
        ("cover", -cover, cover.is_positive),
    )
    return tuple(NamedPart(code, LABELS[code], amount) for code, amount, counts in amounts if counts)


def paid_in_advance(parts: ExposureParts, *, policy: MeasurePolicy) -> Money:
    """Return what earmarked cash pays for of the orders that count: never more than they count.

    Of an order of 100,000 that counts 60,000 as ordered and 40,000 as delivered, 70,000 in advance pay for the goods that
    left and for 30,000 of the rest; where policy does not count what is ordered, they free 40,000.
    """
    counts = {
        "ordered": policy.counts_ordered,
        "delivered": policy.counts_delivered,
        "reserved": True,
    }
    return money.total((amount for stage, amount in parts.paid.items() if counts[stage]), parts.currency)


def weighted_bills(parts: ExposureParts, *, policy: MeasurePolicy) -> Money:
    """Return what of the bills counts: 100,000 of a state bank at 0 and 50,000 of a company at 1 make 50,000."""
    spared = money.total(
        (
            amount - amount.times(policy.bill_weights.get(kind, Decimal(1))).rounded()
            for kind, amount in parts.bills.items()
        ),
        parts.currency,
    )
    return parts.bill - spared


def covered(parts: ExposureParts, *, policy: MeasurePolicy, use: str) -> Money:
    """Return the cover of the kinds that policy puts to one use (``line`` or ``exposure``)."""
    return money.total(
        (amount for kind, amount in parts.covers.items() if policy.cover_uses.get(kind) == use),
        parts.currency,
    )


def total(named: tuple[NamedPart, ...], *, currency: str) -> Money:
    """Return the exposure: the sum of the named parts."""
    return money.total((part.amount for part in named), currency)
