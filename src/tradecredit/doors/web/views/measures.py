"""Aging and every other measure of receivables: any day, as known at any moment, by any group, down to documents."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from tradecredit.analytics import reports
from tradecredit.analytics.receivables import aging, drill, policies, tables
from tradecredit.analytics.receivables.drill import Cell
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, exports
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.plumbing import tables as plain_tables

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tradecredit.analytics.receivables.aging import AgedGroup, AgingReport
    from tradecredit.plumbing.tables import Table

MEASURES: Final = {
    "dso": Words(zh="DSO / ADD / CEI", en="DSO, ADD, CEI"),
    "days-to-pay": Words(zh="付款天数", en="Days to pay"),
    "collection-rate": Words(zh="回款率", en="Collection rates"),
    "bad-debts": Words(zh="坏账率", en="Bad debts"),
    "provision": Words(zh="坏账准备", en="Provision"),
    "abc": Words(zh="ABC 分类", en="ABC classes"),
    "collection-progress": Words(zh="合同回款进度", en="Collection progress"),
    "statement-of-account": Words(zh="对账明细", en="Statement of account"),
    "expected-payments": Words(zh="预计回款", en="Expected payments"),
}
BY: Final = {
    "customer": Words(zh="客户", en="Customer"),
    "salesperson": Words(zh="业务员", en="Salesperson"),
    "region": Words(zh="区域", en="Region"),
    "grade": Words(zh="等级", en="Grade"),
    "company": Words(zh="公司", en="Company"),
}
# Said on the page where the figures stand: which variant of each measure it is.
FORMULAS: Final = {
    "dso": Words(
        zh="简单法 = 未清 ÷ 期间赊销额 × 天数；倒推法从最近月份逐月扣减；最佳 = 未到期 ÷ 赊销额 × 天数；ADD = DSO − 最佳；CEI = （期初 + 赊销 − 期末） ÷ （期初 + 赊销 − 期末未到期）。",
        en="Simple = open / credit sales x days; count-back takes whole months from the newest; best possible = not due / credit sales x days; ADD = DSO - best; CEI = (begin + sales - end) / (begin + sales - end not due).",
    ),
    "days-to-pay": Words(
        zh="按金额加权，口径为期间内到期的应收；未付的算到今天。WADL 有正负，逐笔拖欠天数只算超期部分。",
        en="Weighted by amount over what fell due in the period; unpaid items count up to the day. WADL is signed; days delinquent by item count only what is late.",
    ),
    "collection-rate": Words(
        zh="回款及时率 = 到期日当天已收 ÷ 期间到期（分金额、笔数两种）；回款率 = 期间核销 ÷（期初已到期 + 期间到期）。",
        en="On time = there on the due day / fell due in the period (by amount and by count); collection rate = applied in the period / (due at begin + fell due).",
    ),
    "bad-debts": Words(
        zh="坏账率 =（坏账核销 − 坏账收回）÷ 赊销额，或 ÷ 平均应收（（期初 + 期末）÷ 2）。",
        en="(Written off - recovered) / credit sales, or / average receivables ((begin + end) / 2).",
    ),
    "provision": Words(
        zh="准备 = 余额 × 损失率 × 前瞻系数，每格四舍五入一次；迁徙率法的损失率 = 逐级迁徙率之积 × 最后一级损失率 × LGD。",
        en="Allowance = balance x loss rate x forward-looking factor, rounded once a bucket; by roll rates the loss rate is the product of the rolls x the last bucket's loss x LGD.",
    ),
    "expected-payments": Words(
        zh="由启用中的付款时间模型按开票时已知的付款记录预测；只供安排资金与跟进，不参与任何判定。",
        en="Forecast by the model of lateness in use from what was known when the invoice was issued; for planning and follow-up, never for a verdict.",
    ),
    "abc": Words(
        zh="由稳到险排序（先逾期天数，后金额），按客户中点所在的累计占比归类：金额口径与户数口径并列。",
        en="Sorted from safe to risky (days overdue, then amount); a customer belongs where its middle lies on the cumulative share, by amount and by count.",
    ),
}  # fmt: skip


@require_GET
@acting.page
def aged(request: HttpRequest) -> HttpResponse:
    """Show the aging of a day, as known at a moment, by a group; every figure opens its documents."""
    place = acting.place_of(request)
    by, scheme = _by(request, default="customer"), request.GET.get("scheme", policies.DEFAULT_SCHEME)
    day, moment = _day(request, place.as_of), _moment(request)
    report = aging.aging(as_of=day, known_at=moment, by=(by,), scheme=scheme, company_id=place.company_id)
    if request.GET.get("format") in exports.FORMATS:
        return _file(request, tables.aging_table(report))
    context = {
        **_asked(request, day, by),
        "report": report,
        "groups": _named([_cells(request, report, group, by) for group in report.groups], by),
        "totals": [_cells(request, report, total, by, is_total=True) for total in report.totals],
        "schemes": policies.in_force(company_id=place.company_id, as_of=day).schemes.values(),
    }
    return render(request, "web/aging.html", context)


@require_GET
@acting.page
def cell(request: HttpRequest) -> HttpResponse:
    """Show the documents behind one figure of the aging; their total is that figure."""
    place = acting.place_of(request)
    day = _day(request, place.as_of)
    group = {name: request.GET[f"of_{name}"] for name in BY if f"of_{name}" in request.GET}
    wanted = Cell(
        column=request.GET.get("column", "open"), currency=request.GET.get("currency", "CNY"), group=group
    )
    found = drill.documents(
        cell=wanted, as_of=day, known_at=_moment(request),
        scheme=request.GET.get("scheme", policies.DEFAULT_SCHEME), company_id=place.company_id,
    )  # fmt: skip
    if request.GET.get("format") in exports.FORMATS:
        return _file(request, drill.documents_table(found))
    labels = {bucket.key: bucket.label for bucket in found.scheme.buckets}
    context = {
        "found": found,
        "cell": wanted,
        "label": labels.get(wanted.column) or APART.get(wanted.column),
        "group": ", ".join(group.values()),
        "day": day,
        "back": f"{reverse('web:aging')}?{urlencode({k: v for k, v in request.GET.items() if k in {'as_of', 'known_at', 'by', 'scheme'}})}",
    }
    return render(request, "web/aging_cell.html", context)


@require_GET
@acting.page
def measure(request: HttpRequest, name: str = "dso") -> HttpResponse:
    """Show one measure with its formula; any day, as known at any moment, by any group."""
    place = acting.place_of(request)
    chosen = name if name in MEASURES else "dso"
    by, day = _by(request, default="company"), _day(request, place.as_of)
    asked = reports.ReportRequest(as_of=day, known_at=_moment(request), by=(by,), company_id=place.company_id)
    shown = {
        **_asked(request, day, by),
        "name": chosen,
        "measures": MEASURES.items(),
        "formula": FORMULAS.get(chosen),
    }
    try:
        table = reports.make(name=chosen, request=asked)
    except UnableToError as refusal:
        # A measure that is not set up yet says so under its own heading.
        return render(
            request, "web/measures.html", {**shown, "refused": refusal.words, "title": MEASURES[chosen]}
        )
    if request.GET.get("format") in exports.FORMATS:
        return _file(request, table)
    context = {
        **shown,
        "title": table.title,
        "table": table,
        "rows": [_row(table, row) for row in table.rows[:500]],
        "count": len(table.rows),
    }
    return render(request, "web/measures.html", context)


APART: Final = {
    "open": Words(zh="未清合计", en="Open"),
    "unapplied_cash": Words(zh="未核销款", en="Unapplied cash"),
    "credit_notes": Words(zh="未抵扣贷项", en="Open credit notes"),
    "disputed": Words(zh="其中争议", en="Of which disputed"),
    "bills": Words(zh="在手票据", en="Bills outstanding"),
}


def _named(groups: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """Put the names beside the codes of customers."""
    if by != "customer":
        return groups
    known = dossier.customers_by_code({group["name"] for group in groups})
    return [
        {**group, "title": known[group["name"]].name if group["name"] in known else ""} for group in groups
    ]


def _cells(
    request: HttpRequest, report: AgingReport, group: AgedGroup, by: str, *, is_total: bool = False
) -> dict[str, Any]:
    """Return a row of the aging with an address behind every figure."""
    kept = {name: request.GET[name] for name in ("as_of", "known_at", "scheme") if request.GET.get(name)}
    of = {} if is_total else {f"of_{by}": group.keys[0]}

    def link(column: str) -> str:
        query = {**kept, "by": by, "currency": group.currency, "column": column, **of}
        return f"{reverse('web:aging_cell')}?{urlencode(query)}"

    figures = [
        *(
            (bucket.key, amount)
            for bucket, amount in zip(report.scheme.buckets, group.aged.amounts, strict=True)
        ),
        *((name, getattr(group.aged, name)) for name in APART),
    ]
    return {
        "name": group.keys[0] if group.keys else "",
        "currency": group.currency,
        "net": group.aged.net,
        "figures": [{"amount": amount, "link": link(key)} for key, amount in figures],
        "items": group.items,
    }


def _asked(request: HttpRequest, day: date, by: str) -> dict[str, Any]:
    return {
        "day": day,
        "by": by,
        "known_at": request.GET.get("known_at", ""),
        "dimensions": BY.items(),
        "apart": APART.values(),
    }


def _by(request: HttpRequest, *, default: str) -> str:
    wanted = request.GET.get("by", default)
    return wanted if wanted in BY else default


def _day(request: HttpRequest, today: date) -> date:
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return today


def _moment(request: HttpRequest) -> datetime | None:
    """Return the end of the day up to which entries are known; None for everything known now."""
    try:
        day = date.fromisoformat(request.GET.get("known_at", ""))
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time.max))


def _row(table: Table, row: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {
            "kind": column.kind,
            "money": value if isinstance(value, Money) else None,
            "text": plain_tables.as_text(value),
        }
        for column, value in zip(table.columns, row, strict=True)
    ]


def _file(request: HttpRequest, table: Table) -> HttpResponse:
    form = request.GET["format"]
    content = (plain_tables.as_xlsx if form == "xlsx" else plain_tables.as_csv)(table, language=language())
    kind = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" if form == "xlsx" else "text/csv"
    )
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    return response
