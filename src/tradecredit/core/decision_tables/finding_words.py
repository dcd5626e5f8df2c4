"""What the analysis of a table found, as sentences for the person who wrote it."""

from __future__ import annotations

from typing import Final

from tradecredit.core.kernel.reasons import Words

_SENTENCES: Final = {
    "gap": Words(
        zh="没有一行处理这种情况：{where}。请补一行，或写上默认输出。",
        en="No row answers when {where}. Add a row or a default output.",
    ),
    "overlap": Words(
        zh="第 {rows} 行同时命中：{where}。请收窄其中一行。",
        en="Rows {rows} match at once when {where}. Narrow one of them.",
    ),
    "never_matches": Words(
        zh="第 {rows} 行永远不会命中。请更正条件或删除该行。",
        en="Row {rows} can never match. Correct its conditions or delete it.",
    ),
    "masked": Words(
        zh="第 {rows} 行永远轮不到：前面的行已包含它的全部情况。请上移或删除。",
        en="Row {rows} never fires: earlier rows answer all of its cases. Move it up or delete it.",
    ),
    "unreachable_output": Words(
        zh="输出“{column}”的 {value} 没有任何一行会得出。",
        en="No row that can fire gives {value} for “{column}”.",
    ),
    "matches_missing": Words(
        zh="第 {rows} 行“{column}”在缺少该数据时也会命中。请改写条件，使缺失数据转人工。",
        en="Row {rows} matches even when “{column}” is missing. Rewrite the cell so that a missing fact goes to a person.",
    ),
    "no_catch_all": Words(
        zh="数据缺失时没有任何一行回答。请加一个全部为“-”的末行或默认输出，例如“转人工”。",
        en="Nothing answers when facts are missing. Add a last row of “-” or a default output such as “review”.",
    ),
    "not_analysed": Words(
        zh="“{column}”列的条件不只是与常数比较，未检查其空缺与重叠。",
        en="The cells of “{column}” compare with more than constants: its gaps and overlaps were not checked.",
    ),
    "too_large": Words(
        zh="表格太大，只检查了一部分。",
        en="The table is too large: only a part of it was checked.",
    ),
}
_EVERYWHERE: Final = Words(zh="任何情况", en="anything at all is given")


def words(
    code: str, *, rows: tuple[int, ...], column: str, where: tuple[tuple[str, str], ...], value: str
) -> Words:
    """Return the sentence of a finding."""
    sentence = _SENTENCES[code]
    places = Words(
        zh="，".join(f"{label} {_chinese(text)}" for label, text in where) or _EVERYWHERE.zh,
        en=" and ".join(f"{label} is {text}" for label, text in where) or _EVERYWHERE.en,
    )
    numbers = Words(zh="、".join(map(str, rows)), en=_listed([str(row) for row in rows]))
    return Words(
        zh=sentence.zh.format(rows=numbers.zh, column=column, where=places.zh, value=value),
        en=sentence.en.format(rows=numbers.en, column=column, where=places.en, value=value),
    )


def codes() -> frozenset[str]:
    """Return every code that has a sentence."""
    return frozenset(_SENTENCES)


def _chinese(text: str) -> str:
    return text if text[0] in "<>[(" else f"= {text}"


def _listed(items: list[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
