"""Amounts as people write them; what a comma means is decided over a whole file, never row by row."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import UnableToReadFileError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradecredit.integrations.erp_csv.mapping_files import NumberStyle
    from tradecredit.integrations.erp_csv.sheets import Cell

# What a spreadsheet keeps of a number; digits beyond are noise of its binary arithmetic (1234.5600000000001).
_SPREADSHEET_DIGITS: Final = Context(prec=15)
_SUFFIX_FACTORS: Final = {
    "亿元": Decimal(100_000_000),
    "亿": Decimal(100_000_000),
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "元整": Decimal(1),
    "元": Decimal(1),
}
_CURRENCIES: Final = {
    "US$": "USD",
    "HK$": "HKD",
    "A$": "AUD",
    "C$": "CAD",
    "€": "EUR",
    "£": "GBP",
    "RMB": "CNY",
    "人民币": "CNY",
    "美元": "USD",
    "美金": "USD",
    "加元": "CAD",
    "加拿大元": "CAD",
    "欧元": "EUR",
    "港币": "HKD",
    "港元": "HKD",
    "日元": "JPY",
    "英镑": "GBP",
    "澳元": "AUD",
}
_CODE: Final = re.compile(r"[A-Z]{3}")
_NUMBER: Final = re.compile(r"\d{1,3}(?:[,']\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E[+-]?\d{1,2}")
_POINT_FIRST: Final = re.compile(r"[\d.]*\.\d+,\d+|\d+,\d{1,2}|\d+,\d{4,}|\d{1,3}(?:\.\d{3}){2,}")
_COMMA_FIRST: Final = re.compile(r"[\d,]*,\d+\.\d+|\d*\.\d{1,2}|\d+\.\d{4,}|\d{1,3}(?:,\d{3}){2,}")
_STRAYS_PER_ROW: Final = 10
# Most amounts of most files: nothing in them to be recognised.
_SIMPLE: Final = re.compile(r"\s*([-+]?)([0-9][0-9.,]*)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAmount:
    """A number, and the currency written beside it, if any."""

    number: Decimal
    currency: str | None = None


def read(cell: Cell, *, style: NumberStyle, unit: Decimal = Decimal(1)) -> ReadAmount | None:
    """Return the exact number in the cell times its unit, or None when none can be read.

    ``¥1,234.50``, ``１２３４.５``, ``0.12345万``, ``1234.50-`` and ``(1,234.50)`` are read; the last two are negative.
    """
    match cell:
        case bool():
            return None
        case int():
            return ReadAmount(number=cell * unit)
        case float():
            return ReadAmount(number=from_float(cell) * unit)
        case str():
            return _from_text(cell, style, unit)
        case _:
            return None


def from_float(number: float) -> Decimal:
    """Return the number that a spreadsheet shows for its binary one (0.1 + 0.2 is 0.3)."""
    exact = _SPREADSHEET_DIGITS.create_decimal(repr(number))
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


def decide_style(cells: Iterable[Cell], *, given: NumberStyle | None) -> NumberStyle:
    """Return what commas and points mean, from all amounts of a file together.

    Where nothing decides (``1,234``), a comma separates thousands. Raises UnableToReadFileError on contradiction.
    """
    if given:
        return given
    bare = [_split(cell)[0] for cell in cells if isinstance(cell, str)]
    points = [text for text in bare if _COMMA_FIRST.fullmatch(text)]
    commas = [text for text in bare if _POINT_FIRST.fullmatch(text)]
    fewer, more = sorted((points, commas), key=len)
    if fewer and len(fewer) * _STRAYS_PER_ROW > len(more):
        raise UnableToReadFileError(
            Words(
                zh=f"金额写法前后不一（{points[0]} 与 {commas[0]}），无法判断小数点。请在映射文件中写明 numbers: 1,234.56 或 1.234,56。",
                en=f"Amounts are written in two ways ({points[0]} and {commas[0]}): say `numbers: 1,234.56` or "
                "`numbers: 1.234,56` in a mapping file.",
            ),
            example=points[0],
            other=commas[0],
        )
    return "1.234,56" if len(commas) > len(points) else "1,234.56"


def currency_code(text: str) -> str | None:
    """Return the ISO code for what people write (``人民币``, ``RMB``, ``usd``), or None."""
    clean = unicodedata.normalize("NFKC", text).strip().upper()
    if clean in {"¥", "元"}:
        return "CNY"
    if clean in _CURRENCIES:
        return _CURRENCIES[clean]
    return clean if _CODE.fullmatch(clean) else None


def _from_text(text: str, style: NumberStyle, unit: Decimal) -> ReadAmount | None:
    bare, is_negative, factor, currency = _split(text)
    if style == "1.234,56":
        bare = bare.translate(str.maketrans(".,", ",."))
    if _SCIENTIFIC.fullmatch(bare):
        number = Decimal(bare)
    elif _NUMBER.fullmatch(bare):
        number = Decimal(bare.replace(",", "").replace("'", ""))
    else:
        return None
    # An amount that names its own unit (3.5万) is not multiplied once more by the unit of the heading.
    number *= factor or unit
    return ReadAmount(number=-number if is_negative else number, currency=currency)


def _split(text: str) -> tuple[str, bool, Decimal | None, str | None]:
    """Take an amount apart: bare digits and marks, sign, own unit, currency."""
    simple = _SIMPLE.fullmatch(text)
    if simple:
        return simple.group(2), simple.group(1) == "-", None, None
    bare = unicodedata.normalize("NFKC", text).upper().replace("−", "-")
    # An apostrophe in front only makes a spreadsheet keep the cell as text.
    bare = re.sub(r"\s+", "", bare).removeprefix("'")
    is_negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()")
    bare, currency = _without_currency(bare)
    factor = next((factor for name, factor in _SUFFIX_FACTORS.items() if bare.endswith(name)), None)
    if factor is not None:
        bare = bare.rstrip("亿万元整")
    if bare.startswith("-") or bare.endswith("-"):
        is_negative = not is_negative
        bare = bare.removeprefix("-") if bare.startswith("-") else bare.removesuffix("-")
    bare, inner = _without_currency(bare.removeprefix("+"))
    return bare, is_negative, factor, currency or inner


def _without_currency(bare: str) -> tuple[str, str | None]:
    for mark, code in _CURRENCIES.items():
        if bare.startswith(mark) or bare.endswith(mark):
            return bare.removeprefix(mark).removesuffix(mark), code
    for found in (_CODE.match(bare), re.search(r"[A-Z]{3}$", bare)):
        if found:
            return bare.replace(found.group(), "", 1), found.group()
    return bare.strip("¥$"), None
