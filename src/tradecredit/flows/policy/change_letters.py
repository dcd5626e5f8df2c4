"""Write a letter of a draft: kept only where it can be printed, published like any change by a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.collections import letter_grid, letter_sheet, letters
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.core.collections.letter_sheet import Part, Problem
    from tradecredit.plumbing.access import Actor

_SECTION: Final = "letters"


class UnableToKeepLetterError(UnableToError):
    """The letter could not be printed; ``problems`` names every place."""

    code = "letter_refused"

    def __init__(self, words: Words, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(words)
        self.problems = problems


def change_letter(*, draft_id: UUID, key: str, parts: Sequence[Part], version: int, actor: Actor) -> Draft:
    """Write a letter (``formal-zh``) into a draft that is still at ``version``.

    Raises UnableToKeepLetterError for a letter that cannot be printed, UnableToDraftPolicyError as any change.
    """
    _refuse_unsound(key, parts)
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        texts = letter_grid.texts_of(draft.document)
        text = letter_sheet.rewritten(texts.get(key, ""), parts, language=key.rpartition("-")[2])
        try:
            letters.check_template(text, path=f"{_SECTION}.{key}")
        except PolicyError as error:
            raise UnableToKeepLetterError(
                Words(zh="未保存：{why}", en="Not saved: {why}").filled(why=str(error))
            ) from error
        return _rewritten(draft, {**texts, key: text}, actor=actor)


def remove_letter(*, draft_id: UUID, key: str, version: int, actor: Actor) -> Draft:
    """Take a letter out of a draft; one that the strategy uses is then missing, which keeps it from being published.

    Raises UnableToKeepLetterError when there is no such letter, UnableToDraftPolicyError as any change.
    """
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        texts = letter_grid.texts_of(draft.document)
        if key not in texts:
            raise UnableToKeepLetterError(
                Words(zh="草稿里没有函件 {key}。", en="The draft has no letter {key}.").filled(key=key)
            )
        return _rewritten(draft, {name: text for name, text in texts.items() if name != key}, actor=actor)


def _refuse_unsound(key: str, parts: Sequence[Part]) -> None:
    name, _, language = key.rpartition("-")
    if not name or language not in letters.LANGUAGES:
        raise UnableToKeepLetterError(
            Words(zh="没有这样的函件：{key}", en="There is no such letter: {key}").filled(key=key)
        )
    problems = letter_sheet.problems(parts)
    if problems:
        raise UnableToKeepLetterError(
            Words(
                zh="未保存：有 {n} 处须先更正，见标出的地方。",
                en="Not saved: {n} to be mended first, marked where they stand.",
            ).filled(n=len(problems)),
            problems,
        )


def _rewritten(draft: Draft, texts: Mapping[str, str], *, actor: Actor) -> Draft:
    document = {**draft.document, _SECTION: dict(texts)}
    return draft_policy.rewrite(
        draft, document=document, valid_from=draft.valid_from, reason=draft.reason, actor=actor
    )
