"""Open a bureau's envelope: its code, the items of a page, how many there are in all; tolerant of changed types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.dossier.bureau import reading, values
from tradecredit.core.dossier.bureau.answers import WORDS, Act
from tradecredit.core.dossier.bureau.reading import UnreadableItemError
from tradecredit.core.dossier.bureau.schema import KINDS
from tradecredit.core.dossier.bureau.values import UnreadableValueError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.dossier.bureau.schema import Finding
    from tradecredit.integrations.bureaus.descriptions import Description, Report

_UNKNOWN_CODE = Words(
    zh="对方返回未知代码 {code}：{said}", en="the provider answered with the unknown code {code}: {said}"
)
_SAID_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of an answer: what was read, how many items could not be, and how many there are over all pages."""

    act: Act
    code: str
    words: Words
    is_billed: bool
    findings: tuple[Finding, ...] = ()
    unreadable: int = 0
    total: int | None = None

    @property
    def count(self) -> int:
        """Return how many items the page held."""
        return len(self.findings) + self.unreadable


def page_of(
    *, description: Description, report: Report, document: Mapping[str, Any], subjects: Sequence[str] = ()
) -> Page:
    """Read one document as the provider's description says; what is in no documented shape is garbage."""
    sent = document.get(description.code)
    code = str(sent).strip() if isinstance(sent, (str, int)) and not isinstance(sent, bool) else ""
    known = description.codes.get(code)
    if known is None:
        said = values.text(document.get(description.message))[:_SAID_MAX]
        act = Act.REFUSED if code else Act.GARBAGE
        words = _UNKNOWN_CODE.filled(code=code[:_SAID_MAX], said=said) if code else WORDS[act]
        return Page(act=act, code=code[:_SAID_MAX], words=words, is_billed=False)
    if known.act is not Act.DONE:
        return Page(act=known.act, code=code, words=known.words, is_billed=known.is_billed)
    items = _items(description, report, document)
    if items is None:
        return Page(act=Act.GARBAGE, code=code, words=WORDS[Act.GARBAGE], is_billed=known.is_billed)
    findings, unreadable = _read(report, items, subjects)
    total = _total(description, document) if report.is_paged else None
    if not items and not total:
        return Page(act=Act.EMPTY, code=code, words=WORDS[Act.EMPTY], is_billed=known.is_billed, total=0)
    if not findings and unreadable:
        act, words = Act.GARBAGE, WORDS[Act.GARBAGE]
    else:
        act, words = Act.DONE, known.words
    return Page(
        act=act,
        code=code,
        words=words,
        is_billed=known.is_billed,
        findings=findings,
        unreadable=unreadable,
        total=total,
    )


def _read(
    report: Report, items: Sequence[object], subjects: Sequence[str]
) -> tuple[tuple[Finding, ...], int]:
    findings: list[Finding] = []
    unreadable = 0
    for item in items:
        try:
            findings.append(
                reading.read(kind=report.kind, item=item, places=report.places, subjects=subjects)
            )
        except UnreadableItemError:
            unreadable += 1
    return tuple(findings), unreadable


def _result(description: Description, document: Mapping[str, Any]) -> object:
    result: object = document.get(description.result)
    if isinstance(result, str) and result[:1] in ("{", "["):
        # Seen after changes on their side: the result as a text that holds JSON.
        try:
            return json.loads(result)
        except ValueError:
            return None
    return result


def _items(description: Description, report: Report, document: Mapping[str, Any]) -> Sequence[object] | None:
    """Return the items of the page; None when the answer is in no shape that could hold them."""
    result = _result(description, document)
    if KINDS[report.kind].is_single:
        return [result] if isinstance(result, Mapping) and result else None
    if result is None:
        return []
    if isinstance(result, list):
        return result
    if not isinstance(result, Mapping):
        return None
    found = reading.at(result, report.items)
    if isinstance(found, Mapping):
        return [found]
    if isinstance(found, list):
        return found
    # A "check" that found nothing carries no list: VerifyResult 0, total 0, or null in its place.
    says_none = values.text(result.get("VerifyResult")) == "0" or _total(description, document) == 0
    return [] if found is None and says_none else None


def _total(description: Description, document: Mapping[str, Any]) -> int | None:
    paging = description.paging
    where = document if paging.is_total_in_envelope else _result(description, document)
    try:
        return values.whole(reading.at(where, paging.total))
    except UnreadableValueError:
        return None
