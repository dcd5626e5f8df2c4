"""A stored letter as a page of paper, with the list of its items as an annex and a place for the seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from tradecredit.core.collections import letter_blocks, texts
from tradecredit.plumbing import letter_paper
from tradecredit.plumbing.letter_paper import Annex, LetterPaper, PaperBlock

if TYPE_CHECKING:
    from tradecredit.apps.collections.queries import StoredLetter
    from tradecredit.core.kernel.money import Money

SEALED_KINDS: Final = ("letter",)
_CLOSING: Final = 2
_SUM: Final = {"zh": "合计", "en": "Total"}
_TRIAL: Final = {"zh": "预览 · 未发出", "en": "Preview · not sent"}
_SEAL: Final = {"zh": "盖章处", "en": "Seal"}
_ANNEX: Final = {
    "zh": (
        "附件：对账明细",
        ("单据号", "到期日", "逾期天数", "应付金额"),
        "明细在生成本函时固定，摘要 {digest}。",
    ),
    "en": (
        "Annex: statement of the items",
        ("Document", "Due date", "Days overdue", "Amount due"),
        "Frozen when this letter was made; digest {digest}.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLetter:
    """A letter that is only looked at; ``items`` are the rows of its annex."""

    language: str
    sender: str
    subject: str
    body: str
    is_sealed: bool
    items: tuple[tuple[str, ...], ...]
    total: Money


def as_pdf(letter: StoredLetter, *, sender: str) -> bytes:
    """Return the letter as a PDF in its own language; reminders and thanks carry no seal and no annex."""
    language = "zh" if letter.language.startswith("zh") else "en"
    is_sealed = letter.kind in SEALED_KINDS
    return letter_paper.as_pdf(
        LetterPaper(
            language=language,
            title=letter.subject,
            sender=sender,
            seal=_SEAL[language],
            foot=f"{letter.number} · sha256 {letter.content_hash[:16]}",
            blocks=blocks(letter.body, is_sealed=is_sealed),
            annex=_annex(letter, language) if is_sealed else Annex(),
        )
    )


def trial(trial: TrialLetter) -> LetterPaper:
    """Return the paper of a letter that is only tried: its foot says that nobody has sent it."""
    title, heads, _ = _ANNEX[trial.language]
    note = _TRIAL[trial.language]
    return LetterPaper(
        language=trial.language,
        title=trial.subject,
        sender=trial.sender,
        seal=_SEAL[trial.language],
        foot=note,
        blocks=blocks(trial.body, is_sealed=trial.is_sealed),
        annex=Annex(title=title, heads=heads, rows=(*trial.items, _sum(trial.total, trial.language)))
        if trial.is_sealed
        else Annex(),
    )


def blocks(body: str, *, is_sealed: bool) -> list[PaperBlock]:
    """Return the letter's blocks; company and day close it, on one that is sealed within the place of the seal."""
    found = [
        PaperBlock(kind=block.kind, lines=block.lines, rows=block.rows)
        for block in letter_blocks.of_letter(body)
    ]
    ends = [place for place, block in enumerate(found) if block.kind == "paragraph"]
    if not ends:
        return found
    # The last paragraph closes the letter; what is cut off stands behind it.
    last = found[ends[-1]]
    if not is_sealed:
        if len(last.lines) == _CLOSING:
            found[ends[-1]] = PaperBlock(kind="closing", lines=last.lines)
        return found
    kept, closing = last.lines[:-_CLOSING], last.lines[-_CLOSING:]
    found[ends[-1] : ends[-1] + 1] = [
        *([PaperBlock(kind="paragraph", lines=kept)] if kept else []),
        PaperBlock(kind="seal", lines=closing),
    ]
    return found


def _annex(letter: StoredLetter, language: str) -> Annex:
    title, heads, foot = _ANNEX[language]
    return Annex(
        title=f"{title} {letter.number}",
        heads=heads,
        rows=(
            *(
                (
                    item.invoice,
                    texts.day(date.fromisoformat(item.due_date), language=language),
                    str(max(item.days_overdue, 0)),
                    texts.figures(item.amount),
                )
                for item in letter.items
            ),
            _sum(letter.total, language),
        ),
        foot=foot.format(digest=letter.content_hash),
    )


def _sum(total: Money, language: str) -> tuple[str, ...]:
    return (_SUM[language], "", "", texts.figures(total))
