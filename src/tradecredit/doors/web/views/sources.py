"""Other systems: how far each was read, what was refused, who was told of; describing one, comparing both sides."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.apps.sources import queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.sources.drafts import ConnectionDraft
from tradecredit.doors.web import acting
from tradecredit.flows import permissions, ports
from tradecredit.flows.sources import keep_connection, reconcile_source
from tradecredit.flows.sources.erps import KINDS, Erps
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.sources.queries import ConnectionRecord

KIND_NAMES: Final = {
    "customers": Words(zh="客户", en="Customers"),
    "invoices": Words(zh="发票", en="Invoices"),
    "credit-notes": Words(zh="红字发票", en="Credit notes"),
    "payments": Words(zh="回款", en="Payments"),
}
_DAYS_COMPARED: Final = 31
_STANDINGS_SHOWN: Final = 50


@require_http_methods(["GET", "POST"])
@acting.page
def sources(request: HttpRequest) -> HttpResponse:
    """Show every connection with its live status, and describe a new one."""
    if request.method == "POST":
        done = Words(zh="已保存数据源。", en="The source is kept.")
        back = reverse("web:sources")
        return acting.act(request, action="keep_sources", effect=lambda: _keep(request), back=back, done=done)
    company = acting.company_of(request)
    acting.require(request, "see_sources")
    erps = ports.find(Erps)
    found = queries.connections(company_id=company.pk)
    progress = queries.progress(connection_ids=[one.id for one in found])
    untold = queries.unwritten(connection_ids=[one.id for one in found])
    systems = erps.systems()
    chosen = systems.get(request.GET.get("system", ""))
    context = {
        "rows": [
            {
                "connection": one,
                "system": systems[one.system].label,
                "progress": _progress(one, progress.get(one.id, {})),
                "untold": untold.get(one.id, 0),
                "missing": erps.missing_secrets(one),
            }
            for one in found
        ],
        "systems": systems.values(),
        "chosen": chosen,
        "kinds": [(kind, KIND_NAMES[kind]) for kind in (chosen.kinds if chosen else KINDS)],
        "may": permissions.may(acting.actor_of(request), company.pk, "keep_sources"),
    }
    return render(request, "web/sources.html", context)


def _progress(connection: ConnectionRecord, found: Any) -> list[dict[str, Any]]:
    return [{"kind": KIND_NAMES[kind], "is": found.get(kind)} for kind in KINDS if kind in connection.kinds]


def _keep(request: HttpRequest) -> str:
    company = acting.company_of(request)
    erps = ports.find(Erps)
    system = erps.systems().get(request.POST.get("system", ""))
    code = request.POST.get("code", "").strip()
    draft = ConnectionDraft(
        code=code,
        system=request.POST.get("system", ""),
        label=request.POST.get("label", "").strip() or code,
        settings={
            name: request.POST.get(f"set_{name}", "").strip() for name in (system.settings if system else ())
        },
        described=request.POST.get("described", ""),
        kinds=tuple(request.POST.getlist("kinds")),
        every_minutes=_whole(request.POST.get("every_minutes", "5")),
        writes_back=bool(request.POST.get("writes_back")),
        is_active=not request.POST.get("is_off"),
    )
    keep_connection.keep_connection(company=company, draft=draft, actor=acting.actor_of(request), erps=erps)
    return reverse("web:source", args=[code])


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0


@require_GET
@acting.page
def source(request: HttpRequest, code: str) -> HttpResponse:
    """Show one connection: each kind's progress, the latest portions, what it was told, and a comparison if asked for."""
    acting.require(request, "see_sources")
    company = acting.company_of(request)
    found = queries.connection(company_id=company.pk, code=code)
    if found is None:
        raise Http404
    erps = ports.find(Erps)
    system = erps.systems()[found.system]
    context = {
        "connection": found,
        "system": system,
        "settings": [(label, found.settings.get(name, "")) for name, label in system.settings.items()],
        "named_settings": [
            (name, label, found.settings.get(name, "")) for name, label in system.settings.items()
        ],
        "missing": erps.missing_secrets(found),
        "progress": _progress(found, queries.progress(connection_ids=[found.id]).get(found.id, {})),
        "portions": queries.portions(connection_id=found.id),
        "kind_names": KIND_NAMES,
        "kinds": [(kind, KIND_NAMES[kind]) for kind in system.kinds],
        "standings": queries.standings(connection_id=found.id, most=_STANDINGS_SHOWN).values(),
        "may": permissions.may(acting.actor_of(request), company.pk, "keep_sources"),
        **_compared(request, found, erps),
    }
    return render(request, "web/source.html", context)


def _compared(request: HttpRequest, found: ConnectionRecord, erps: Erps) -> dict[str, Any]:
    """Return both sides of the days that the address names; nothing is asked of the system otherwise."""
    company = acting.company_of(request)
    ends = clock.today(company) + timedelta(days=1)
    shown: dict[str, Any] = {"begins": ends - timedelta(days=_DAYS_COMPARED), "ends": ends}
    if "from" not in request.GET:
        return shown
    try:
        shown |= {
            name: date.fromisoformat(request.GET[key]) for name, key in (("begins", "from"), ("ends", "to"))
        }
    except (KeyError, ValueError):
        shown["problem"] = Words(zh="请填写起止日期。", en="Give the first day and the day after the last.")
        return shown
    try:
        shown["tallies"] = [
            {"kind": KIND_NAMES[one.kind], "is": one}
            for one in reconcile_source.reconcile_source(
                company=company,
                code=found.code,
                begins=shown["begins"],
                ends=shown["ends"],
                actor=acting.actor_of(request),
                erps=erps,
            )
        ]
    except UnableToError as refusal:
        shown["problem"] = refusal.words
    return shown


@require_POST
@acting.page
def sync(request: HttpRequest, code: str) -> HttpResponse:
    """Let the worker read the connection now, from the beginning where that was asked for."""
    back = reverse("web:source", args=[code])

    def effect() -> str:
        keep_connection.make_due(
            company=acting.company_of(request),
            code=code,
            from_beginning=bool(request.POST.get("again")),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已安排，后台会立即读取。", en="It will be read at once.")
    return acting.act(request, action="keep_sources", effect=effect, back=back, done=done)
