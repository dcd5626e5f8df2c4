"""Matching: which instalments a payment settles, by which method, explained; what is not certain is suggested.

The order of methods is fixed and each can be switched off by policy: an invoice number given with the payment,
then an amount that fits exactly one way, then the oldest due day first (only where policy says so).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tradecredit.core.cash_application import allocation, candidates, remittance, tolerance
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.cash_application.candidates import Candidate
    from tradecredit.core.cash_application.remittance import Remittance
    from tradecredit.core.kernel.money import Money

Method = Literal["reference", "exact_amount", "near_amount", "fifo", "manual"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingPolicy:
    """Which methods may book by themselves, and whether disputed instalments wait for a person."""

    by_reference: bool = True
    by_exact_amount: bool = True
    by_fifo: bool = False
    skip_disputed: bool = True
    tolerance: tolerance.Tolerance = field(default_factory=tolerance.Tolerance)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAllocation:
    """One allocation with the method that found it and its explanation."""

    item_id: str
    amount: Money
    method: Method
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What to book now, what only to suggest (one tuple for each way), and what stays unapplied if booked."""

    booked: tuple[ProposedAllocation, ...]
    suggestions: tuple[tuple[ProposedAllocation, ...], ...]
    unapplied: Money
    words: Words


def propose(
    *, payment: Remittance, unapplied: Money, open_items: Sequence[Candidate], policy: MatchingPolicy
) -> Proposal:
    """Return how the unapplied part of a payment is to be set against the customer's open instalments.

    500.00 naming INV-2 of 300.00 books 300.00 there by reference and leaves 200.00 unapplied;
    500.00 naming nothing, with one instalment of exactly 500.00, books that one; with two of them it suggests both.
    """
    eligible = candidates.eligible(candidates=open_items, currency=unapplied.currency)
    numbers = payment.invoice_numbers or remittance.quoted_numbers(
        text=payment.text, known=(item.invoice_number for item in eligible)
    )
    if numbers and policy.by_reference:
        return _by_reference(numbers, unapplied=unapplied, eligible=eligible)
    free = tuple(item for item in eligible if not (policy.skip_disputed and item.is_disputed))
    fits = candidates.of_exact_amount(candidates=free, amount=unapplied) if policy.by_exact_amount else ()
    if len(fits) == 1:
        return _booked(fits[0], unapplied=unapplied, method="exact_amount", words=_EXACT)
    if len(fits) > 1:
        return _suggested(fits, unapplied=unapplied, method="exact_amount", words=_AMBIGUOUS)
    if policy.by_fifo and free:
        return _booked(free, unapplied=unapplied, method="fifo", words=_FIFO)
    near = tuple((item,) for item in free if _is_near(unapplied, item, policy.tolerance))
    return _suggested(near, unapplied=unapplied, method="near_amount", words=_NEAR if near else _NOTHING)


def parse(section: Mapping[str, Any]) -> MatchingPolicy:
    """Read ``{by_reference, by_exact_amount, by_fifo, skip_disputed, tolerance}``; raises PolicyError."""
    switches = {}
    for name, default in (
        ("by_reference", True),
        ("by_exact_amount", True),
        ("by_fifo", False),
        ("skip_disputed", True),
    ):
        switches[name] = section.get(name, default)
        if not isinstance(switches[name], bool):
            raise PolicyError(f"receivables.matching.{name}", "use true or false")
    return MatchingPolicy(tolerance=tolerance.parse(section.get("tolerance", {})), **switches)


_EXACT = Words(zh="金额恰好等于唯一一组未清款", en="the amount fits exactly one set of open items")
_FIFO = Words(zh="按到期日先后核销（先到期先核销）", en="applied to the oldest due day first")
_AMBIGUOUS = Words(
    zh="有多种金额相符的匹配，需人工选择", en="the amount fits in several ways; a person chooses"
)
_NEAR = Words(
    zh="金额与未清款相近（在容差内），需人工确认", en="the amount is near an open item; a person confirms"
)
_NOTHING = Words(
    zh="没有可确定的匹配，列为未核销款", en="nothing matches for certain; the payment stays unapplied"
)
_REFERENCE = Words(zh="付款注明发票 {numbers}", en="the payment names invoice {numbers}")
_UNKNOWN = Words(
    zh="付款注明的发票 {numbers} 没有未清金额，列为未核销款",
    en="invoice {numbers}, named by the payment, has nothing open; the payment stays unapplied",
)


def _by_reference(numbers: Sequence[str], *, unapplied: Money, eligible: Sequence[Candidate]) -> Proposal:
    """Book what is named and nothing else: the rest of a payment that names an invoice is a person's question."""
    named = candidates.of_invoices(candidates=eligible, numbers=numbers)
    words = (_REFERENCE if named else _UNKNOWN).filled(numbers=", ".join(numbers))
    return _booked(named, unapplied=unapplied, method="reference", words=words)


def _booked(items: Sequence[Candidate], *, unapplied: Money, method: Method, words: Words) -> Proposal:
    allocated = allocation.allocate(payment=unapplied, items=items)
    booked = _proposed(allocated, method=method, words=words)
    return Proposal(booked=booked, suggestions=(), unapplied=allocated.unapplied, words=words)


def _suggested(
    ways: Sequence[Sequence[Candidate]], *, unapplied: Money, method: Method, words: Words
) -> Proposal:
    suggestions = tuple(
        _proposed(allocation.allocate(payment=unapplied, items=way), method=method, words=words)
        for way in ways
    )
    return Proposal(booked=(), suggestions=suggestions, unapplied=unapplied, words=words)


def _proposed(
    allocated: allocation.Allocated, *, method: Method, words: Words
) -> tuple[ProposedAllocation, ...]:
    return tuple(
        ProposedAllocation(item_id=share.item_id, amount=share.amount, method=method, words=words)
        for share in allocated.shares
    )


def _is_near(paid: Money, item: Candidate, allowed: tolerance.Tolerance) -> bool:
    return tolerance.judge(paid=paid, expected=item.open, tolerance=allowed).is_tolerated
