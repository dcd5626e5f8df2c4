"""What stands beside the balances that levels count: disputed parts, bills, covers and earmarked cash, as policy needs them."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.db import connection

from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.exposure.measure import MeasurePolicy

# By currency, then by part and kind: {"CNY": {("cover", "guarantee"): 100,000}}.
Beside = dict[str, dict[tuple[str, str], "Decimal"]]

_LOWERS: Final = "exposure"


def of_nodes(node_ids: Iterable[UUID], *, as_of: date, measure: MeasurePolicy) -> Mapping[UUID, Beside]:
    """Return what stands beside the balances of each level, with one statement.

    Of each account a cover counts at most what that account owes: it makes no room for other members.
    """
    wanted, kinds = _wanted(measure), cover_kinds(measure)
    found: defaultdict[UUID, Beside] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT node_id, currency, part, kind, amount"
            " FROM exposure_node_securities(%s::uuid[], %s, %s::text[], %s::text[])",
            [sorted(set(node_ids)), as_of, list(wanted), list(kinds)],
        )
        for node_id, currency, part, kind, amount in cursor.fetchall():
            found[node_id].setdefault(currency, {})[part, kind] = amount
    return found


def added(
    parts: Mapping[str, ExposureParts], beside: Beside, *, measure: MeasurePolicy
) -> dict[str, ExposureParts]:
    """Return what a level counts by currency with what stands beside it; each kind of cover that counts is named."""
    return {
        currency: _with(one, beside.get(currency, {}), kinds=cover_kinds(measure))
        for currency, one in parts.items()
    }


def cover_kinds(measure: MeasurePolicy) -> tuple[str, ...]:
    """Return the kinds of cover that lower exposure; those that raise a customer's line raise no level's limit."""
    return tuple(sorted(kind for kind, use in measure.cover_uses.items() if use == _LOWERS))


def _wanted(measure: MeasurePolicy) -> tuple[str, ...]:
    asked = (
        ("disputed", measure.counts_billed and not measure.counts_disputed),
        ("bill", measure.counts_bill and bool(measure.bill_weights)),
    )
    # What is paid for in advance is nobody's exposure, whether policy counts other cash or not.
    return ("earmarked", *(part for part, is_asked in asked if is_asked))


def _with(
    parts: ExposureParts, found: Mapping[tuple[str, str], Decimal], *, kinds: tuple[str, ...]
) -> ExposureParts:
    zero = Money.zero(parts.currency)
    amounts = {key: Money(amount, parts.currency) for key, amount in found.items()}
    earmarked = amounts.get(("earmarked", ""), zero)
    return dataclasses.replace(
        parts,
        disputed=amounts.get(("disputed", ""), zero),
        bills={kind: amount for (part, kind), amount in amounts.items() if part == "bill"},
        covers={kind: amounts.get(("cover", kind), zero) for kind in kinds},
        earmarked=None if earmarked.is_zero else earmarked,
        paid={stage: amount for (part, stage), amount in amounts.items() if part == "paid"},
    )
