"""Write values that hold for a time into a draft, and take them out again."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import policies
from tradecredit.core.kernel import document_changes, overlays, told_changes
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.overlays import Overlay
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.flows.policy import draft_policy
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.plumbing.access import Actor

# What a policy says of itself, in words, in drawings: nothing that a form changes for a time.
_NO_FIGURES: Final = ("pack", "letters", "tables", "flows", overlays.SECTION)


def set_overlay(
    *,
    draft_id: UUID,
    label: Words,
    reason: str,
    begins: date,
    ends: date | None,
    values: Mapping[str, str],
    version: int,
    actor: Actor,
    code: str = "",
) -> Draft:
    """Write values by path that hold from a day (included) to a day (excluded) into a draft still at ``version``.

    One with the same code is replaced. Raises UnableToDraftPolicyError: a path to nothing, days the wrong way round,
    another overlay that sets the same value on the same days.
    """
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        try:
            typed = tuple((path, _typed(draft.document, path, text)) for path, text in values.items())
            overlay = Overlay(
                code=code or _free_code(draft.document, begins),
                label=label,
                reason=reason.strip() or label.zh,
                validity=Validity(begins, ends),
                values=typed,
            )
            document = overlays.added(draft.document, overlay)
            overlays.of_document(document)
        except (PolicyError, ValueError) as error:
            raise _refused(error) from error
        return draft_policy.rewrite(
            draft, document=document, valid_from=draft.valid_from, reason=draft.reason, actor=actor
        )


def drop_overlay(*, draft_id: UUID, code: str, version: int, actor: Actor) -> Draft:
    """Take values that hold for a time out of a draft still at ``version``; raises UnableToDraftPolicyError."""
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        try:
            document = overlays.without(draft.document, code)
        except UnknownPathError as error:
            raise _refused(error) from error
        return draft_policy.rewrite(
            draft, document=document, valid_from=draft.valid_from, reason=draft.reason, actor=actor
        )


def figures(document: Mapping[str, Any]) -> Sequence[tuple[str, Words, str]]:
    """Return every figure that may be given another value for a time: its path, where it stands, its value."""
    return [
        (path, told_changes.place(path, document), str(value))
        for path, value in document_changes.leaves(
            {name: section for name, section in document.items() if name not in _NO_FIGURES},
            is_counting=True,
        )
        if _is_figure(value)
    ]


def tried_of(draft: Draft) -> Mapping[str, Any]:
    """Return the document that trials of a draft decide by: as it holds on its first day.

    An overlay that the draft brings and that begins later is tried as on the day on which it begins.
    """
    try:
        before = {one.code for one in overlays.of_document(policies.by_id(draft.base_id).written)}
        begins = [
            one.validity.valid_from
            for one in overlays.of_document(draft.document)
            if one.code not in before and one.validity.valid_from > draft.valid_from
        ]
        return overlays.on_day(draft.document, min(begins, default=draft.valid_from))
    except PolicyError:
        # The page of the draft names the mistake.
        return draft.document


def _typed(document: Mapping[str, Any], path: str, text: str) -> Any:
    """Return what was typed as what stands there: a whole number stays one."""
    present = document_changes.value_at(document, path)
    if isinstance(present, int) and not isinstance(present, bool) and text.strip().isdecimal():
        return int(text)
    return text.strip()


def _is_figure(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _free_code(document: Mapping[str, Any], begins: date) -> str:
    taken = {one.code for one in overlays.of_document(document)}
    codes = (f"{begins.isoformat()}-{number}" for number in range(1, len(taken) + 2))
    return next(code for code in codes if code not in taken)


def _refused(error: Exception) -> UnableToDraftPolicyError:
    words = Words(zh="阶段性调整有误，未保存：{place}", en="This adjustment is not right; not saved: {place}")
    return UnableToDraftPolicyError(words.filled(place=str(error)))
