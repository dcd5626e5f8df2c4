"""Twenty ugly spreadsheets of open invoices, as people have them; made anew each time, nothing real in them.

Every sheet but the hopeless ones says the same three invoices: which is what has to come out.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Callable

INVOICES = (
    ("C001", "示例机械甲有限公司", "FP-0001", date(2026, 1, 5), date(2026, 2, 4), Decimal("12345.50")),
    ("C002", "示例贸易乙有限公司", "FP-0002", date(2026, 1, 16), date(2026, 3, 17), Decimal("880000.00")),
    ("C003", "示例食品丙有限公司", "FP-0003", date(2026, 2, 28), date(2026, 3, 30), Decimal("500.00")),
)
HEAD = ["客户编码", "客户名称", "发票号码", "开票日期", "到期日", "金额"]
_FULL = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def rows(**how: Callable[..., Any]) -> list[list[Any]]:
    """The invoices as rows of a sheet; ``day`` and ``amount`` say how these are written."""
    day, amount = how.get("day", lambda d: d), how.get("amount", float)
    return [[c, n, f, day(i), day(d), amount(a)] for c, n, f, i, d, a in INVOICES]


def book(
    lines: list[list[Any]],
    *,
    merged: tuple[tuple[str, str], ...] = (),
    prepare: Callable[[Any, Any], None] | None = None,
    before: Callable[[Any], None] | None = None,
    name: str = "应收明细",
) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        if before:
            before(workbook)
        sheet = workbook.add_worksheet(name)
        as_day = workbook.add_format({"num_format": "yyyy/m/d"})
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, as_day)
                elif cell is not None:
                    sheet.write(number, column, cell)
        for area, text in merged:
            sheet.merge_range(area, text)
        if prepare:
            prepare(workbook, sheet)
    return target.getvalue()


def text(lines: list[list[Any]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join(map(str, line)) for line in lines).encode(encoding)


def _gbk() -> bytes:
    return text([HEAD, *rows(day=lambda d: d.strftime("%Y/%m/%d"), amount=str)], encoding="gbk")


def _utf16_tabs() -> bytes:
    return text([HEAD, *rows(amount=str)], encoding="utf-16", delimiter="\t")


def _title_and_unit() -> bytes:
    lines = [["应收账款明细表"], ["编制单位:示例机电有限公司", None, None, "单位:万元"], [], HEAD]
    return book([*lines, *rows(amount=lambda a: float(a / 10000))])


def _unit_in_the_heading() -> bytes:
    return book([[*HEAD[:-1], "应收金额(万元)"], *rows(amount=lambda a: float(a / 10000))])


def _two_row_head() -> bytes:
    upper = ["客户", None, "单据", None, None, "金额"]
    lower = ["编码", "名称", "发票号码", "开票日期", "到期日", "价税合计"]
    return book([upper, lower, *rows()], merged=(("A1:B1", "客户"), ("C1:E1", "单据")))


def _merged_customers() -> bytes:
    lines = [HEAD]
    for number, row in enumerate(rows()):
        lines += [row, [None, None, f"FP-1{number:03d}", row[3], row[4], 10.0]]
    areas = (
        (f"{c}{2 + 2 * n}:{c}{3 + 2 * n}", INVOICES[n][i]) for n in range(3) for i, c in ((0, "A"), (1, "B"))
    )
    return book(lines, merged=tuple(areas))


def _full_width() -> bytes:
    wide = lambda d: d.isoformat().translate(_FULL)  # noqa: E731 - one use
    return book([HEAD, *rows(day=wide, amount=lambda a: f"￥{a:,.2f}".translate(_FULL))])


def _text_days() -> bytes:
    return book([HEAD, *rows(day=lambda d: f"{d.year}年{d.month}月{d.day}日", amount=lambda a: f"{a:,.2f}")])


def _eight_digit_days() -> bytes:
    return book([HEAD, *rows(day=lambda d: int(d.strftime("%Y%m%d")))])


def _serial_days() -> bytes:
    return book([HEAD, *rows(day=lambda d: (d - date(1899, 12, 30)).days)])


def _totals_and_footer() -> bytes:
    total = float(sum(row[5] for row in INVOICES))
    first, second, third = rows()
    return book(
        [
            HEAD,
            first,
            ["小计", None, None, None, None, first[5]],
            second,
            third,
            [],
            ["合计", None, None, None, None, total],
            ["制表人:示例甲", None, None, "审核:示例乙"],
        ]
    )


def _hidden_rows() -> bytes:
    def hide(_: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("D:D", None, None, {"hidden": True})

    return book([HEAD, *rows()], prepare=hide)


def _mixed_currencies() -> bytes:
    head = [*HEAD, "币种"]
    currencies = ("人民币", "USD", "美元")
    return book([head, *([*row, currency] for row, currency in zip(rows(), currencies, strict=True))])


def _second_sheet() -> bytes:
    def cover(workbook: Any) -> None:
        sheet = workbook.add_worksheet("说明")
        sheet.write(0, 0, "本表由财务部编制,请勿修改")

    return book([HEAD, *rows()], before=cover)


def _spaces_everywhere() -> bytes:
    head = [f" {word[:2]} {word[2:]}\n" for word in HEAD]
    return book(
        [head, *([f"  {cell} " if isinstance(cell, str) else cell for cell in row] for row in rows())]
    )


def _erp_heads() -> bytes:
    head = ["购货单位编码", "购货单位", "应收单号", "立账日期", "应收到期日", "价税合计(本位币)"]
    return book([head, *rows()])


def _many_columns() -> bytes:
    head = ["序号", "区域", *HEAD, "不含税金额", "税额", "备注", "业务员"]
    return book(
        [
            head,
            *(
                [number, "华东", *row, row[5] / 1.13, row[5] - row[5] / 1.13, "—", "示例丁"]
                for number, row in enumerate(rows(), start=1)
            ),
        ]
    )


def _repeated_heads() -> bytes:
    first, second, third = rows()
    return book([HEAD, first, HEAD, second, HEAD, third])


def _codes_ruined() -> bytes:
    """Registered numbers of 18 digits that a spreadsheet has rounded: nobody can compute back what is lost."""
    head = ["客户编码", "客户名称", "统一社会信用代码"]
    codes = (9.14403001923e17, 9.1330106311245e17, 9.11101053067230e17)
    return book(
        [head, *([c, n, code] for (c, n, *_), code in zip(INVOICES, codes, strict=True))], name="客户"
    )


def _undecidable_days() -> bytes:
    days = iter(("3/4/2026", "5/6/2026", "1/2/2026", "7/8/2026", "3/3/2026", "4/5/2026"))
    return text([HEAD, *rows(day=lambda _: next(days), amount=str)])


def _no_heads() -> bytes:
    return book(rows())


GOOD: dict[str, Callable[[], bytes]] = {
    "gbk": _gbk,
    "utf-16 with tabs": _utf16_tabs,
    "title and 万元 above": _title_and_unit,
    "万元 in the heading": _unit_in_the_heading,
    "two-row head": _two_row_head,
    "merged customers": _merged_customers,
    "full-width": _full_width,
    "text days": _text_days,
    "eight-digit days": _eight_digit_days,
    "serial days": _serial_days,
    "totals and footer": _totals_and_footer,
    "hidden rows": _hidden_rows,
    "mixed currencies": _mixed_currencies,
    "second sheet": _second_sheet,
    "spaces everywhere": _spaces_everywhere,
    "erp heads": _erp_heads,
    "many columns": _many_columns,
    "repeated heads": _repeated_heads,
}
HOPELESS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "codes ruined": ("customers", _codes_ruined),
    "undecidable days": ("invoices", _undecidable_days),
    "no heads": ("invoices", _no_heads),
}
