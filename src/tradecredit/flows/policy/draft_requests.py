"""The question to people whether a draft is to be published: put, and taken back when the draft changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import operations
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.core.approvals import routing
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.core.approvals.authority import Authority
    from tradecredit.plumbing.access import Actor

KIND: Final = "policy"


def put(draft: Draft, *, authority: Authority, actor: Actor) -> UUID:
    """Ask the roles that the authority table names for policies, in the name of the draft's author."""
    route = routing.route(kind=KIND, grade=None, amount=Money.zero(authority.currency), authority=authority)
    (request_id,) = operations.ask(
        [
            operations.NewRequest(
                company_id=draft.company_id,
                customer_id=None,
                subject_id=draft.id,
                reference=draft.title[:64],
                route=route,
                reason=draft.reason,
                asked_by=(draft.author_id, draft.author_name),
            )
        ],
        actor=actor,
    )
    return request_id


def open_of(draft_id: UUID) -> RequestRecord | None:
    """Return the question that people have been asked about the draft, while it is open."""
    return approvals.open_of_subjects(kind=KIND, subject_ids=[draft_id]).get(draft_id)


def take_back(draft_id: UUID) -> None:
    """End the open question about a draft, if there is one: what people were asked about is no more."""
    asked = open_of(draft_id)
    if asked is not None:
        operations.end([asked.id], status=RequestStatus.WITHDRAWN)
