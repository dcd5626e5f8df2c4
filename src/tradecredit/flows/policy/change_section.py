"""Write sections of a draft: whole, as whoever keeps policies in files does it, or value by value and item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import section_lines
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.policy import check_policy, draft_policy
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError
from tradecredit.flows.policy.publish_policy import FOLLOWS
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.plumbing.access import Actor

_PACK: Final = "pack"


def change_section(
    *, draft_id: UUID, section: str, content: Mapping[str, Any] | None, version: int, actor: Actor
) -> Draft:
    """Write a section of the draft that is still at ``version``; None takes out one that a policy may do without.

    Mistakes in it are findings of the draft, which cannot be published with them. Raises UnableToDraftPolicyError: no
    section of that name, one that every policy has, and a change of whom the company follows, which has a way of its own.
    """
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        _refuse(draft, section, content)
        document = {name: part for name, part in draft.document.items() if name != section}
        if content is not None:
            document[section] = dict(content)
        return draft_policy.rewrite(
            draft, document=document, valid_from=draft.valid_from, reason=draft.reason, actor=actor
        )


def _refuse(draft: Draft, section: str, content: Mapping[str, Any] | None) -> None:
    if section not in check_policy.sections() or (content is None and not check_policy.is_optional(section)):
        raise UnableToDraftPolicyError(
            Words(
                zh="政策没有名为 {name} 的部分，或它不能去掉；现有：{known}。",
                en="A policy has no section {name}, or cannot do without it; there are {known}.",
            ).filled(name=section, known=", ".join(check_policy.sections()))
        )
    if (
        content is not None
        and section == _PACK
        and content.get(FOLLOWS) != draft.document[_PACK].get(FOLLOWS)
    ):
        raise UnableToDraftPolicyError(
            Words(
                zh="沿用哪家公司的政策，请用“沿用集团政策”或“不再沿用”。",
                en="Whose policy is followed is changed by following a group's policy, or following it no more.",
            )
        )


def change_lines(
    *, draft_id: UUID, section: str, typed: Mapping[str, str], version: int, actor: Actor
) -> Draft:
    """Write typed values by path into a section of the draft that is still at ``version``.

    Raises UnableToDraftPolicyError for a path that is no value of the section, and as any change.
    """
    return _rewritten(
        draft_id, version, actor, lambda document: section_lines.written(document, section, typed)
    )


def copy_item(*, draft_id: UUID, path: str, code: str, version: int, actor: Actor) -> Draft:
    """Put a copy of an item (a rule, a check, a stage) behind it under another code; raises UnableToDraftPolicyError."""
    return _rewritten(
        draft_id, version, actor, lambda document: section_lines.copied(document, path, code.strip())
    )


def remove_item(*, draft_id: UUID, path: str, version: int, actor: Actor) -> Draft:
    """Take an item out of its list; raises UnableToDraftPolicyError."""
    return _rewritten(draft_id, version, actor, lambda document: section_lines.removed(document, path))


def _rewritten(
    draft_id: UUID, version: int, actor: Actor, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> Draft:
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        try:
            document = change(draft.document)
        except UnknownPathError as error:
            raise UnableToDraftPolicyError(
                Words(zh="未保存：{path}", en="Not saved: {path}").filled(path=str(error))
            ) from error
        return draft_policy.rewrite(
            draft, document=document, valid_from=draft.valid_from, reason=draft.reason, actor=actor
        )
