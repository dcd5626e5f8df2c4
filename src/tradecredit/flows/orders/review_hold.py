"""Say afterwards whether a hold or a release was right: that is what the hold-error figure counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.orders import reviews
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import explain_decision
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.plumbing.access import Actor


class UnableToReviewHoldError(UnableToError):
    """The decision neither held nor released anything."""

    code = "review_refused"
    status = 409


_RIGHT = Words(zh="判断正确", en="right")
_WRONG = Words(zh="判断有误", en="wrong")


def review_hold(*, decision_id: UUID, was_right: bool, note: str, actor: Actor) -> None:
    """Record a word on a hold or a release; a later word follows it. A wrong one says why in the note.

    Raises UnableToFindDecisionError, UnableToReviewHoldError.
    """
    with db.unit_of_work(actor):
        view = explain_decision.decision_view(decision_id=decision_id, actor=actor)
        _refuse_unfit(view, was_right=was_right, note=note)
        reviews.record(
            company_id=view.company_id,
            customer_id=view.customer_id,
            decision_id=decision_id,
            was_right=was_right,
            note=note.strip(),
            actor=actor,
        )
        word = _RIGHT if was_right else _WRONG
        reference = view.facts.request.reference
        log.append(
            company_id=view.company_id,
            actor=actor,
            entries=[
                log.NewEntry(
                    stream=f"customer:{view.customer_id}",
                    kind="hold.reviewed",
                    words=Words(
                        zh=f"复盘 {reference}：{word.zh}。{note}",
                        en=f"Looking back on {reference}: {word.en}. {note}",
                    ),
                    payload={"decision": decision_id, "right": was_right},
                )
            ],
        )


def _refuse_unfit(view: DecisionView, *, was_right: bool, note: str) -> None:
    if not view.is_committed or view.lets_through:
        raise UnableToReviewHoldError(
            Words(
                zh="只有拦截或人工放行的决定可以复盘。",
                en="Only a decision that held something, or that people released, is looked back on.",
            )
        )
    if not was_right and not note.strip():
        raise UnableToReviewHoldError(Words(zh="判断有误时请写明原因。", en="Say why it was wrong."))
