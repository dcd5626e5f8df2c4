"""Measure exposure as named parts: which stages count is a decision of policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.kernel.money import Money

LABELS: Final = {
    "billed": Words(zh="未清应收", en="Open invoices"),
    "disputed": Words(zh="争议中的应收", en="Disputed invoices"),
    "bill": Words(zh="在手票据", en="Bills not yet paid"),
    "delivered": Words(zh="已发货未开票", en="Delivered, not invoiced"),
    "ordered": Words(zh="已放行未发货订单", en="Released orders, not delivered"),
    "unapplied": Words(zh="未核销回款", en="Cash not yet applied"),
    "prepaid": Words(zh="本单预付款", en="Prepaid for this document"),
    "reserved": Words(zh="已预占额度", en="Reserved"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePolicy:
    """Which stages count against the line; reservations always do."""

    counts_ordered: bool = True
    counts_delivered: bool = True
    counts_billed: bool = True
    counts_disputed: bool = True
    counts_bill: bool = True
    counts_unapplied: bool = True


@dataclass(frozen=True, slots=True)
class NamedPart:
    """One part of exposure with its name in both languages."""

    code: str
    label: Words
    amount: Money


def parts_of(parts: ExposureParts, *, policy: MeasurePolicy, prepaid: Money) -> tuple[NamedPart, ...]:
    """Return the parts that count, in the order in which people read them.

    ``prepaid`` is cash earmarked for the very document being checked; it counts on its own only where unapplied
    cash in general does not, since it is inside ``unapplied`` otherwise.
    """
    amounts = (
        ("billed", parts.billed - parts.disputed, policy.counts_billed),
        ("disputed", parts.disputed, policy.counts_billed and policy.counts_disputed),
        ("bill", parts.bill, policy.counts_bill),
        ("delivered", parts.delivered, policy.counts_delivered),
        ("ordered", parts.ordered, policy.counts_ordered),
        ("unapplied", parts.unapplied, policy.counts_unapplied),
        ("prepaid", -prepaid, not policy.counts_unapplied and prepaid.is_positive),
        ("reserved", parts.reserved, True),
    )
    return tuple(NamedPart(code, LABELS[code], amount) for code, amount, counts in amounts if counts)


def total(named: tuple[NamedPart, ...], *, currency: str) -> Money:
    """Return the exposure: the sum of the named parts."""
    return money.total((part.amount for part in named), currency)
