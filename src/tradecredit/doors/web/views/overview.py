"""The overview: where is money stuck, who is late, what is left to grant."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tradecredit.analytics.approvals import inbox as requests_waiting
from tradecredit.analytics.dashboards import installation, portfolio, work
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, figures, inbox
from tradecredit.doors.web.charts import bars, heat, lines
from tradecredit.doors.web.templatetags.tc import language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from tradecredit.analytics.dashboards.books import Place, Row
    from tradecredit.analytics.dashboards.portfolio import Receivables, Turnover
    from tradecredit.doors.web.charts.svg import Chart

_SHOWN: Final = 4
_STEPS: Final = (
    ("customers", "import", "?kind=customers", Words(zh="导入自己的客户", en="Import your customers")),
    ("invoices", "import", "?kind=invoices", Words(zh="导入未结清的发票", en="Import open invoices")),
    ("payments", "import", "?kind=payments", Words(zh="导入回款", en="Import payments")),
    ("limits", "limits", "", Words(zh="给客户授信", en="Grant credit lines")),
    ("check", "order_check", "", Words(zh="检查第一张订单", en="Check a first order")),
    ("policy", "settings", "#policy", Words(zh="调整信用政策", en="Adjust the credit policy")),
    ("colleagues", "settings", "#people", Words(zh="邀请同事", en="Invite colleagues")),
)


@require_GET
@acting.page
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the figures of one currency, each leading to the rows that make it."""
    place, actor = acting.place_of(request), acting.actor_of(request)
    known = portfolio.currencies(place) or (acting.company_of(request).base_currency,)
    currency = request.GET.get("currency", "")
    currency = currency if currency in known else known[0]
    owed = portfolio.receivables(place, currency=currency)
    credit = portfolio.credit(place, currency=currency)
    turnover = portfolio.turnover(place, currency=currency)
    requests = requests_waiting.waiting(company_id=place.company_id, actor=actor, day=place.as_of)
    tasks = work.tasks(company_id=place.company_id, actor=actor)
    held = work.held_orders(place)
    done = installation.steps_done(company_id=place.company_id)
    context = {
        "as_of": place.as_of,
        "currency": currency,
        "currencies": known,
        "cards": _cards(owed, credit, turnover, currency),
        "heat": _heat(owed, place, currency),
        "top": _top(owed, place, currency),
        "overdue_url": _rows_url(currency, state="overdue"),
        "dso": _dso(turnover, place),
        "grades": _grades(portfolio.grades(place), place),
        "tasks": [inbox.line_of_request(one) for one in requests[:_SHOWN]]
        + [inbox.line_of_task(one) for one in tasks[: _SHOWN - len(requests[:_SHOWN])]],
        "task_count": len(requests) + len(tasks),
        "held": [inbox.held_line(row) for row in held[:_SHOWN]],
        "held_count": len(held),
        "checklist": _checklist(done),
    }
    return render(request, "web/dashboard.html", context)


def _checklist(done: Row) -> dict[str, Any] | None:
    steps = [
        {"words": words, "url": reverse(f"web:{name}") + suffix, "is_done": done[key]}
        for key, name, suffix, words in _STEPS
    ]
    count = sum(bool(step["is_done"]) for step in steps)
    return {"steps": steps, "done": count} if count < len(steps) else None


def _rows_url(currency: str, **filters: object) -> str:
    return f"{reverse('web:receivables')}?{urlencode({'currency': currency, **filters})}"


def _cards(owed: Receivables, credit: Row, turnover: Sequence[Turnover], currency: str) -> list[Row]:
    days = turnover[-1].days.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) if turnover else "–"
    return [
        *_owed_cards(owed, currency),
        _credit_card(credit, currency),
        {
            "name": "dso",
            "words": Words(zh="应收周转天数（DSO）", en="Days sales outstanding"),
            "value": days,
            "url": "#h-dso",
            "note": Words(zh="天，按近三个月销售", en="days, on three months of sales"),
        },
    ]


def _owed_cards(owed: Receivables, currency: str) -> tuple[Row, Row]:
    share = figures.percent(owed.overdue_amount, owed.open_amount)
    everything = {
        "name": "receivables",
        "words": Words(zh="应收余额", en="Receivables"),
        "value": owed.open_amount,
        "currency": currency,
        "url": _rows_url(currency),
        "note": Words(zh=f"{owed.open_count:,} 笔未结清", en=f"{owed.open_count:,} open invoice lines"),
    }
    late = {
        "name": "overdue",
        "words": Words(zh="逾期", en="Overdue"),
        "value": owed.overdue_amount,
        "currency": currency,
        "tone": "bad" if owed.overdue_amount else "",
        "url": _rows_url(currency, state="overdue"),
        "note": Words(
            zh=f"{owed.overdue_customers} 户，占应收 {share}",
            en=f"{owed.overdue_customers} customers, {share} of receivables",
        ),
    }
    return everything, late


