"""Draw the flow of a kind of request in a draft of the next policy; a second person publishes it like any other change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.approvals import kinds
from tradecredit.core.approvals.diagrams import reading, shadows
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.plumbing.access import Actor


class UnableToDraftFlowError(UnableToError):
    """The diagram is of no kind of request."""

    code = "flow_draft_refused"


def change_flow(
    *, draft_id: UUID, kind: str, text: str, version: int, actor: Actor, is_shadow: bool = False
) -> Draft:
    """Write a diagram into a draft that is still at ``version``; an empty one takes the flow away.

    In shadow it will only put down whom it would have asked, and the authority table decides.

    Mistakes of the flow are shown and keep the draft from being published; what is no BPMN at all is refused.
    Raises UnableToDraftFlowError, UnableToReadFlowError, UnableToDraftPolicyError.
    """
    if kind not in kinds.KINDS:
        raise UnableToDraftFlowError(
            Words(
                zh="没有这类申请。",
                en="There is no such kind of request.",
            )
        )
    if text.strip():
        reading.read(text)
        text = shadows.put(text, is_shadow=is_shadow)
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        drawn = {**draft.document.get("flows", {}), kind: text}
        kept = {name: one for name, one in sorted(drawn.items()) if one.strip()}
        document = {**{name: part for name, part in draft.document.items() if name != "flows"}}
        if kept:
            document["flows"] = kept
        return draft_policy.rewrite(
            draft, document=document, valid_from=draft.valid_from, reason=draft.reason, actor=actor
        )
