"""Read the values that bureaus send: days, amounts with words for units, shares, texts with markup, lists of parties.

Note [The day in Shanghai]
Bureaus send days as milliseconds at midnight in Shanghai; read as UTC every one of them would be a day early. So a
moment becomes a day there, with the offset that was in force there (summer time until 1991 included).
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_NOTHING: Final = frozenset({"", "-", "--", "—", "/", "null", "none", "暂无", "无", "未公示", "不详", "***"})
_MARKUP: Final = re.compile(r"<[^<>]{0,400}>")
_SPACE: Final = re.compile(r"\s+")
_EPOCH: Final = re.compile(r"-?\d{9,14}")
_SECONDS_DIGITS: Final = 10
_YMD: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_PLAIN: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(2200, 1, 1)
_NUMBER: Final = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_UNITS: Final = (("万亿", 12), ("亿", 8), ("百万", 6), ("万", 4), ("千", 3))
_CURRENCIES: Final = (
    *(("人民币", "CNY"), ("rmb", "CNY"), ("cny", "CNY"), ("美元", "USD"), ("美金", "USD"), ("usd", "USD")),
    *(("港元", "HKD"), ("港币", "HKD"), ("hkd", "HKD"), ("欧元", "EUR"), ("eur", "EUR"), ("日元", "JPY")),
    *(("日圆", "JPY"), ("jpy", "JPY"), ("英镑", "GBP"), ("gbp", "GBP"), ("新台币", "TWD"), ("台币", "TWD")),
    *(("新加坡元", "SGD"), ("sgd", "SGD"), ("澳大利亚元", "AUD"), ("澳元", "AUD"), ("加拿大元", "CAD")),
    *(("加元", "CAD"), ("瑞士法郎", "CHF"), ("韩元", "KRW"), ("澳门元", "MOP")),
)
_PARTIES: Final = re.compile(r"[,，、;；\n\t]|<br/?>")
_ROLE_PREFIX: Final = re.compile(
    r"^(原告|被告|第三人|上诉人|被上诉人|申请人|被申请人|原审被告|原审原告|申请执行人|被执行人)[-—:：]?"
)


class UnreadableValueError(ValueError):
    """A value does not look like what its field holds."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its currency, written ``778003200 CNY``."""

    number: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.number:f} {self.currency}"


def text(value: object) -> str:
    """Return the text without markup, entities and extra spaces; nothing for ``-``, ``暂无`` and the like.

    ``<em>示例</em>公司`` is ``示例公司``; ``&singlequote&`` is an apostrophe.
    """
    if value is None or isinstance(value, (dict, list)):
        return ""
    raw = html.unescape(str(value).replace("&singlequote&", "'"))
    clean = _SPACE.sub(" ", _MARKUP.sub("", raw)).strip()
    return "" if clean.lower() in _NOTHING else clean


def day(value: object) -> date | None:
    """Return the day of milliseconds, seconds, ``2015-07-14``, ``2001-06-05 00:00:00.0``, ``2015年7月14日`` or ``20150714``.

    See Note [The day in Shanghai]. Raises UnreadableValueError.
    """
    clean = text(value)
    if clean in ("", "0"):
        return None
    clean = clean.removesuffix(".0")
    if _EPOCH.fullmatch(clean):
        return _epoch(int(clean))
    match = _YMD.match(clean) or _PLAIN.fullmatch(clean)
    if match is None:
        raise UnreadableValueError(f"{clean!r} is no day")
    try:
        found = date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise UnreadableValueError(f"{clean!r} is no day") from error
    return _plausible(found)


def _epoch(number: int) -> date:
    # Dates before 1970 are negative; a number of up to ten digits counts seconds.
    is_seconds = len(str(abs(number))) <= _SECONDS_DIGITS and abs(number) >= 10 ** (_SECONDS_DIGITS - 1)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        seconds=number if is_seconds else 0, milliseconds=0 if is_seconds else number
    )
    return _plausible(moment.astimezone(_SHANGHAI).date())


def _plausible(found: date) -> date:
    if not _EARLIEST <= found < _LATEST:
        raise UnreadableValueError(f"{found} lies outside the years a company can have")
    return found


