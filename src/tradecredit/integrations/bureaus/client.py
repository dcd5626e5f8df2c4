"""Ask a bureau: signed calls, every page, retries with pauses; the answer never raises for what the provider does."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tradecredit.core.dossier.bureau import values
from tradecredit.core.dossier.bureau.answers import FAILURES, WORDS, Act, Answer, Call
from tradecredit.integrations.bureaus import envelopes, signing
from tradecredit.integrations.bureaus.envelopes import Page
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.dossier.bureau.answers import Question
    from tradecredit.core.dossier.bureau.schema import Finding
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.integrations.bureaus.descriptions import Description, Report
    from tradecredit.integrations.bureaus.wire import Wire

_PAGES_MAX: Final = 250
_PAUSE_SECONDS: Final = 0.5
_MILLISECONDS: Final = 1000


@dataclass(slots=True, kw_only=True)
class _Collected:
    """What the pages so far held."""

    findings: dict[str, Finding] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    seen: int = 0
    unreadable: int = 0
    total: int | None = None


class BureauClient:
    """Asks one described bureau; ``pause`` waits between attempts and is given by tests."""

    def __init__(
        self,
        description: Description,
        wire: Wire,
        *,
        base: str = "",
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.description = description
        self._wire = wire
        self._base = (base or description.base).rstrip("/")
        self._pause = pause

    def ask(self, question: Question) -> Answer:
        """Return what the bureau says over all pages; a page that fails leaves the answer incomplete."""
        report = self.description.reports[question.kind]
        collected = _Collected()
        number = 1
        page = self._page(question, report, number, collected)
        while page.act is Act.DONE and self._goes_on(page, report, collected, number):
            number += 1
            page = self._page(question, report, number, collected)
        return self._answer(question, page, collected)

    def _goes_on(self, page: Page, report: Report, collected: _Collected, number: int) -> bool:
        if not report.is_paged or not page.count or number >= _PAGES_MAX:
            return False
        if collected.total is None:
            return page.count >= self.description.paging.size_max
        return collected.seen < collected.total

    def _page(self, question: Question, report: Report, number: int, collected: _Collected) -> Page:
        """Ask for one page, again after a pause while it fails, and add what it held."""
        for attempt in range(1, question.attempts + 1):
            begun = time.monotonic()
            page = self._once(question, report, number, seen=collected.seen)
            collected.calls.append(
                Call(
                    path=report.path,
                    page=number,
                    act=page.act,
                    code=page.code,
                    words=page.words,
                    is_billed=page.is_billed,
                    milliseconds=int((time.monotonic() - begun) * _MILLISECONDS),
                    attempt=attempt,
                )
            )
            if page.act not in FAILURES or attempt == question.attempts:
                break
            # Twice as long after each failure, and not all callers at the same moment.
            self._pause(_PAUSE_SECONDS * 2 ** (attempt - 1) * (1 + random.random()))  # noqa: S311 - spreads load only
        collected.findings |= {finding.key: finding for finding in page.findings}
        collected.seen += page.count
        collected.unreadable += page.unreadable
        collected.total = page.total if page.total is not None else collected.total
        return page

    def _once(self, question: Question, report: Report, number: int, *, seen: int) -> Page:
        extra = signing.signed(self.description.auth, moment=clock.real_now())
        query = {**extra.query, report.subject: question.subject, **self._paging(report, number, seen)}
        reply = self._wire.get(self._base + report.path, headers=extra.headers, query=query)
        if reply.act is not None:
            return _failed(reply.act, reply.code)
        return envelopes.page_of(
            description=self.description,
            report=report,
            document=reply.document,
            subjects=(question.name, *question.former_names),
        )

    def _paging(self, report: Report, number: int, seen: int) -> Mapping[str, str]:
        paging = self.description.paging
        if not report.is_paged:
            return {}
        found = {paging.size: str(paging.size_max)} if paging.size else {}
        if paging.page:
            found[paging.page] = str(number)
        if paging.skip:
            found[paging.skip] = str(seen)
        return found

    def _answer(self, question: Question, page: Page, collected: _Collected) -> Answer:
        act, words = page.act, page.words
        if collected.findings and act is not Act.DONE:
            # Pages before the failed one are taken; that something is missing is said by is_complete.
            is_whole, act = act is Act.EMPTY and collected.total in (None, collected.seen), Act.DONE
        else:
            is_whole = act is Act.EMPTY or (
                act is Act.DONE and (collected.total is None or collected.seen >= collected.total)
            )
        findings = tuple(collected.findings.values())
        if question.kind == "registry" and findings and _is_another(question, findings[0]):
            act, words, findings = Act.MISMATCH, WORDS[Act.MISMATCH], ()
        return Answer(
            provider=self.description.name,
            kind=question.kind,
            act=act,
            code=page.code,
            words=words,
            findings=findings,
            unreadable=collected.unreadable,
            is_complete=is_whole and not collected.unreadable and act in (Act.DONE, Act.EMPTY),
            calls=tuple(collected.calls),
        )


def _failed(act: Act, code: str) -> Page:
    words: Words = WORDS[act]
    return Page(act=act, code=code, words=words, is_billed=False)


def _is_another(question: Question, finding: Finding) -> bool:
    """Tell whether the answer is about another company: another number, or another name where we have no number."""
    answered = finding.values.get("uscc", "")
    if question.uscc and answered:
        return answered.upper() != question.uscc.upper()
    known = {values.folded(name) for name in (question.name, *question.former_names)}
    said = (finding.values["name"], *finding.values.get("former_names", "").split(";"))
    return not known & {values.folded(name) for name in said}
