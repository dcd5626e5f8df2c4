"""Four eyes on a draft: whoever wrote it, or changed it since, is not the one who publishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.plumbing.access import Actor


def why_not(draft: Draft, *, actor: Actor) -> Words | None:
    """Say why the actor is no second person for the draft, or nothing when they are.

    A draft last changed before editors were recorded has none: there only the author stands back.
    """
    if actor.user_id == draft.author_id:
        return Words(
            zh="起草人不能自己发布；请另一位有权限的同事发布。",
            en="Its author cannot publish a draft: have another authorised colleague do it.",
        )
    if actor.user_id in draft.editor_ids:
        return Words(
            zh="{name} 改过这份草稿，不能发布；请另一位有权限、没有改过它的同事发布（起草人 {author} 也不能）。",
            en="{name} has changed this draft and cannot publish it: have an authorised colleague do it who has not"
            " (nor can its author, {author}).",
        ).filled(name=actor.name, author=draft.author_name)
    return None
