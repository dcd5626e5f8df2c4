"""A customer's indicators beside those of the other customers of its industry: their average, and how many it beats."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables.reading import fetch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.core.scoring.attributes import Attribute

_PERCENT: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")
_FIGURE: Final = Decimal("0.0001")
# Fewer others than these are shown by their number alone: an average of two says nothing.
_LEAST: Final = 5
_QUERY = """
WITH latest AS (
    SELECT DISTINCT ON (r.customer_id) r.customer_id, r.inputs FROM scoring_rating r
    JOIN dossier_customer c ON c.id = r.customer_id
    WHERE r.company_id = %(company)s AND r.as_of <= %(as_of)s AND c.industry = %(industry)s
        AND r.customer_id <> %(customer)s AND {scope}
    ORDER BY r.customer_id, r.as_of DESC, r.recorded_at DESC, r.id DESC
), known AS (
    SELECT v.key AS name, (v.value->>'value')::numeric AS figure
    FROM latest, jsonb_each(latest.inputs::jsonb) v
    WHERE v.key = ANY (%(names)s::text[]) AND v.value ? 'value'
)
SELECT k.name, count(*) AS others, avg(k.figure) AS mean, count(*) FILTER (WHERE k.figure < o.figure) AS lower,
    count(*) FILTER (WHERE k.figure > o.figure) AS higher
FROM known k JOIN unnest(%(names)s::text[], %(figures)s::numeric[]) AS o(name, figure) USING (name)
GROUP BY k.name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One indicator of the customer among its peers; ``beats`` is the percentage of the others that are worse."""

    attribute: Attribute
    own: Decimal
    others: int
    mean: Decimal | None
    beats: Decimal | None


def standings(
    *,
    company_id: UUID,
    customer_id: UUID,
    industry: str,
    own: Mapping[Attribute, Decimal],
    as_of: date,
) -> tuple[Standing, ...]:
    """Return each of the customer's figures beside the industry's, in the order given.

    With fewer than five others, average and rank are None. Of ten others three with fewer days late and six with
    more: it beats 60 %.
    """
    if not own or not industry:
        return ()
    scope = scoping.rows(company="r.company_id", customer="c")
    values = {
        "company": company_id,
        "customer": customer_id,
        "industry": industry,
        "as_of": as_of,
        "names": [attribute.name for attribute in own],
        "figures": [f"{figure:f}" for figure in own.values()],
        **scope.values,
    }
    found = {row["name"]: row for row in fetch(_QUERY.format(scope=scope.sql), values)}
    return tuple(
        _standing(attribute, figure, found[attribute.name])
        for attribute, figure in own.items()
        if attribute.name in found
    )


def _standing(attribute: Attribute, own: Decimal, row: Mapping[str, object]) -> Standing:
    others = int(str(row["others"]))
    if others < _LEAST:
        return Standing(attribute=attribute, own=own, others=others, mean=None, beats=None)
    worse = {"higher_is_better": row["lower"], "lower_is_better": row["higher"]}.get(attribute.direction)
    return Standing(
        attribute=attribute,
        own=own,
        others=others,
        mean=Decimal(str(row["mean"])).quantize(_FIGURE, rounding=ROUND_HALF_UP),
        beats=None
        if worse is None
        else (Decimal(str(worse)) * _PERCENT / others).quantize(_TENTH, rounding=ROUND_HALF_UP),
    )
