"""Identifiers of companies and people: checked by their check digits, with a suggestion where one is safe."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum.cn import ric, uscc

from tradecredit.core.kernel.reasons import Words

# Note [Spreadsheets and long numbers]
# A spreadsheet keeps 15 significant digits of a number. An 18-digit code typed into a number cell therefore ends
# in 000 or turns into text such as 9.14E+17: the lost digits cannot be computed back, only typed in again.
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}")
_DIGITS_KEPT_BY_SPREADSHEETS: Final = 15
_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015'`]+")

_USCC_LENGTH: Final = 18
_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_SHAPE: Final = re.compile(rf"[{_USCC_ALPHABET}]{{2}}\d{{6}}[{_USCC_ALPHABET}]{{10}}")
_LOOKALIKES: Final = str.maketrans({"I": "1", "O": "0", "Z": "2", "S": "5"})
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_MODULUS: Final = 11
_ORGANISATION_CHECK_TEN: Final = 10

_RESIDENT_ID_SHAPE: Final = re.compile(r"\d{17}[\dX]")
_RESIDENT_ID_LENGTH: Final = 18
_SHOWN_AT_START: Final = 3
_SHOWN_AT_END: Final = 4

_EATEN: Final = Words(
    zh="“{given}”的末尾数字已被电子表格抹掉（科学计数法或末三位变成 000），无法还原。请把该列改为“文本”格式后重新录入完整号码。",
    en="The spreadsheet has eaten the last digits of “{given}” (scientific notation, or 000 at the end). They cannot be "
    "recovered: format the column as text and type the number in again.",
)
_WRONG_LENGTH: Final = Words(
    zh="统一社会信用代码应为 18 位，这里是 {length} 位。请对照营业执照补全。",
    en="A unified social credit code has 18 characters, this one has {length}. Compare it with the business licence.",
)
_WRONG_CHARACTER: Final = Words(
    zh="“{given}”含有统一社会信用代码不使用的字符（不含 I、O、S、V、Z;第 3 至 8 位为数字）。{hint}",
    en="“{given}” has characters that no unified social credit code has (no I, O, S, V, Z; digits in places 3 to 8). {hint}",
)
_WRONG_CHECK_DIGIT: Final = Words(
    zh="“{given}”的校验码不符，至少有一位录错。请对照营业执照核对。",
    en="The check character of “{given}” does not fit: at least one character is wrong. Compare it with the business licence.",
)
_WRONG_ORGANISATION_PART: Final = Words(
    zh="代码整体校验通过，但其中第 9 至 17 位的组织机构代码校验不符；可以使用，建议核对。",
    en="The code as a whole is valid, but the organisation code inside it (characters 9 to 17) is not: usable, better verified.",
)
_WRONG_RESIDENT_ID: Final = Words(
    zh="身份证号“{masked}”不正确：{why}。请对照证件核对。",
    en="The resident identity number “{masked}” is wrong: {why}. Compare it with the card.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A checked identifier: ``code`` is its clean form when valid, else ``problem`` says what is wrong."""

    given: str
    code: str | None = None
    problem: Words | None = None
    suggestion: str | None = None
    warning: Words | None = None

    @property
    def is_valid(self) -> bool:
        """Tell whether the identifier may be recorded."""
        return self.code is not None


