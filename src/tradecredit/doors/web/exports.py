"""Lists as XLSX and CSV: what the page shows, with typed cells and a sheet that says what it is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.plumbing import tables
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from tradecredit.analytics.dashboards.books import Row
    from tradecredit.analytics.dashboards.lists import Listing

FORMATS: Final = frozenset({"xlsx", "csv"})
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

RECEIVABLES: Final = (
    Column(key="customer_code", label=Words(zh="客户编码", en="customer code")),
    Column(key="customer_name", label=Words(zh="客户名称", en="customer name")),
    Column(key="number", label=Words(zh="发票号", en="invoice number")),
    Column(key="invoice_date", label=Words(zh="开票日期", en="invoice date"), kind="day"),
    Column(key="due_date", label=Words(zh="到期日", en="due date"), kind="day"),
    Column(key="days_overdue", label=Words(zh="逾期天数", en="days overdue"), kind="number"),
    Column(key="age_days", label=Words(zh="账龄天数", en="days since invoice"), kind="number"),
    Column(key="bucket", label=Words(zh="区间", en="bucket")),
    Column(key="currency", label=Words(zh="币种", en="currency")),
    Column(key="amount", label=Words(zh="应收金额", en="amount"), kind="amount"),
    Column(key="open_amount", label=Words(zh="未结清", en="open amount"), kind="amount"),
    Column(key="disputed_amount", label=Words(zh="争议金额", en="disputed amount"), kind="amount"),
    Column(key="region", label=Words(zh="区域", en="region")),
    Column(key="salesperson", label=Words(zh="业务员", en="salesperson")),
)
CUSTOMERS: Final = (
    Column(key="customer_code", label=Words(zh="客户编码", en="customer code")),
    Column(key="customer_name", label=Words(zh="客户名称", en="customer name")),
    Column(key="grade", label=Words(zh="信用等级", en="grade")),
    Column(key="currency", label=Words(zh="币种", en="currency")),
    Column(key="limit_amount", label=Words(zh="信用额度", en="limit"), kind="amount"),
    Column(key="used", label=Words(zh="已用", en="used"), kind="amount"),
    Column(key="available", label=Words(zh="可用", en="available"), kind="amount"),
    Column(key="open_amount", label=Words(zh="应收余额", en="receivables"), kind="amount"),
    Column(key="overdue", label=Words(zh="逾期金额", en="overdue"), kind="amount"),
    Column(key="oldest", label=Words(zh="最长逾期天数", en="most days overdue"), kind="number"),
    Column(key="region", label=Words(zh="区域", en="region")),
    Column(key="salesperson", label=Words(zh="业务员", en="salesperson")),
)


def answer(
    request: HttpRequest, listing: Listing, *, name: str, columns: Sequence[Column], labels: Sequence[Words]
) -> HttpResponse:
    """Return the list as the file that the address asks for."""
    table = Table(
        name=name,
        title=Words(zh="数据", en="Data"),
        columns=tuple(columns),
        rows=tuple(_cells(row, columns, labels) for row in listing.rows),
    )
    if request.GET["format"] == "csv":
        response = HttpResponse(
            tables.as_csv(table, language=language()), content_type="text/csv; charset=utf-8"
        )
        extension = "csv"
    else:
        about = _about(request, len(table.rows))
        response = HttpResponse(
            tables.as_xlsx(table, language=language(), about=about), content_type=_WORKBOOK
        )
        extension = "xlsx"
    day = acting.place_of(request).as_of.isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.{extension}"'
    return response


def _cells(row: Row, columns: Sequence[Column], labels: Sequence[Words]) -> tuple[Any, ...]:
    known = row | {"bucket": labels[row["bucket"]].in_language(language())} if labels else row
    return tuple(_cell(known[column.key], row["currency"]) for column in columns)


def _cell(value: Any, currency: str) -> Any:
    return Money(amount=value, currency=currency) if isinstance(value, Decimal) else value


def _about(request: HttpRequest, count: int) -> tuple[tuple[Words, str], ...]:
    return (
        (Words(zh="公司", en="Company"), acting.company_of(request).name),
        (Words(zh="截至", en="As of"), acting.place_of(request).as_of.isoformat()),
        (Words(zh="筛选", en="Filter"), request.GET.urlencode() or "–"),
        (Words(zh="行数", en="Rows"), str(count)),
        (Words(zh="导出人", en="Exported by"), acting.actor_of(request).name),
    )
