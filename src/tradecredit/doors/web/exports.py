"""Lists as XLSX and CSV: what the page shows, with typed cells and a sheet that says what it is."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from django.http import HttpResponse

from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.plumbing import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from tradecredit.analytics.dashboards.books import Row
    from tradecredit.analytics.dashboards.lists import Listing

    Columns = Sequence[tuple[str, Words]]

FORMATS: Final = frozenset({"xlsx", "csv"})

RECEIVABLES: Final = (
    ("customer_code", Words(zh="客户编码", en="customer code")),
    ("customer_name", Words(zh="客户名称", en="customer name")),
    ("number", Words(zh="发票号", en="invoice number")),
    ("invoice_date", Words(zh="开票日期", en="invoice date")),
    ("due_date", Words(zh="到期日", en="due date")),
    ("days_overdue", Words(zh="逾期天数", en="days overdue")),
    ("age_days", Words(zh="账龄天数", en="days since invoice")),
    ("bucket", Words(zh="区间", en="bucket")),
    ("currency", Words(zh="币种", en="currency")),
    ("amount", Words(zh="应收金额", en="amount")),
    ("open_amount", Words(zh="未结清", en="open amount")),
    ("disputed_amount", Words(zh="争议金额", en="disputed amount")),
    ("region", Words(zh="区域", en="region")),
    ("salesperson", Words(zh="业务员", en="salesperson")),
)
CUSTOMERS: Final = (
    ("customer_code", Words(zh="客户编码", en="customer code")),
    ("customer_name", Words(zh="客户名称", en="customer name")),
    ("grade", Words(zh="信用等级", en="grade")),
    ("currency", Words(zh="币种", en="currency")),
    ("limit_amount", Words(zh="信用额度", en="limit")),
    ("used", Words(zh="已用", en="used")),
    ("available", Words(zh="可用", en="available")),
    ("open_amount", Words(zh="应收余额", en="receivables")),
    ("overdue", Words(zh="逾期金额", en="overdue")),
    ("oldest", Words(zh="最长逾期天数", en="most days overdue")),
    ("region", Words(zh="区域", en="region")),
    ("salesperson", Words(zh="业务员", en="salesperson")),
)


def answer(
    request: HttpRequest, listing: Listing, *, name: str, columns: Columns, labels: Sequence[Words]
) -> HttpResponse:
    """Return the list as the file that the address asks for."""
    rows = [_labelled(row, labels) for row in listing.rows]
    if request.GET["format"] == "csv":
        response = HttpResponse(_csv(rows, columns), content_type="text/csv; charset=utf-8")
        extension = "csv"
    else:
        response = HttpResponse(
            _xlsx(request, rows, columns),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        extension = "xlsx"
    day = acting.place_of(request).as_of.isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.{extension}"'
    return response


def _labelled(row: Row, labels: Sequence[Words]) -> Row:
    return row | {"bucket": labels[row["bucket"]].in_language(language())} if labels else row


def _safe(value: Any) -> Any:
    return tables.harmless(value) if isinstance(value, str) else value


def _csv(rows: Sequence[Row], columns: Columns) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([words.in_language(language()) for _, words in columns])
    for row in rows:
        writer.writerow([_text(row[key], row["currency"]) for key, _ in columns])
    # The mark at the front lets Excel read UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _text(value: Any, currency: str) -> Any:
    if isinstance(value, Decimal):
        return money.plain(value, currency)
    return "" if value is None else _safe(value)


def _xlsx(request: HttpRequest, rows: Sequence[Row], columns: Columns) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("数据" if language() == "zh" else "Data")
        head = book.add_format({"bold": True, "bg_color": "#EAF0FA", "bottom": 1})
        formats = {
            Decimal: book.add_format({"num_format": "#,##0.00"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for at, (_, words) in enumerate(columns):
            sheet.write_string(0, at, words.in_language(language()), head)
        for line, row in enumerate(rows, start=1):
            for at, (key, _) in enumerate(columns):
                _cell(sheet, line, at, row[key], formats)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.set_column(0, len(columns) - 1, 16)
        _about(book, request, len(rows))
    return out.getvalue()


def _cell(sheet: Any, line: int, at: int, value: Any, formats: dict[type, Any]) -> None:
    match value:
        case None:
            return
        case Decimal():
            sheet.write_number(line, at, value, formats[Decimal])
        case date():
            sheet.write_datetime(line, at, value, formats[date])
        case int():
            sheet.write_number(line, at, value)
        case _:
            sheet.write_string(line, at, str(value))


def _about(book: Any, request: HttpRequest, count: int) -> None:
    is_zh = language() == "zh"
    sheet = book.add_worksheet("说明" if is_zh else "About")
    lines = (
        ("公司" if is_zh else "Company", acting.company_of(request).name),
        ("截至" if is_zh else "As of", acting.place_of(request).as_of.isoformat()),
        ("筛选" if is_zh else "Filter", request.GET.urlencode() or "–"),
        ("行数" if is_zh else "Rows", str(count)),
        ("导出人" if is_zh else "Exported by", acting.actor_of(request).name),
    )
    for at, (name, value) in enumerate(lines):
        sheet.write_string(at, 0, name)
        sheet.write_string(at, 1, value)
    sheet.set_column(0, 1, 28)
