"""Rows that are no data: totals, footers and repeated headings; skipped, and named so that nothing vanishes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.erp_csv.sheets import is_blank, shown

if TYPE_CHECKING:
    from tradecredit.integrations.erp_csv.headings import Head
    from tradecredit.integrations.erp_csv.sheets import Row

_TOTAL: Final = re.compile(
    r"(?:本页|本月|本年|期末)?(?:合计|总计|小计|累计|共计)|(?:grand|sub)?-?totals?|sum", re.IGNORECASE
)
_FOOTER: Final = re.compile(
    r"(?:制表|制单|审核|复核|打印|导出|编制|备注|说明|注)[人日期时间]*[::].*|第\d+页.*|page\d+.*|printed.*|exported.*",
    re.IGNORECASE,
)
# Of what the two say in English.
_BEGINNINGS: Final = frozenset("gst-pe")
_FOOTER_CELLS_MAX: Final = 4
_SPACES: Final = re.compile(r"\s+")


def skipped_because(row: Row, *, number: int, head: Head, is_final: bool) -> Words | None:
    """Return why the row is no data, or None for data; ``is_final`` is the last filled row of the sheet."""
    first = shown(row[0]) or next(shown(cell) for cell in row if not is_blank(cell))
    label = "" if _is_plain(first) else _SPACES.sub("", unicodedata.normalize("NFKC", first))
    if _TOTAL.fullmatch(label.rstrip(":")):
        return _words(number, zh="合计行", en="a total")
    if _FOOTER.fullmatch(label) and sum(not is_blank(cell) for cell in row) <= _FOOTER_CELLS_MAX:
        return _words(number, zh="表尾说明", en="a footer")
    if first in head.headings and tuple(shown(cell) for cell in row) == head.headings:
        return _words(number, zh="重复的表头", en="the headings once more")
    if is_final and _holds_only_amounts(row, head):
        return _words(number, zh="没有单据号的合计行", en="a total without a label")
    return None


def _is_plain(first: str) -> bool:
    """Tell at a glance, as of most numbers and codes, that a text begins neither a total nor a footer."""
    return first.isascii() and first[0].lower() not in _BEGINNINGS


def _holds_only_amounts(row: Row, head: Head) -> bool:
    def is_filled(index: int) -> bool:
        return index < len(row) and not is_blank(row[index])

    amounts = [match for match in head.matches if match.column.content == "amount"]
    others = [match for match in head.matches if match.column.content != "amount"]
    return any(is_filled(match.index) for match in amounts) and not any(
        is_filled(match.index) for match in others
    )


def _words(number: int, *, zh: str, en: str) -> Words:
    return Words(zh=f"第 {number} 行是{zh}，已跳过。", en=f"Row {number} is {en} and was skipped.")
