"""The registry of indicators, and what industries look like among our own customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tradecredit.core.scoring import indicator_words
from tradecredit.doors.web import acting
from tradecredit.flows.ratings import indicators
from tradecredit.flows.ratings.indicators import UnableToShowIndicatorsError

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from tradecredit.flows.ratings.indicators import Line


@require_GET
@acting.page
def registry(request: HttpRequest) -> HttpResponse:
    """Show every indicator: formula, unit, source, freshness, direction; beside it a customer, where one is named."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    code = request.GET.get("customer", "").strip()
    try:
        found = indicators.registry(company=company, actor=actor, customer_code=code)
    except UnableToShowIndicatorsError as error:
        raise Http404 from error
    groups = [
        {"label": label, "lines": [_line(each) for each in found.lines if each.attribute.origin == origin]}
        for origin, label in indicator_words.ORIGINS.items()
    ]
    context = {
        "groups": [group for group in groups if group["lines"]],
        "customer": found.customer,
        "code": code,
        "as_of": found.as_of,
        "count": len(found.lines),
    }
    return render(request, "web/indicators.html", context)


@require_GET
@acting.page
def industries(request: HttpRequest) -> HttpResponse:
    """Show the industries of the company's rated customers."""
    found = indicators.industries_of(company=acting.company_of(request), actor=acting.actor_of(request))
    return render(request, "web/industries.html", {"industries": found})


@require_GET
@acting.page
def industry(request: HttpRequest, name: str) -> HttpResponse:
    """Show one industry: grades, how many went bad, and the usual figures of each indicator."""
    try:
        found = indicators.profile(
            company=acting.company_of(request), actor=acting.actor_of(request), name=name
        )
    except UnableToShowIndicatorsError as error:
        raise Http404 from error
    return render(request, "web/industry.html", {"profile": found, "industry": found.industry})


def _line(line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "formula": indicator_words.formula_of(line.attribute),
        "unit": indicator_words.UNITS[line.attribute.unit],
        "direction": indicator_words.DIRECTIONS[line.attribute.direction],
    }
