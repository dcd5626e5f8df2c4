"""Why not checked: which checkpoint covers each way in, and which orders had none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tradecredit.analytics.order_checks import coverage
from tradecredit.doors.web import acting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_SHOWN: Final = 100


@require_GET
@acting.page
def check_coverage(request: HttpRequest) -> HttpResponse:
    """Show the ways in with their checkpoints, what policy leaves open, and the orders, unchecked ones first."""
    place = acting.place_of(request)
    rows = coverage.orders(as_of=place.as_of, company_id=place.company_id)
    counts = coverage.counts(rows)
    context = {
        "policy": coverage.of_policy(company_id=place.company_id, as_of=place.as_of),
        "counts": [(coverage.WHY[why], count) for why, count in counts.items()],
        "rows": [{**row, "why_words": coverage.WHY[row["why"]]} for row in rows[:_SHOWN]],
        "more": max(len(rows) - _SHOWN, 0),
        "as_of": place.as_of,
    }
    return render(request, "web/coverage.html", context)
