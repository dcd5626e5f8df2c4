"""The import centre: try a file, say which column is which, import it, look back, take back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import yaml
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.apps.sources import files as files_of_people
from tradecredit.apps.sources import mappings
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions, ports
from tradecredit.flows.imports import import_file as importing
from tradecredit.flows.imports import incoming, remembered_mappings, undo_file
from tradecredit.plumbing import yaml_texts

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

KINDS: Final = {
    "customers": Words(zh="客户", en="Customers"),
    "invoices": Words(zh="发票", en="Invoices"),
    "payments": Words(zh="回款", en="Payments"),
    "orders": Words(zh="订单", en="Orders"),
    "deliveries": Words(zh="发货", en="Deliveries"),
    "goods-events": Words(zh="货物流转", en="Movements of goods"),
    "credit-notes": Words(zh="红字发票", en="Credit notes"),
    "contracts": Words(zh="合同", en="Contracts"),
    "bills": Words(zh="票据", en="Bills"),
    "covers": Words(zh="担保与保险", en="Covers"),
    "limits": Words(zh="信用额度", en="Credit lines"),
    "groups": Words(zh="集团与组合", en="Groups and portfolios"),
    "rates": Words(zh="汇率", en="Exchange rates"),
    "facts": Words(zh="客户事实", en="Facts"),
    "financial-statements": Words(zh="财务报表", en="Financial statements"),
    "contacts": Words(zh="联系人", en="Contacts"),
}
_SHOWN_FINDINGS: Final = 60
_SHOWN_ROWS: Final = 200


@require_http_methods(["GET", "POST"])
@acting.page
def import_page(request: HttpRequest) -> HttpResponse:
    """Take a file, say what it would change, let its columns be named, and import it."""
    context: dict[str, Any] = {"kinds": list(KINDS.items()), "kind": request.GET.get("kind", "customers")}
    if request.method == "POST":
        context["kind"] = request.POST.get("kind", "customers")
        try:
            acting.require(request, "import")
            context |= _imported(request)
        except UnableToError as refusal:
            context["problem"] = refusal.words
    actor, company = acting.actor_of(request), acting.company_of(request)
    context["may_import"] = permissions.may(actor, company.pk, "import")
    return render(request, "web/import.html", context)


def _read(
    request: HttpRequest, kind: str, data: bytes, name: str, *, mapping: str | None, is_trial: bool
) -> incoming.ImportReport:
    return importing.import_file(
        kind=kind,
        data=data,
        name=name,
        company=acting.company_of(request),
        actor=acting.actor_of(request),
        files=ports.find(incoming.TabularFiles),
        mapping=mapping,
        dry_run=is_trial,
    )


def _imported(request: HttpRequest) -> dict[str, Any]:
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise Http404
    path, name = _upload(request)
    is_trial = request.POST.get("step") != "import"
    data, files = path.read_bytes(), ports.find(incoming.TabularFiles)
    mapping = _mapping_of(request)
    context: dict[str, Any] = {"is_trial": is_trial, "token": path.name, "file_name": name, "named": mapping}
    try:
        report = _read(request, kind, data, name, mapping=mapping, is_trial=is_trial)
    except incoming.UnableToReadFileError as refusal:
        # Whoever may name the columns gets further than with a sentence.
        return context | {"problem": refusal.words, "columns": _columns(kind, data, files, {})}
    if not is_trial:
        messages.success(request, _sentence(report).in_language(language()))
    return context | {
        "report": report,
        "findings": report.findings[:_SHOWN_FINDINGS],
        "columns": _columns(kind, data, files, report.mapping) if is_trial else [],
        "mapping": sorted(report.mapping.items()),
    }


def _mapping_of(request: HttpRequest) -> str | None:
    """Return the mapping that the form's columns name; None where they were not asked for."""
    headings = request.POST.getlist("heading")
    if not headings:
        return request.POST.get("named") or None
    chosen = dict(zip(headings, request.POST.getlist("column"), strict=False))
    return yaml.safe_dump(
        {"columns": {heading: title or remembered_mappings.NOT_USED for heading, title in chosen.items()}},
        allow_unicode=True,
    )


