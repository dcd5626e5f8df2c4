"""A stored letter as a page of paper, with the list of its items as an annex and a place for the seal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.collections import letter_blocks, letters
from tradecredit.plumbing import letter_paper
from tradecredit.plumbing.letter_paper import Annex, LetterPaper, PaperBlock

if TYPE_CHECKING:
    from tradecredit.apps.collections.queries import StoredLetter

_SEALED_KINDS: Final = ("letter",)
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


def as_pdf(letter: StoredLetter, *, sender: str) -> bytes:
    """Return the letter as a PDF in its own language; reminders and thanks carry no seal and no annex."""
    language = "zh" if letter.language.startswith("zh") else "en"
    is_sealed = letter.kind in _SEALED_KINDS
    return letter_paper.as_pdf(
        LetterPaper(
            language=language,
            title=letter.subject,
            sender=sender,
            seal=_SEAL[language],
            foot=f"{letter.number} · sha256 {letter.content_hash[:16]}",
            blocks=_blocks(letter, is_sealed=is_sealed),
            annex=_annex(letter, language) if is_sealed else Annex(),
        )
    )


def _blocks(letter: StoredLetter, *, is_sealed: bool) -> list[PaperBlock]:
    blocks = [
        PaperBlock(kind=block.kind, lines=block.lines, rows=block.rows)
        for block in letter_blocks.of_letter(letter.body)
    ]
    if not is_sealed:
        return blocks
    # The company and the day close the letter; they stand under the seal, before a slip that is cut off.
    ends = [place for place, block in enumerate(blocks) if block.kind == "paragraph"]
    if ends:
        last = blocks[ends[-1]]
        kept, closing = last.lines[:-2], last.lines[-2:]
        blocks[ends[-1] : ends[-1] + 1] = [
            *([PaperBlock(kind="paragraph", lines=kept)] if kept else []),
            PaperBlock(kind="seal", lines=closing),
        ]
    return blocks


def _annex(letter: StoredLetter, language: str) -> Annex:
    title, heads, foot = _ANNEX[language]
    return Annex(
        title=f"{title} {letter.number}",
        heads=heads,
        rows=(
            *(
                (item.invoice, item.due_date, str(max(item.days_overdue, 0)), letters.figures(item.amount))
                for item in letter.items
            ),
            ("", "", "", letters.figures(letter.total)),
        ),
        foot=foot.format(digest=letter.content_hash),
    )
