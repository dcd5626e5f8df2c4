"""The agency: what it is to collect goes out as a file, its report comes in as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows.collections import agency_files
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from django.http import HttpRequest

_PROBLEMS_SHOWN: Final = 10


@require_GET
@acting.page
def agency_export(request: HttpRequest) -> HttpResponse:
    """Answer what stands with the agency as CSV."""
    acting.require(request, "hand_over")
    company = acting.company_of(request)
    with db.unit_of_work(acting.actor_of(request)):
        content = agency_files.export_cases(company=company, language="zh")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="agency-{clock.today(company)}.csv"'
    return response


@require_POST
@acting.page
def agency_report(request: HttpRequest) -> HttpResponse:
    """Take the agency's report from a file; each reference once, bad rows are told."""
    company, back = acting.company_of(request), reverse("web:collections")
    sent = request.FILES.get("file")

    def effect() -> str:
        found = agency_files.import_report(
            company=company, content=sent.read() if sent else b"", actor=acting.actor_of(request)
        )
        done = Words(zh=f"已读入 {found.taken} 行。", en=f"{found.taken} rows were taken.")
        messages.success(request, done.in_language(language()))
        for one in found.problems[:_PROBLEMS_SHOWN]:
            told = Words(zh=f"第 {one.row} 行：{one.words.zh}", en=f"Row {one.row}: {one.words.en}")
            messages.error(request, told.in_language(language()))
        return back

    return acting.act(request, action="hand_over", effect=effect, back=back)