def _columns(kind: str, data: bytes, files: incoming.TabularFiles, taken: Any) -> list[dict[str, Any]]:
    """Return every heading of the file with what it is taken for, to be put right."""
    try:
        headings = files.headings(kind=kind, data=data)
    except incoming.UnableToReadFileError:
        return []
    known = files.columns(kind=kind)
    return [{"heading": one, "taken": taken.get(one, ""), "known": known} for one in headings]


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
    data, mapping = path.read_bytes(), request.POST.get("named") or None
    report = _read(request, kind, data, name, mapping=mapping, is_trial=True)
    refused = report.of_weight(incoming.Weight.REFUSED)
    content = files.error_file(kind=kind, data=data, findings=refused, language=language(), mapping=mapping)
    is_book = content[:2] == b"PK"
    kind_of_file = "application/octet-stream" if is_book else "text/csv; charset=utf-8"
    answer = HttpResponse(content, content_type=kind_of_file)
    answer["Content-Disposition"] = f'attachment; filename="errors.{"xlsx" if is_book else "csv"}"'
    return answer


@require_GET
@acting.page
def imports(request: HttpRequest) -> HttpResponse:
    """Show the files that were imported, what was taken back of them, and the mappings that are remembered."""
    acting.require(request, "see_sources")
    company, actor = acting.company_of(request), acting.actor_of(request)
    found = files_of_people.latest(company_id=company.pk, most=_SHOWN_ROWS)
    undone = files_of_people.undone(company_id=company.pk, file_ids=[one.id for one in found])
    context = {
        "files": [{"file": one, "kind": _kind(one.kind), "undone": undone.get(one.id)} for one in found],
        "mappings": [
            {"is": one, "kind": _kind(one.kind), "columns": _pairs(one.mapping)}
            for one in mappings.every(company_id=company.pk)
        ],
        "may": permissions.may(actor, company.pk, "import"),
    }
    return render(request, "web/imports.html", context)


@require_GET
@acting.page
def imported_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Show one imported file: the rows that it wrote, and what would become of them if it were taken back."""
    acting.require(request, "see_sources")
    company, actor = acting.company_of(request), acting.actor_of(request)
    file = files_of_people.by_id(company_id=company.pk, file_id=file_id)
    if file is None:
        raise Http404
    written = files_of_people.written(company_id=company.pk, file_id=file_id)
    undone = files_of_people.undone(company_id=company.pk, file_ids=[file_id]).get(file_id)
    may = permissions.may(actor, company.pk, "import")
    context = {
        "file": file,
        "kind": _kind(file.kind),
        "rows": written[:_SHOWN_ROWS],
        "written": len(written),
        "undone": undone,
        "kept": [(one, Words(zh=one["zh"], en=one["en"])) for one in undone.reasons] if undone else [],
        "may": may,
    }
    if "undo" in request.GET and may and undone is None:
        context |= _tried(request, file_id)
    return render(request, "web/imported_file.html", context)


def _tried(request: HttpRequest, file_id: UUID) -> dict[str, Any]:
    try:
        trial = undo_file.undo_file(
            company=acting.company_of(request),
            file_id=file_id,
            reason="-",
            actor=acting.actor_of(request),
            dry_run=True,
        )
    except UnableToError as refusal:
        return {"problem": refusal.words}
    return {"trial": trial, "reasons": trial.reasons()}


@require_POST
@acting.page
def undo(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Take back what a file brought, as far as that does no harm."""
    back = reverse("web:imported_file", args=[file_id])

    def effect() -> str:
        undo_file.undo_file(
            company=acting.company_of(request),
            file_id=file_id,
            reason=request.POST.get("reason", "").strip(),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已撤回。", en="Taken back.")
    return acting.act(request, action="import", effect=effect, back=back, done=done)


@require_POST
@acting.page
def forget_mapping(request: HttpRequest) -> HttpResponse:
    """Forget which column is which for files of some headings."""
    back = reverse("web:imports")

    def effect() -> str:
        remembered_mappings.forget(
            kind=request.POST.get("kind", ""),
            headings=request.POST.get("headings", ""),
            company=acting.company_of(request),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已忘记。", en="Forgotten.")
    return acting.act(request, action="import", effect=effect, back=back, done=done)


def _kind(kind: str) -> Words:
    return KINDS.get(kind) or Words(zh=kind, en=kind)


def _pairs(mapping: str) -> list[tuple[str, str]]:
    columns = (yaml_texts.read(mapping) or {}).get("columns") or {}
    return [
        (heading, "" if title == remembered_mappings.NOT_USED else str(title))
        for heading, title in columns.items()
    ]
