"""The pictures and indicators of the 360° page."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import figures
from tradecredit.doors.web.charts import bars, lines
from tradecredit.doors.web.templatetags.tc import language

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.analytics.dashboards.books import Row
    from tradecredit.analytics.dashboards.customer_file import CustomerFile
    from tradecredit.apps.scoring.queries import RatingRecord
    from tradecredit.core.receivables.payment_behaviour import Behaviour
    from tradecredit.doors.web.charts.svg import Chart

_POINTS_MAX = 120


def exposure(
    found: CustomerFile, history: Sequence[tuple[date, Decimal]], *, account: Row, as_of: date
) -> Chart | None:
    """Return the exposure over time against the limit of each day; today's point counts what is reserved too."""
    if not history:
        return None
    currency, used = account["currency"], account["used"]
    step = max(len(history) // _POINTS_MAX, 1)
    kept = [*(one for one in history[::step] if one[0] < as_of), (as_of, used)]
    points = [
        lines.Point(on=day, value=max(total, Decimal(0)), second=_limit_on(found, day, currency))
        for day, total in kept
    ]
    is_zh = language() == "zh"
    written = figures.with_sign(figures.short(used, currency, language=language()), currency)
    share = figures.percent(used, account["limit_amount"]) if account["limit_amount"] else ""
    finding = f"目前占用 {written}" if is_zh else f"Exposure is {written}"
    if share:
        finding += f"，为额度的 {share}" if is_zh else f", {share} of the limit"
    day = figures.day(as_of, language=language())
    look = lines.Look(
        finding=finding,
        basis=f"{currency} · 截至 {day} · 虚线为额度"
        if is_zh
        else f"{currency} · as of {day} · dashed: limit",
        language=language(),
        headers=("日期", "占用", "额度") if is_zh else ("Day", "Exposure", "Limit"),
        write=lambda value: figures.short(value, currency, language=language()),
        has_area=True,
    )
    return lines.line(points, look)


def _limit_on(found: CustomerFile, day: date, currency: str) -> Decimal | None:
    for record in found.line_history:
        line = record.line
        is_ours = record.currency == currency and line.kind == "base"
        if is_ours and line.validity.valid_from <= day and isinstance(line.limit, Amount):
            return line.limit.money.amount
    return None


def delays(rows: Sequence[Row], *, as_of: date) -> Chart | None:
    """Return a dot for each settled instalment: days before or after its due day."""
    if not rows:
        return None
    is_zh = language() == "zh"
    late = sum(row["days"] > 0 for row in rows)
    share = figures.percent(Decimal(late), Decimal(len(rows)))
    finding = (
        f"最近 {len(rows)} 笔付款中 {late} 笔晚于到期日（{share}）"
        if is_zh
        else f"{late} of the latest {len(rows)} payments came after the due day ({share})"
    )
    day = figures.day(as_of, language=language())
    look = lines.Look(
        finding=finding,
        basis=f"天,正数为晚付 · 截至 {day}" if is_zh else f"days, above zero is late · as of {day}",
        language=language(),
        headers=("发票", "结清日", "晚付天数") if is_zh else ("Invoice", "Settled", "Days late"),
        write=lambda value: f"{value:.0f}",
        legend=(("good", "按期或提前" if is_zh else "On time"), ("bad", "晚付" if is_zh else "Late")),
    )
    points = [
        lines.Point(on=row["day"], value=Decimal(row["days"]), label=row["number"]) for row in reversed(rows)
    ]
    return lines.dots(points, look)


def parts(rating: RatingRecord | None) -> Chart | None:
    """Return the parts of the score as bars, each out of a hundred."""
    if rating is None:
        return None
    items = [bar for part in rating.result.get("parts", ()) if (bar := _part(part)) is not None]
    if not items:
        return None
    weakest = min(items, key=lambda item: item.value)
    is_zh = language() == "zh"
    finding = (
        f"最弱的一项是“{weakest.label}”：{weakest.shown}"
        if is_zh
        else f"The weakest part is {weakest.label}: {weakest.shown}"
    )
    day = figures.day(rating.as_of, language=language())
    basis = f"分，满分 100 · 评于 {day}" if is_zh else f"points out of 100 · rated {day}"
    return bars.bars(
        items, finding=finding, basis=basis, headers=("项目", "得分") if is_zh else ("Part", "Score")
    )


def _part(part: dict[str, Any]) -> bars.Bar | None:
    if part.get("points") is None:
        return None
    value = Decimal(str(part["points"]))
    return bars.Bar(label=str(part["label"][language()]), value=value, shown=f"{value:.1f}")


def indicators(one: Behaviour) -> dict[str, Any]:
    """Return how a customer pays in one currency, as labelled figures."""
    rate = one.on_time_rate_by_amount
    return {
        "currency": one.currency,
        "figures": [
            (Words(zh="按期付款率（金额）", en="Paid on time (amount)"), _percent(rate)),
            (Words(zh="按期付款率（笔数）", en="Paid on time (count)"), _percent(one.on_time_rate_by_count)),
            (Words(zh="逾期次数", en="Times overdue"), _plain(one.overdue_count)),
            (Words(zh="平均晚付天数", en="Average days late"), _plain(one.average_days_late)),
            (Words(zh="最长晚付天数", en="Most days late"), _plain(one.max_days_late)),
            (Words(zh="加权付款天数", en="Weighted days to pay"), _plain(one.weighted_days_to_pay)),
            (Words(zh="连续按期笔数", en="On-time streak"), _plain(one.on_time_streak)),
            (Words(zh="开票笔数", en="Invoices"), _plain(one.invoice_count)),
        ],
        "trend": one.trend,
        "sample": one.sample_size,
    }


def _percent(value: Decimal | None) -> str:
    if value is None:
        return "–"
    return figures.percent(value, Decimal(1) if value <= 1 else Decimal(100))


def _plain(value: Decimal | int | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, Decimal) else f"{value:,}"
