"""The registry of indicators, and industries as our own customers show them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from tradecredit.core.scoring import indicator_words
from tradecredit.doors.api import acting
from tradecredit.flows.ratings import indicators

if TYPE_CHECKING:
    from decimal import Decimal

    from tradecredit.analytics.scoring.industries import Industry
    from tradecredit.flows.ratings.indicators import Line

router = Router(tags=["ratings"])


@router.get("/indicators", summary="Every indicator with formula, unit, source, freshness and direction")
def registry(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    customer: Annotated[str, Query()] = "",
    as_of: Annotated[date | None, Query()] = None,
) -> dict[str, Any]:
    """Return the indicators; with a customer its values beside the industry's average, and the percentage it beats."""
    found = acting.company_of(request, company)
    result = indicators.registry(
        company=found, actor=acting.actor_of(request), customer_code=customer, as_of=as_of
    )
    return {
        "company": found.code,
        "as_of": result.as_of.isoformat(),
        "customer": customer or None,
        "indicators": [_line(each, with_customer=bool(customer)) for each in result.lines],
    }


@router.get("/industries", summary="Industries of the rated customers: grades, scores, who went bad")
def industries(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
) -> dict[str, Any]:
    """Return every industry, the largest first; who went bad is judged as in the backtest."""
    found = acting.company_of(request, company)
    listed = indicators.industries_of(company=found, actor=acting.actor_of(request), as_of=as_of)
    return {"company": found.code, "industries": [_industry(each) for each in listed]}


@router.get("/industries/{name}", summary="One industry with the usual figures of each indicator")
def industry(
    request: HttpRequest,
    name: str,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
) -> dict[str, Any]:
    """Return mean and quarters of each indicator in the industry, as people write them, beside the mean of everybody."""
    found = acting.company_of(request, company)
    profile = indicators.profile(company=found, actor=acting.actor_of(request), name=name, as_of=as_of)
    return {
        **_industry(profile.industry),
        "indicators": [
            {
                "indicator": each.attribute.name,
                "customers": each.customers,
                "mean": each.mean.en,
                "low": each.low.en,
                "middle": each.middle.en,
                "high": each.high.en,
                "everybody": None if each.everybody is None else each.everybody.en,
            }
            for each in profile.lines
        ],
    }


def _line(line: Line, *, with_customer: bool) -> dict[str, Any]:
    attribute, standing = line.attribute, line.standing
    found: dict[str, Any] = {
        "indicator": attribute.name,
        "label": attribute.label.as_dict(),
        "formula": indicator_words.formula_of(attribute).as_dict(),
        "unit": attribute.unit,
        "source": attribute.origin,
        "direction": attribute.direction,
        "uses": [
            {
                "dimension": use.dimension.as_dict(),
                "weight": f"{use.weight.normalize():f}",
                "fresh_for_days": use.fresh_for_days,
                "missing": use.missing,
            }
            for use in line.uses
        ],
        "customers": 0 if line.spread is None else line.spread.customers,
        "mean": None if line.spread is None else _text(line.spread.mean),
    }
    if with_customer:
        found["own"] = None if line.own is None else line.own.as_dict()
        found["industry"] = (
            None
            if standing is None
            else {"others": standing.others, "mean": _text(standing.mean), "beats": _text(standing.beats)}
        )
    return found


def _industry(found: Industry) -> dict[str, Any]:
    return {
        "industry": found.name,
        "customers": found.customers,
        "grades": dict(found.grades),
        "mean_score": _text(found.mean_score),
        "high_risk": found.high_risk,
        "judged": found.judged,
        "went_bad": found.bads,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"
