"""Search from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tradecredit.analytics.dashboards import finder
from tradecredit.doors.web import acting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
@acting.page
def search(request: HttpRequest) -> HttpResponse:
    """Answer the palette with a list, and a browser without scripts with a page."""
    text = request.GET.get("q", "")
    context = {"q": text, "found": finder.find(acting.place_of(request), text)}
    is_palette = bool(request.headers.get("HX-Request"))
    return render(request, "web/parts/found.html" if is_palette else "web/search.html", context)
