"""Where requests wait, how long they take, and how differently like ones are decided."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tradecredit.analytics.approvals import insight
from tradecredit.core.approvals import kinds
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, durations, process_maps, roles
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

_PERIODS: Final = (30, 90, 365)
_COMPARED: Final = {
    "decider": Words(zh="按审批人", en="By decider"),
    "region": Words(zh="按客户区域", en="By the customer's region"),
    "salesperson": Words(zh="按业务员", en="By salesperson"),
}


@require_GET
@acting.page
def show(request: HttpRequest) -> HttpResponse:
    """Show what the log of requests says about the last days."""
    place = acting.place_of(request)
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdecimal() and int(asked) in _PERIODS else _PERIODS[1]
    found = insight.of_company(
        company_id=place.company_id,
        since=place.as_of - timedelta(days=days),
        until=place.as_of + timedelta(days=1),
        now=clock.now(),
    )
    context = {
        "days": days,
        "periods": _PERIODS,
        "kinds": [_told(row) for row in found.kinds],
        "steps": [_told(row) for row in found.steps],
        "stuck": [
            {**_told(row), "whom": [roles.name_of(one) for one in row["roles"]]} for row in found.stuck
        ],
        "people": [_told(row) for row in found.people],
        "dispersion": [
            {**_told(row), "by_words": _COMPARED[row["by"]]} for row in (*found.dispersion, *found.segments)
        ],
        "maps": process_maps.of_log(found),
        "shadows": [_told(row) for row in found.shadows],
    }
    return render(request, "web/approval_insight.html", context)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its kind, step and durations in words."""
    told = {
        key: durations.written(value) if isinstance(value, timedelta) else value for key, value in row.items()
    }
    if "kind" in row:
        told["kind_words"] = kinds.KINDS.get(row["kind"], Words(zh=row["kind"], en=row["kind"]))
    if "name_zh" in row:
        told["step"] = Words(zh=row["name_zh"], en=row["name_en"])
    return told
