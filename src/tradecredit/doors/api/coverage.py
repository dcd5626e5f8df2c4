"""Which way in is covered by which checkpoint, and which orders were checked, by what, or why not."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from tradecredit.analytics.order_checks import coverage
from tradecredit.doors.api import acting
from tradecredit.doors.api.credit_checks import language
from tradecredit.plumbing import clock

router = Router(tags=["policies"])


@router.get(
    "/coverage",
    summary="Which checkpoint covers each way in, what policy leaves open, which orders were checked",
)
def get_coverage(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
    most: Annotated[int, Query(ge=1, le=10_000)] = 200,
) -> dict[str, Any]:
    """Return the ways in with their checkpoints, the gaps, how many orders stand how, and the orders."""
    found = acting.company_of(request, company)
    day = as_of or clock.today(found)
    with acting.reading(request):
        policy = coverage.of_policy(company_id=found.pk, as_of=day)
        rows = coverage.orders(as_of=day, company_id=found.pk)
    spoken = language()
    return {
        "as_of": day.isoformat(),
        "policy": {"name": policy.pack, "version": policy.number},
        "paths": [
            {
                "path": one.path,
                "checkpoint": one.checkpoint or None,
                "covered": one.is_covered,
                "strength": one.strength.text,
                "checks": list(one.checks),
                "stops": list(one.stops),
                "text": one.note.in_language(spoken),
            }
            for one in policy.paths
        ],
        "gaps": [
            {"path": gap.path, "serious": gap.is_serious, "text": gap.words.in_language(spoken)}
            for gap in policy.gaps
        ],
        "counts": coverage.counts(rows),
        "orders": [_order(row, spoken) for row in rows[:most]],
    }


def _order(row: dict[str, Any], spoken: str) -> dict[str, Any]:
    return {
        "order": row["reference"],
        "customer": row["customer"],
        "order_date": row["order_date"].isoformat(),
        "status": row["status"],
        "why": row["why"],
        "text": coverage.WHY[row["why"]].in_language(spoken),
        "decision": None if row["decision_id"] is None else str(row["decision_id"]),
        "outcome": row["outcome"],
        "purpose": row["purpose"],
    }
