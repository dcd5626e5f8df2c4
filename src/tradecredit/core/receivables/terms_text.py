"""Reading payment terms out of a contract's text: findings for a person to confirm, never terms by themselves.

Each finding quotes the words that it was read from. What is not understood is left out and the reader says how much of
the whole was found, so that nobody takes half a schedule for a whole one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.receivables.contracts import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEXT_MOST: Final = 20_000
_SENTENCE: Final = re.compile(r"[，。；;,\n]|(?<=\D)\.(?=\s)")
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*[%％]")
_CHINESE_PERCENT: Final = re.compile(r"百分之([一二三四五六七八九十百]{1,4})")
_DAYS: Final = re.compile(
    r"(\d{1,4})\s*(?:个?\s*(?:工作日|自然日|日历日|日|天)|(?:calendar |working |business )?days?)",
    re.IGNORECASE,
)
_MONTHS: Final = re.compile(r"(\d{1,3})\s*(?:个月|months?)", re.IGNORECASE)
_YEARS: Final = re.compile(r"(\d{1,2})\s*(?:年|years?)", re.IGNORECASE)
_REST: Final = re.compile(r"余款|尾款|剩余|其余|balance|remainder|rest of", re.IGNORECASE)
_MONTH_END: Final = re.compile(r"月结|月末|月底|end of (?:the )?month|EOM", re.IGNORECASE)
_NET: Final = re.compile(r"(?:月结|票到|货到|net)\s*(\d{1,3})", re.IGNORECASE)
_KINDS: Final = (
    ("retention", re.compile(r"质保|保修|质量保证金|retention|warranty", re.IGNORECASE)),
    ("prepayment", re.compile(r"预付|定金|订金|首付|prepay|advance|down ?payment|deposit", re.IGNORECASE)),
    ("milestone", re.compile(r"验收|交付|发货|到货|货到|安装|调试|上线|竣工|开票|发票|acceptance|deliver|install|commission|invoice", re.IGNORECASE)),
)  # fmt: skip
_DIGITS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_DAYS_OF_MONTH, _DAYS_OF_YEAR = 30, 365
_WHOLE: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A part as it was read, and the words it was read from."""

    part: Part
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was read; ``percent`` is how much of the contract it covers. A person confirms or corrects all of it."""

    found: tuple[Finding, ...]
    percent: Decimal

    @property
    def is_whole(self) -> bool:
        """Tell whether the parts found make the whole contract."""
        return self.percent == _WHOLE


def read(text: str) -> Findings:
    """Return what the text says about payment.

    "签订后7日内预付30%，验收合格后30日内付60%，余款10%为质保金" gives three parts of 30, 60 and 10 percent.
    """
    sentences = [part.strip() for part in _SENTENCE.split(text[:_TEXT_MOST]) if part.strip()]
    found: list[Finding] = []
    waiting = ""
    for sentence in sentences:
        whole = f"{waiting}，{sentence}" if waiting else sentence
        percent = _percent(sentence, [finding.part for finding in found])
        if percent is None and found and _is_late_word(found[-1].part, sentence):
            latest = found.pop()
            quote = f"{latest.quote}，{sentence}"
            found.append(Finding(part=replace(latest.part, days=_days(sentence)), quote=quote))
            continue
        if percent is None:
            # The event often stands before the comma, and the share after it.
            waiting = sentence if _names_event(sentence) else ""
            continue
        found.append(Finding(part=_part(whole, percent), quote=whole))
        waiting = ""
    if not found:
        found = _single(sentences)
    return Findings(found=tuple(found), percent=sum((one.part.percent for one in found), Decimal(0)))


def _is_late_word(part: Part, sentence: str) -> bool:
    """Tell whether a sentence without a share says how long the retention before it is kept."""
    return part.kind == "retention" and part.days == 0 and _days(sentence) > 0


def _percent(sentence: str, before: Sequence[Part]) -> Decimal | None:
    if match := _PERCENT.search(sentence):
        value = Decimal(match[1])
        return value if 0 < value <= _WHOLE else None
    if match := _CHINESE_PERCENT.search(sentence):
        return _chinese(match[1])
    if _REST.search(sentence) and before:
        rest = _WHOLE - sum((part.percent for part in before), Decimal(0))
        return rest if rest > 0 else None
    return None


def _chinese(text: str) -> Decimal | None:
    if text in {"百", "一百"}:
        return _WHOLE
    tens, mark, ones = text.partition("十")
    if not mark:
        return Decimal(_DIGITS[text]) if text in _DIGITS else None
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return Decimal((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))


def _part(sentence: str, percent: Decimal) -> Part:
    kind = next((name for name, pattern in _KINDS if pattern.search(sentence)), "instalment")
    return Part(
        kind=kind,
        percent=percent,
        days=_days(sentence),
        is_from_month_end=bool(_MONTH_END.search(sentence)),
        label=sentence[:80],
    )


def _days(sentence: str) -> int:
    if match := _DAYS.search(sentence):
        return int(match[1])
    if match := _MONTHS.search(sentence):
        return int(match[1]) * _DAYS_OF_MONTH
    if match := _YEARS.search(sentence):
        return int(match[1]) * _DAYS_OF_YEAR
    return 0


def _names_event(sentence: str) -> bool:
    return bool(_days(sentence)) or any(pattern.search(sentence) for _, pattern in _KINDS)


def _single(sentences: Sequence[str]) -> list[Finding]:
    """Read terms that speak of the whole amount: 月结30天, net 60."""
    for sentence in sentences:
        if match := _NET.search(sentence):
            is_month_end = bool(_MONTH_END.search(sentence))
            part = Part(
                kind="milestone" if re.search(r"货到|票到", sentence) else "instalment",
                percent=_WHOLE,
                days=int(match[1]),
                is_from_month_end=is_month_end,
                label=sentence[:80],
            )
            return [Finding(part=part, quote=sentence)]
    return []
