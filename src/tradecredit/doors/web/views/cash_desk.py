"""The cash desk: lines that wait on the left, what they may pay on the right, one key to accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.analytics.receivables import bank_books, cash_desk
from tradecredit.core.cash_application import remittance
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, cash_figures
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.doors.web.views import bank
from tradecredit.flows import permissions, ports
from tradecredit.flows.cash import decide_match, match_again, settle_bank_line, undo_match
from tradecredit.flows.cash.apply_cash import Wanted
from tradecredit.flows.imports import read_advice
from tradecredit.flows.imports.incoming import TabularFiles
from tradecredit.flows.simulation import sample_statement

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest

    from tradecredit.apps.cash_application.bank_operations import Outcome


@require_http_methods(["GET", "POST"])
@acting.page
def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk, and take a bank file."""
    acting.require(request, "see_bank")
    company = acting.company_of(request)
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            acting.require(request, "import")
            report = bank.import_sent(request)
            new = [one.recorded.statement_id for one in report.statements if one.recorded.statement_id]
            context["report"] = report
            context["taken"] = [
                line for one in new for line in bank_books.lines_of(company_id=company.pk, statement_id=one)
            ]
        except UnableToError as refusal:
            context["problem"] = refusal.words
    lines = cash_desk.waiting(company_id=company.pk)
    at = _chosen(request, lines)
    context |= {
        "lines": lines,
        "line": lines[at] if lines else None,
        "next": lines[(at + 1) % len(lines)] if lines else None,
        "previous": lines[at - 1] if lines else None,
        "suggestions": _suggestions(company.pk, lines[at]["id"]) if lines else [],
        "matched": cash_desk.matched(company_id=company.pk),
        "nameless": cash_desk.nameless(company_id=company.pk),
        "chart": cash_figures.matched_by_day(acting.place_of(request)),
        "sources": cash_figures.sources(company.pk),
        "may_import": permissions.may(acting.actor_of(request), company.pk, "import"),
        "is_sandbox": company.is_sandbox,
    }
    return render(request, "web/cash_desk.html", context)


@require_POST
@acting.page
def decide(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Do what a person says about a line: accept, apply by hand, leave on account, undo, deny, name, dismiss."""
    back = reverse("web:cash_desk") + f"?line={line_id}"

    def effect() -> str:
        outcome = _decided(request, line_id)
        messages.success(request, outcome.words.in_language(language()))
        return acting.next_of(request, default=reverse("web:cash_desk"))

    return acting.act(request, action="import", effect=effect, back=back)


@require_POST
@acting.page
def again(request: HttpRequest) -> HttpResponse:
    """Match everything that waits once more."""
    back = reverse("web:cash_desk")

    def effect() -> str:
        counts = match_again.match_again(company=acting.company_of(request), actor=acting.actor_of(request))
        done = Words(
            zh=f"重新匹配：{counts['matched']} 笔已核销，{counts['suggested']} 笔有建议。",
            en=f"Matched again: {counts['matched']} applied, {counts['suggested']} suggested.",
        )
        messages.success(request, done.in_language(language()))
        return back

    return acting.act(request, action="import", effect=effect, back=back)


@require_GET
@acting.page
def sample(request: HttpRequest) -> HttpResponse:
    """Hand out a bank file that pays some of the sandbox's open invoices, to try the desk with."""
    acting.require(request, "import")
    company = acting.company_of(request)
    data = sample_statement.build(company=company)
    answer = HttpResponse(data, content_type="text/csv; charset=gb18030")
    answer["Content-Disposition"] = 'attachment; filename="bank.csv"'
    return answer


def _suggestions(company_id: UUID, line_id: UUID) -> list[dict[str, Any]]:
    return cash_desk.suggestions(company_id=company_id, line_ids=[line_id])[line_id]


def _chosen(request: HttpRequest, lines: list[dict[str, Any]]) -> int:
    wanted = request.GET.get("line", "")
    return next((place for place, line in enumerate(lines) if str(line["id"]) == wanted), 0)


def _decided(request: HttpRequest, line_id: UUID) -> Outcome:
    who: dict[str, Any] = {
        "company": acting.company_of(request),
        "line_id": line_id,
        "actor": acting.actor_of(request),
    }
    step = request.POST.get("step", "")
    if step.startswith("accept-"):
        return decide_match.accept(rank=int(step.removeprefix("accept-")), **who)
    reason = request.POST.get("reason", "").strip()
    steps: dict[str, Callable[[], Outcome]] = {
        "by-hand": lambda: _by_hand(request, who),
        "advice": lambda: _by_advice(request, who),
        "account": lambda: decide_match.leave_on_account(**who),
        "undo": lambda: undo_match.undo(reason=reason, **who),
        "deny": lambda: undo_match.deny_payer(reason=reason, **who),
        "dismiss": lambda: settle_bank_line.dismiss(reason=reason, **who),
        "customer": lambda: settle_bank_line.name_customer(customer_code=_customer(request), **who),
    }
    if step not in steps:
        raise _unknown_step()
    return steps[step]()


def _by_hand(request: HttpRequest, who: dict[str, Any]) -> Outcome:
    """Apply as typed or pasted: an invoice a line, with an amount where only a part is meant."""
    listed = remittance.listed(request.POST.get("invoices", ""))
    wanted = [Wanted(invoice_number=one.number, amount=one.amount) for one in listed]
    if not wanted:
        raise settle_bank_line.UnableToSettleBankLineError(
            Words(zh="请至少写一个发票号。", en="Write at least one invoice number.")
        )
    return decide_match.apply_by_hand(customer_code=_customer(request), wanted=wanted, **who)


def _by_advice(request: HttpRequest, who: dict[str, Any]) -> Outcome:
    """Apply as the payer's file lists it."""
    sent = request.FILES.get("advice")
    if sent is None:
        raise read_advice.UnableToReadAdviceError(
            Words(zh="请选择付款明细文件。", en="Choose the file of the remittance advice.")
        )
    advice = read_advice.read_advice(data=sent.read(), files=ports.find(TabularFiles))
    return decide_match.follow_advice(customer_code=_customer(request), advice=advice, **who)


def _customer(request: HttpRequest) -> str:
    """Return the code typed, which may be followed by the name."""
    return (request.POST.get("customer", "").split() or [""])[0]


def _unknown_step() -> UnableToError:
    return settle_bank_line.UnableToSettleBankLineError(
        Words(zh="没有这个操作；请刷新后再试。", en="There is no such step: look again.")
    )
