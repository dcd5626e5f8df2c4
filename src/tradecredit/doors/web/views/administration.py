"""Import, settings, the API page and the removal of the demo's data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.analytics.dashboards import installation
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, permissions, roles
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import ports, set_up_company
from tradecredit.flows.imports import import_file as importing
from tradecredit.flows.imports import incoming
from tradecredit.flows.simulation import erase

if TYPE_CHECKING:
    from django.http import HttpRequest

KINDS: Final = {
    "customers": Words(zh="客户", en="Customers"),
    "invoices": Words(zh="发票", en="Invoices"),
    "payments": Words(zh="回款", en="Payments"),
    "orders": Words(zh="订单", en="Orders"),
    "deliveries": Words(zh="发货", en="Deliveries"),
    "credit-notes": Words(zh="红字发票", en="Credit notes"),
    "contracts": Words(zh="合同", en="Contracts"),
    "bills": Words(zh="票据", en="Bills"),
    "limits": Words(zh="信用额度", en="Credit lines"),
    "groups": Words(zh="集团与组合", en="Groups and portfolios"),
    "rates": Words(zh="汇率", en="Exchange rates"),
    "facts": Words(zh="客户事实", en="Facts"),
    "financial-statements": Words(zh="财务报表", en="Financial statements"),
    "contacts": Words(zh="联系人", en="Contacts"),
}
_SHOWN_FINDINGS: Final = 60


@require_http_methods(["GET", "POST"])
@acting.page
def import_page(request: HttpRequest) -> HttpResponse:
    """Take a file, say what it would change, and import it."""
    context: dict[str, Any] = {"kinds": list(KINDS.items()), "kind": request.GET.get("kind", "customers")}
    if request.method == "POST":
        try:
            acting.require(request, "import")
            context |= _imported(request)
        except UnableToError as refusal:
            context["problem"] = refusal.words
        context["kind"] = request.POST.get("kind", "customers")
    actor, company = acting.actor_of(request), acting.company_of(request)
    context["may_import"] = permissions.may(actor, company.pk, "import")
    return render(request, "web/import.html", context)


def _imported(request: HttpRequest) -> dict[str, Any]:
    kind = request.POST.get("kind", "")
    path, name = _upload(request)
    is_trial = request.POST.get("step") != "import"
    report = importing.import_file(
        kind=kind,
        data=path.read_bytes(),
        name=name,
        company=acting.company_of(request),
        actor=acting.actor_of(request),
        files=ports.find(incoming.TabularFiles),
        dry_run=is_trial,
    )
    if not is_trial:
        messages.success(request, _sentence(report).in_language(language()))
    return {
        "report": report,
        "is_trial": is_trial,
        "token": path.name,
        "file_name": name,
        "findings": report.findings[:_SHOWN_FINDINGS],
        "mapping": sorted(report.mapping.items()),
    }


def _upload(request: HttpRequest) -> tuple[Path, str]:
    folder = Path(django_settings.DATA_DIR) / "uploads"
    sent = request.FILES.get("file")
    if sent is not None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / uuid4().hex
        path.write_bytes(sent.read())
        request.session["upload"] = {"token": path.name, "name": str(sent.name)}
        return path, str(sent.name)
    known = request.session.get("upload") or {}
    token = request.POST.get("token", "")
    path = folder / token
    # Only the file that this session sent is taken, by the name that we gave it.
    if not token or token != known.get("token") or not path.is_file():
        raise incoming.UnableToReadFileError(
            Words(zh="请选择要导入的文件。", en="Choose the file to import.")
        )
    return path, str(known["name"])


def _sentence(report: incoming.ImportReport) -> Words:
    return Words(
        zh=f"已导入：新增 {report.created}，更新 {report.updated}，未变 {report.unchanged}，拒绝 {report.refused}。",
        en=f"Imported: {report.created} new, {report.updated} updated, {report.unchanged} unchanged,"
        f" {report.refused} refused.",
    )


@require_POST
@acting.page
def import_errors(request: HttpRequest) -> HttpResponse:
    """Return the user's own file with only the refused rows and a column that says why."""
    acting.require(request, "import")
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise Http404
    path, name = _upload(request)
    files = ports.find(incoming.TabularFiles)
    data = path.read_bytes()
    report = importing.import_file(
        kind=kind,
        data=data,
        name=name,
        company=acting.company_of(request),
        actor=acting.actor_of(request),
        files=files,
        dry_run=True,
    )
    refused = report.of_weight(incoming.Weight.REFUSED)
    content = files.error_file(kind=kind, data=data, findings=refused, language=language())
    is_book = content[:2] == b"PK"
    kind_of_file = "application/octet-stream" if is_book else "text/csv; charset=utf-8"
    answer = HttpResponse(content, content_type=kind_of_file)
    answer["Content-Disposition"] = f'attachment; filename="errors.{"xlsx" if is_book else "csv"}"'
    return answer


@require_GET
@acting.page
def settings(request: HttpRequest) -> HttpResponse:
    """Show the company, its people and, in a sandbox, the removal of the demo's data."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    people = installation.people(company_id=company.pk)
    for person in people:
        person["role_name"] = roles.name_of(person["role"])
    context = {
        "company": company,
        "people": people,
        "may_erase": company.is_sandbox and permissions.may(actor, company.pk, "erase_demo"),
        "confirmation": erase.CONFIRMATION if language() == "zh" else erase.CONFIRMATION_EN,
        "policy": installation.policy(company_id=company.pk),
    }
    return render(request, "web/settings.html", context)


@require_POST
@acting.page
def erase_demo(request: HttpRequest) -> HttpResponse:
    """Remove the demo's data after a typed confirmation."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = reverse("web:settings")

    def effect() -> str:
        erased = erase.erase_demo(
            actor=actor, company_id=company.pk, confirmation=request.POST.get("confirmation", "")
        )
        done = Words(
            zh=f"已清除演示客户 {erased.customers} 户、发票 {erased.invoices} 张，您自己的数据都在。",
            en=f"Removed {erased.customers} demo customers and {erased.invoices} invoices; your own data are kept.",
        )
        messages.success(request, done.in_language(language()))
        return reverse("web:dashboard")

    return acting.act(request, action="erase_demo", effect=effect, back=back)


@require_http_methods(["GET", "POST"])
@acting.page
def api(request: HttpRequest) -> HttpResponse:
    """Show how to call the API, and make a token, shown once."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    token = ""
    if request.method == "POST":
        try:
            acting.require(request, "create_token")
            token = set_up_company.create_token(
                email=actor.email, role=None, days=30, name=request.POST.get("name", "")[:100]
            )
        except UnableToError as refusal:
            messages.error(request, refusal.words.in_language(language()))
            return HttpResponseRedirect(reverse("web:api"))
    context = {
        "token": token,
        "base": request.build_absolute_uri("/api/v1"),
        "company": company,
        "may_create": permissions.may(actor, company.pk, "create_token"),
        "key": uuid4(),
    }
    return render(request, "web/api.html", context)