def _credit_card(credit: Row, currency: str) -> Row:
    granted, used = (
        tuple(figures.short(credit[name], currency, language=code) for code in ("zh", "en"))
        for name in ("granted", "used")
    )
    query = urlencode({"currency": currency, "state": "granted"})
    return {
        "name": "available",
        "words": Words(zh="可用额度", en="Available credit"),
        "value": credit["available"],
        "currency": currency,
        "part": credit["used"],
        "whole": credit["granted"],
        "url": f"{reverse('web:customers')}?{query}",
        "note": Words(
            zh=f"已授 {granted[0]}，已用 {used[0]}，超额 {credit['over']} 户",
            en=f"Granted {granted[1]}, used {used[1]}, {credit['over']} over limit",
        ),
    }


def _heat(owed: Receivables, place: Place, currency: str) -> dict[str, Any]:
    def cells(amounts: Sequence[Decimal], **filters: object) -> list[tuple[Decimal, str]]:
        return [(amount, _rows_url(currency, bucket=at, **filters)) for at, amount in enumerate(amounts)]

    rows = heat.rows(
        [
            (one.name, reverse("web:customer", args=[one.code]), cells(one.amounts, customer=one.code))
            for one in owed.customers
        ]
    )
    return {
        "buckets": [bucket.label for bucket in owed.scheme.buckets],
        "rows": rows,
        "currency": currency,
        "totals": [{"amount": amount, "url": url} for amount, url in cells(owed.buckets)],
        "total": owed.open_amount,
        "url": _rows_url(currency),
        "basis": _basis(place, currency),
        "finding": _late_share(owed, currency),
        "total_label": Words(zh="全部客户", en="All customers"),
    }


def _basis(place: Place, unit: str) -> str:
    shown = figures.day(place.as_of, language=language())
    return f"{unit} · 截至 {shown}" if language() == "zh" else f"{unit} · as of {shown}"


def _late_share(owed: Receivables, currency: str) -> str:
    if not owed.top_overdue:
        return "没有逾期。" if language() == "zh" else "Nothing is overdue."
    three = owed.top_overdue[:3]
    share = figures.percent(sum((row["overdue"] for row in three), Decimal(0)), owed.overdue_amount)
    amount = figures.with_sign(figures.short(owed.overdue_amount, currency, language=language()), currency)
    if language() == "zh":
        return f"逾期 {amount},其中 {len(three)} 户占 {share}"
    return f"{amount} is overdue; {len(three)} customers hold {share} of it"


def _top(owed: Receivables, place: Place, currency: str) -> Chart | None:
    items = [
        bars.amount_bar(
            row["name"],
            row["overdue"],
            currency,
            language=language(),
            url=_rows_url(currency, state="overdue", customer=row["code"]),
            colour="late",
        )
        for row in owed.top_overdue
    ]
    headers = ("客户", "逾期金额") if language() == "zh" else ("Customer", "Overdue")
    finding, basis = _late_share(owed, currency), _basis(place, currency)
    return bars.bars(items, finding=finding, basis=basis, headers=headers) if items else None


def _dso(turnover: Sequence[Turnover], place: Place) -> Chart | None:
    if len(turnover) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    is_zh = language() == "zh"
    change = (turnover[-1].days - turnover[0].days).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    since = figures.short_day(turnover[0].on, language=language())
    now = turnover[-1].days.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if is_zh:
        finding = f"DSO {now} 天,比{since}{'慢' if change > 0 else '快'} {abs(change)} 天"
    else:
        finding = (
            f"DSO is {now} days, {abs(change)} days {'slower' if change > 0 else 'faster'} than in {since}"
        )
    look = lines.Look(
        finding=finding,
        basis=_basis(place, "天,按此前三个月销售" if is_zh else "days, on the three months of sales before"),
        language=language(),
        headers=("日期", "DSO(天)") if is_zh else ("Day", "DSO (days)"),
        write=lambda value: f"{value:.0f}",
    )
    return lines.line([lines.Point(on=one.on, value=one.days) for one in turnover], look)


def _grades(rows: Sequence[Row], place: Place) -> Chart | None:
    if not rows:
        return None
    is_zh = language() == "zh"
    total = sum(row["count"] for row in rows)
    items = [
        bars.Bar(
            label=row["grade"] or ("未评级" if is_zh else "Not rated"),
            value=Decimal(row["count"]),
            shown=f"{row['count']} {'户' if is_zh else ''} · {figures.percent(Decimal(row['count']), Decimal(total))}",
            url=f"{reverse('web:customers')}?"
            + urlencode({"grade": row["grade"]} if row["grade"] else {"state": "unrated"}),
            colour="brand" if row["grade"] else "soft",
        )
        for row in rows
    ]
    largest = max(rows, key=lambda row: row["count"])
    name = largest["grade"] or ("未评级" if is_zh else "not rated")
    share = figures.percent(Decimal(largest["count"]), Decimal(total))
    finding = (
        f"{total} 户中 {name} 级最多,占 {share}"
        if is_zh
        else f"{name} is the most frequent grade: {share} of {total} customers"
    )
    headers = ("等级", "户数") if is_zh else ("Grade", "Customers")
    basis = _basis(place, "户" if is_zh else "customers")
    return bars.bars(items, finding=finding, basis=basis, headers=headers)
