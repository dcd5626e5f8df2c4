"""The credit report of a customer as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from tradecredit.analytics.dossier import credit_report
from tradecredit.doors.web import acting, customer_sources
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.plumbing import clock, printing

if TYPE_CHECKING:
    from django.http import HttpRequest

_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@acting.page
def report(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the report as PDF or XLSX in the language of the page, as known at the moment of the address or now."""
    place = acting.place_of(request)
    known_at = customer_sources.moment_of(request) or clock.now()
    paper = credit_report.credit_report(
        code=code,
        company=acting.company_of(request),
        as_of=min(place.as_of, known_at.date()),
        known_at=known_at,
        language=language(),
    )
    if paper is None:
        raise Http404
    if request.GET.get("format") == "xlsx":
        content, kind, ending = printing.as_workbook(paper, language=language()), _WORKBOOK, "xlsx"
    else:
        content, kind, ending = printing.as_pdf(paper, language=language()), "application/pdf", "pdf"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="credit-report-{place.as_of}.{ending}"'
    return response