def normalise(text: str) -> str:
    """Return the text in half-width capitals without spaces and dashes (``９１ 44-a`` becomes ``9144A``)."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_eaten_by_spreadsheet(text: str) -> bool:
    """Tell whether a spreadsheet has lost digits of a long number (``9.14E+17``, or 16 and more digits ending in 0s).

    ``914400001922038000`` has 18 digits of which the last three are 0: eaten.
    """
    clean = normalise(text)
    if _SCIENTIFIC.fullmatch(clean):
        return True
    lost = len(clean) - _DIGITS_KEPT_BY_SPREADSHEETS
    return lost > 0 and clean.isdecimal() and clean.endswith("0" * lost)


def check_uscc(text: str) -> Identifier:
    """Check a unified social credit code (GB 32100-2015): 18 characters, check character in the last place.

    ``check_uscc("91110000600037341l").code`` is ``"91110000600037341L"``; with the O of ``911100006OOO37341L``
    the suggestion is the same code.
    """
    code = normalise(text)
    if _is_valid_uscc(code):
        return Identifier(given=text, code=code, warning=_organisation_warning(code))
    if is_eaten_by_spreadsheet(code):
        return Identifier(given=text, problem=_EATEN.filled(given=text.strip()))
    if len(code) != _USCC_LENGTH:
        return Identifier(given=text, problem=_WRONG_LENGTH.filled(length=len(code)))
    if _USCC_SHAPE.fullmatch(code):
        return Identifier(given=text, problem=_WRONG_CHECK_DIGIT.filled(given=code))
    return _misread_uscc(text, code)


def check_resident_id(text: str, *, as_of: date) -> Identifier:
    """Check a resident identity number (GB 11643): 18 characters, a real day of birth not after ``as_of``, check digit.

    The message shows the number masked, since messages are stored and mailed.
    """
    number = normalise(text)
    if is_eaten_by_spreadsheet(number):
        return Identifier(given=text, problem=_EATEN.filled(given=mask(number)))
    why = _resident_id_fault(number, as_of)
    if why is None:
        return Identifier(given=text, code=number)
    problem = Words(
        zh=_WRONG_RESIDENT_ID.zh.format(masked=mask(number), why=why.zh),
        en=_WRONG_RESIDENT_ID.en.format(masked=mask(number), why=why.en),
    )
    return Identifier(given=text, problem=problem)


def mask(number: str) -> str:
    """Return the number with all but its first 3 and last 4 characters hidden (``110***********002X``)."""
    hidden = len(number) - _SHOWN_AT_START - _SHOWN_AT_END
    if hidden <= 0:
        return "*" * len(number)
    return number[:_SHOWN_AT_START] + "*" * hidden + number[-_SHOWN_AT_END:]


def _is_valid_uscc(code: str) -> bool:
    return bool(_USCC_SHAPE.fullmatch(code)) and uscc.calc_check_digit(code[:-1]) == code[-1]


def _misread_uscc(text: str, code: str) -> Identifier:
    repaired = code.translate(_LOOKALIKES)
    suggestion = repaired if _is_valid_uscc(repaired) else None
    hint = Words(zh="请对照营业执照核对。", en="Compare it with the business licence.")
    if suggestion:
        hint = Words(zh=f"是否为 {suggestion}?", en=f"Is it {suggestion}?")
    problem = Words(
        zh=_WRONG_CHARACTER.zh.format(given=code, hint=hint.zh),
        en=_WRONG_CHARACTER.en.format(given=code, hint=hint.en),
    )
    return Identifier(given=text, problem=problem, suggestion=suggestion)


def _organisation_warning(code: str) -> Words | None:
    inner, check = code[8:16], code[16]
    # Letters of an organisation code count 10 to 35 in the order of the whole alphabet (GB 11714).
    total = sum(int(char, 36) * weight for char, weight in zip(inner, _ORGANISATION_WEIGHTS, strict=True))
    value = (_ORGANISATION_MODULUS - total % _ORGANISATION_MODULUS) % _ORGANISATION_MODULUS
    expected = "X" if value == _ORGANISATION_CHECK_TEN else str(value)
    return None if check == expected else _WRONG_ORGANISATION_PART


def _resident_id_fault(number: str, as_of: date) -> Words | None:
    if len(number) != _RESIDENT_ID_LENGTH:
        return Words(zh=f"应为 18 位，这里是 {len(number)} 位", en=f"it has {len(number)} characters, not 18")
    if not _RESIDENT_ID_SHAPE.fullmatch(number):
        return Words(zh="前 17 位应为数字", en="the first 17 characters are digits")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Words(zh="出生日期不存在", en="there is no such day of birth")
    if born > as_of:
        return Words(zh="出生日期在未来", en="the day of birth lies in the future")
    if ric.calc_check_digit(number) != number[-1]:
        return Words(zh="校验码不符", en="the check digit does not fit")
    return None
