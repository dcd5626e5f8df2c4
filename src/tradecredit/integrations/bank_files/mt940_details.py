"""What field 86 of MT940 tells: ``?20…`` sub-fields, SEPA marks, slash marks, or plain words (Chinese kept whole)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.integrations.bank_files import figures

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODED: Final = re.compile(r"\s*(\d{3})?\s*\?\d\d")
_SUBFIELD: Final = re.compile(r"\?(\d\d)")
_SEPA: Final = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|PURP|RREF)\+")
_SLASH: Final = re.compile(
    r"/(EREF|PREF|MARF|CSID|CNTP|REMI|NAME|BENM|ORDP|IBAN|ACCW|TRTP|BIC|RTRN|PURP|ORDP/NAME|BENM/NAME|USTD|ISDT|TRCD"
    r"|CREF|INIT|TRAN)/"
)
_PURPOSES: Final = frozenset({f"{number}" for number in (*range(20, 30), *range(60, 64))})
_NAME_BESIDE_ACCOUNT: Final = re.compile(r"REK:\s*(\S+?)/NAAM:\s*(.+)$")
# German transaction codes for returned direct debits, credits and cheques.
_RETURN_CODES: Final = frozenset({"108", "109", "159", "181", "182", "183", "184"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Who and what for, as far as the bank says."""

    text: str = ""
    name: str = ""
    account: str = ""
    end_to_end: str = ""
    is_return: bool = False


def read(fields: Sequence[str]) -> Details:
    """Return what the fields 86 of one movement tell.

    ``166?00GUTSCHRIFT?20SVWZ+Rechnung 7?32Beispiel GmbH`` is from Beispiel GmbH for "GUTSCHRIFT Rechnung 7".
    """
    whole = "".join(fields).replace("\n", "")
    if _CODED.match(whole):
        return _coded(whole)
    text = " ".join(fields).replace("\n", " ")
    marks = _marked(_SLASH, "".join(fields).replace("\n", ""))
    if marks:
        return _slashed(marks)
    beside = _NAME_BESIDE_ACCOUNT.search(text)
    return Details(
        text=figures.clean(text),
        account=figures.clean(beside.group(1), figures.ACCOUNT_MAX) if beside else "",
        name=figures.clean(beside.group(2), figures.NAME_MAX) if beside else "",
    )


def _coded(whole: str) -> Details:
    head, *pieces = _SUBFIELD.split(whole)
    found: dict[str, str] = {}
    for number, text in zip(pieces[::2], pieces[1::2], strict=False):
        found[number] = found.get(number, "") + text
    purpose = "".join(text for number, text in found.items() if number in _PURPOSES)
    marks = _marked(_SEPA, purpose)
    words = (found.get("00", ""), marks.get("SVWZ", "") if marks else purpose)
    name = f"{found.get('32', '')}{found.get('33', '')}" or marks.get("ABWA", "")
    return Details(
        text=figures.clean(" ".join(filter(None, (*words, marks.get("", ""))))),
        name=figures.clean(name, figures.NAME_MAX),
        account=figures.clean(found.get("38") or found.get("31"), figures.ACCOUNT_MAX),
        end_to_end=_given(marks.get("EREF", "")),
        is_return=head.strip() in _RETURN_CODES,
    )


def _slashed(marks: dict[str, str]) -> Details:
    name = marks.get("NAME") or marks.get("BENM") or marks.get("ORDP") or ""
    words = (marks.get("", ""), marks.get("REMI", ""), marks.get("USTD", ""))
    return Details(
        text=figures.clean(" ".join(filter(None, words)).strip("/ ")),
        name=figures.clean(name.removeprefix("/NAME/").strip("/ "), figures.NAME_MAX),
        account=figures.clean(
            (marks.get("IBAN") or marks.get("ACCW") or "").strip("/ "), figures.ACCOUNT_MAX
        ),
        end_to_end=_given(marks.get("EREF", "")),
        is_return="RTRN" in marks,
    )


def _marked(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    """Return the texts behind each mark, and under an empty mark what stands before the first one."""
    before, *pieces = pattern.split(text)
    if not pieces:
        return {}
    found = {"": before}
    for mark, words in zip(pieces[::2], pieces[1::2], strict=True):
        if words.strip() or mark not in found:
            found[mark] = words.strip()
    return found


def _given(text: str) -> str:
    found = figures.clean(text.strip("/ "), figures.REFERENCE_MAX)
    return "" if found.upper() in ("NOTPROVIDED", "NONREF") else found
