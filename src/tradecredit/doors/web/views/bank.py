"""Bank statements: take files, see whether they add up, and say what the waiting lines are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.analytics.receivables import bank_books
from tradecredit.apps.cash_application import bank_queries
from tradecredit.core.cash_application.statements import BankFile
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions, ports
from tradecredit.flows.cash import import_bank_statement, settle_bank_line
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.flows.cash.import_bank_statement import BankImport


@require_http_methods(["GET", "POST"])
@acting.page
def bank(request: HttpRequest) -> HttpResponse:
    """Show our accounts, the lines that wait and the latest statements, and take a file."""
    acting.require(request, "see_bank")
    company = acting.company_of(request)
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            acting.require(request, "import")
            context["report"] = import_sent(request)
        except UnableToError as refusal:
            context["problem"] = refusal.words
    context |= {
        "accounts": bank_queries.freshness(company_id=company.pk),
        "lines": bank_books.waiting_lines(company_id=company.pk),
        "statements": bank_books.statements(company_id=company.pk, most=100),
        "profiles": list(ports.find(ports.BankFiles).profiles().items()),
        "chosen": {name: request.POST.get(name, "") for name in ("account", "profile")},
        "may_import": permissions.may(acting.actor_of(request), company.pk, "import"),
    }
    return render(request, "web/bank.html", context)


@require_GET
@acting.page
def statement(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Show one statement: what it adds up to, and its lines with what became of them."""
    acting.require(request, "see_bank")
    company = acting.company_of(request)
    found = bank_books.statements(company_id=company.pk, statement_id=statement_id)
    if not found:
        raise Http404
    context = {
        "statement": found[0],
        "notes": Words(zh=found[0]["notes_zh"], en=found[0]["notes_en"]),
        "lines": bank_books.lines_of(company_id=company.pk, statement_id=statement_id),
        "may_import": permissions.may(acting.actor_of(request), company.pk, "import"),
    }
    return render(request, "web/bank_statement.html", context)


@require_POST
@acting.page
def accept(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Take a statement with its difference and book the lines that it held."""
    back = reverse("web:bank_statement", args=[statement_id])

    def effect() -> str:
        booked = settle_bank_line.accept_statement(
            company=acting.company_of(request), statement_id=statement_id, actor=acting.actor_of(request)
        )
        done = Words(zh=f"已接受，处理 {booked} 笔。", en=f"Accepted; {booked} lines were booked.")
        messages.success(request, done.in_language(language()))
        return back

    return acting.act(request, action="import", effect=effect, back=back)


@require_POST
@acting.page
def settle(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Name the customer or the payment of a waiting line, book it, or dismiss it with a reason."""
    back = acting.next_of(request, default=reverse("web:bank"))

    def effect() -> str:
        outcome = _settled(request, line_id)
        messages.success(request, outcome.in_language(language()))
        return back

    return acting.act(request, action="import", effect=effect, back=back)


def _settled(request: HttpRequest, line_id: UUID) -> Words:
    who: dict[str, Any] = {
        "company": acting.company_of(request),
        "line_id": line_id,
        "actor": acting.actor_of(request),
    }
    value = request.POST.get("value", "").strip()
    match request.POST.get("step"):
        case "customer":
            return settle_bank_line.name_customer(customer_code=value, **who).words
        case "payment":
            return settle_bank_line.name_payment(payment_number=value, **who).words
        case "dismiss":
            return settle_bank_line.dismiss(reason=value, **who).words
        case _:
            return settle_bank_line.book_line(**who).words


def import_sent(request: HttpRequest) -> BankImport:
    """Import the file that was sent with the form; raises UnableToReadBankFileError."""
    sent = request.FILES.get("file")
    if sent is None:
        raise UnableToReadBankFileError(Words(zh="请选择银行文件。", en="Choose the bank's file."))
    report = import_bank_statement.import_bank_statement(
        company=acting.company_of(request),
        file=BankFile(
            name=str(sent.name),
            data=sent.read(),
            profile=request.POST.get("profile", ""),
            account=request.POST.get("account", "").strip(),
        ),
        files=ports.find(ports.BankFiles),
        actor=acting.actor_of(request),
    )
    done = Words(
        zh=f"已导入 {report.lines} 笔，其中重复 {report.duplicates} 笔。",
        en=f"{report.lines} lines imported, {report.duplicates} of them known before.",
    )
    messages.success(request, done.in_language(language()))
    return report