def amount(value: object, *, unit: object = "", currency: object = "") -> Amount | None:
    """Return the amount of ``77800.32万人民币`` (778003200 CNY), ``500万美元``, ``10217元`` or ``1,800,000``.

    Unit and currency may come beside it. A unit without a number (``万元``) says nothing. Raises UnreadableValueError.
    """
    clean = unicodedata.normalize("NFKC", text(value))
    if not clean:
        return None
    found = _NUMBER.findall(clean)
    words = _NUMBER.sub("", clean).lower() + text(unit) + text(currency).lower()
    if not found:
        if _is_unit_only(words):
            return None
        raise UnreadableValueError(f"{clean!r} is no amount")
    if len(found) > 1:
        raise UnreadableValueError(f"{clean!r} names several amounts")
    power = next((places for word, places in _UNITS if word in words), 0)
    try:
        number = Decimal(found[0].replace(",", "")).scaleb(power)
    except InvalidOperation as error:
        raise UnreadableValueError(f"{clean!r} is no amount") from error
    return Amount(number=_without_zeros(number), currency=_currency(words))


def _is_unit_only(words: str) -> bool:
    rest = words
    for word in (*(unit for unit, _ in _UNITS), *(name for name, _ in _CURRENCIES), "元"):
        rest = rest.replace(word, "")
    return not rest.strip("() ")


def _currency(words: str) -> str:
    return next((code for word, code in _CURRENCIES if word in words), "CNY")


def _without_zeros(number: Decimal) -> Decimal:
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()


def share(value: object) -> Decimal | None:
    """Return a share between 0 and 1 of ``35%``, ``35.00`` or ``0.35``; raises UnreadableValueError."""
    clean = unicodedata.normalize("NFKC", text(value)).replace(" ", "")
    if not clean:
        return None
    try:
        number = Decimal(clean.removesuffix("%"))
    except InvalidOperation as error:
        raise UnreadableValueError(f"{clean!r} is no share") from error
    if clean.endswith("%") or number > 1:
        number = number.scaleb(-2)
    if not 0 <= number <= 1:
        raise UnreadableValueError(f"{clean!r} is no share")
    return _without_zeros(number)


def whole(value: object) -> int | None:
    """Return a whole number, written as a number or as text; raises UnreadableValueError."""
    clean = text(value).replace(",", "").removesuffix(".0")
    if not clean:
        return None
    if not re.fullmatch(r"-?\d{1,12}", clean):
        raise UnreadableValueError(f"{clean!r} is no whole number")
    return int(clean)


def flag(value: object) -> str:
    """Return ``yes`` or ``no`` of 1, "1", true, 是 and their opposites; raises UnreadableValueError."""
    clean = text(value).lower() if not isinstance(value, bool) else str(value).lower()
    if clean in ("1", "true", "yes", "y", "是"):
        return "yes"
    if clean in ("0", "false", "no", "n", "否"):
        return "no"
    if not clean:
        return ""
    raise UnreadableValueError(f"{clean!r} is neither yes nor no")


def names(value: object) -> tuple[str, ...]:
    """Return the parties or names of a list, of objects with a name, or of one text with separators.

    ``被告-示例甲公司,示例乙公司`` is two names without the role in front.
    """
    if isinstance(value, dict):
        value = [value]
    if isinstance(value, list):
        raw = [_named(one) for one in value]
    else:
        raw = _PARTIES.split("" if value is None else str(value).replace("&singlequote&", "'"))
    clean = (_ROLE_PREFIX.sub("", text(one)) for one in raw)
    return tuple(dict.fromkeys(name for name in clean if name))


def _named(value: object) -> str:
    if isinstance(value, dict):
        found = next((value[key] for key in ("name", "Name", "title", "NAME") if value.get(key)), "")
        return str(found)
    return "" if value is None else str(value)


def folded(name: str) -> str:
    """Return a company's name as it is compared: half-width, without spaces, brackets and case."""
    return re.sub(r"[\s()\[\]（）【】·.,-]", "", unicodedata.normalize("NFKC", name)).lower()
