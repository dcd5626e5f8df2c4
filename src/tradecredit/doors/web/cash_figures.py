"""Pictures of the cash desk: receipts matched and waiting by day, and who matched them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import cash_desk
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web.charts import bars
from tradecredit.doors.web.templatetags.tc import language

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.analytics.dashboards.books import Place
    from tradecredit.doors.web.charts import svg

_SOURCES = {
    "booked": Words(zh="自动核销", en="Booked by itself"),
    "accepted": Words(zh="人工确认建议", en="Suggestion accepted"),
    "by_hand": Words(zh="手工核销", en="By hand"),
}
_FINDING = Words(
    zh="近14天到账 {all} 笔，其中 {waiting} 笔待认领",
    en="{all} receipts in 14 days, {waiting} of them waiting",
)
_BASIS = Words(zh="按记账日，笔数", en="By booking day, number of lines")
_HEADERS = (Words(zh="记账日", en="Booked"), Words(zh="已核销 / 全部", en="Matched / all"))


def matched_by_day(place: Place) -> svg.Chart | None:
    """Return the receipts of the last days, matched and in all; None when there were none."""
    rows = cash_desk.by_day(company_id=place.company_id, day=place.as_of)
    if not rows:
        return None
    spoken = language()
    total = sum(row["matched"] + row["waiting"] for row in rows)
    waiting = sum(row["waiting"] for row in rows)
    drawn = [
        bars.Bar(
            label=f"{row['day']:%Y-%m-%d}",
            value=Decimal(row["matched"]),
            shown=f"{row['matched']} / {row['matched'] + row['waiting']}",
            colour="brand",
        )
        for row in rows
    ]
    return bars.bars(
        drawn,
        finding=_FINDING.filled(all=total, waiting=waiting).in_language(spoken),
        basis=_BASIS.in_language(spoken),
        headers=(_HEADERS[0].in_language(spoken), _HEADERS[1].in_language(spoken)),
    )


def sources(company_id: UUID) -> list[tuple[Words, int]]:
    """Return how many lines each kind of match has, in words."""
    return [(_SOURCES[row["source"]], row["lines"]) for row in cash_desk.sources(company_id=company_id)]
