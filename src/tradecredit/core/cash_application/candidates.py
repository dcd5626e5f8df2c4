"""Candidates: the open instalments that a payment could settle, and the ways to look for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tradecredit.core.cash_application import remittance as remittances
from tradecredit.core.kernel import money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An instalment with something open; ``is_disputed`` when any part of it is contested."""

    item_id: str
    invoice_number: str
    due_date: date
    open: Money
    is_disputed: bool = False


def eligible(*, candidates: Iterable[Candidate], currency: str) -> tuple[Candidate, ...]:
    """Return the candidates of the currency with something open, oldest due day first."""
    return tuple(
        sorted(
            (item for item in candidates if item.open.currency == currency and item.open.is_positive),
            key=lambda item: (item.due_date, item.invoice_number, item.item_id),
        )
    )


def of_invoices(*, candidates: Sequence[Candidate], numbers: Iterable[str]) -> tuple[Candidate, ...]:
    """Return the candidates of the named invoices, invoice by invoice in the order named."""
    by_number: dict[str, list[Candidate]] = {}
    for item in candidates:
        by_number.setdefault(remittances.normal(item.invoice_number), []).append(item)
    wanted = dict.fromkeys(remittances.normal(number) for number in numbers)
    return tuple(item for number in wanted for item in by_number.get(number, ()))


def of_exact_amount(*, candidates: Sequence[Candidate], amount: Money) -> tuple[tuple[Candidate, ...], ...]:
    """Return every set that an amount settles exactly: one instalment, one whole invoice, or the whole account.

    500.00 against instalments of 500.00, 300.00 and 200.00 of two invoices returns the first one alone.
    """
    groups: dict[frozenset[str], tuple[Candidate, ...]] = {}
    by_invoice: dict[str, list[Candidate]] = {}
    for item in candidates:
        by_invoice.setdefault(item.invoice_number, []).append(item)
        groups[frozenset((item.item_id,))] = (item,)
    for items in by_invoice.values():
        groups[frozenset(item.item_id for item in items)] = tuple(items)
    if candidates:
        groups[frozenset(item.item_id for item in candidates)] = tuple(candidates)
    return tuple(
        group
        for group in groups.values()
        if money.total((item.open for item in group), amount.currency) == amount
    )


def after(*, candidates: Iterable[Candidate], taken: Mapping[str, Money]) -> tuple[Candidate, ...]:
    """Return the candidates with what was taken from each subtracted, so that the next payment sees the rest."""
    left = (
        replace(item, open=item.open - taken[item.item_id]) if item.item_id in taken else item
        for item in candidates
    )
    return tuple(item for item in left if item.open.is_positive)
