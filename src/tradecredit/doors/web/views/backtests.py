"""The backtest of ratings: what was forecast, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tradecredit.analytics.scoring import backtest_tables
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows.ratings import backtest_ratings
from tradecredit.plumbing import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@acting.page
def backtest(request: HttpRequest) -> HttpResponse:
    """Show the backtest as of today, or the review of the quarter asked for; as a workbook with format=xlsx."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    written = backtest_ratings.written(company=company, actor=actor)
    quarter = request.GET.get("quarter", "")
    kept = next((each for each in written if each.quarter and each.quarter == quarter), None)
    document: Mapping[str, Any] = (
        backtest_ratings.backtest_ratings(company=company, actor=actor) if kept is None else kept.document
    )
    if request.GET.get("format") == "xlsx":
        content = tables.as_workbook(
            backtest_tables.tables(document, language=language()), language=language()
        )
        name = f"backtest-{document['as_of']}.xlsx"
        return HttpResponse(
            content, content_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
    context = {
        "found": document,
        "matrix": list(zip(document["migration"]["grades"], document["migration"]["counts"], strict=True)),
        "months": range(1, max((len(each["bad_by_month"]) for each in document["vintages"]), default=0) + 1),
        "quarters": [each for each in written if each.quarter],
        "quarter": "" if kept is None else kept.quarter,
    }
    return render(request, "web/backtest.html", context)
