"""Backtests of ratings, and a changed model tried on the portfolio."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Query, Router

from tradecredit.doors.api import acting
from tradecredit.flows.ratings import backtest_ratings, simulate_model

router = Router(tags=["ratings"])


@router.get("/backtests", summary="Ratings as known a horizon ago against what became of the customers")
def backtests(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
) -> dict[str, Any]:
    """Return the backtest as of the day (KS, AUC with interval, calibration, lift, migration, vintages, PSI)."""
    found = acting.company_of(request, company)
    actor = acting.actor_of(request)
    return {
        "company": found.code,
        "backtest": backtest_ratings.backtest_ratings(company=found, actor=actor, as_of=as_of),
        "written": [
            {"as_of": each.as_of.isoformat(), "quarter": each.quarter or None, "findings": each.findings}
            for each in backtest_ratings.written(company=found, actor=actor)
        ],
    }


@router.post("/rating-simulations", summary="Who would move under a changed scorecard, and why")
def simulate(
    request: HttpRequest,
    document: Annotated[dict[str, Any], Body()],
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
) -> dict[str, Any]:
    """Return the migration matrix and every mover; the body holds ``scorecard`` and, where it changes, ``grades``."""
    found = acting.company_of(request, company)
    return simulate_model.simulate_model(
        company=found, document=document, actor=acting.actor_of(request), as_of=as_of
    )
