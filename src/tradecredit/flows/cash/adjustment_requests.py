"""Put an adjustment to those who decide it: by the steps that policy draws for its kind, or any one of its deciders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.analytics.receivables import policies
from tradecredit.apps.approvals import operations, queries
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.core.approvals import routing
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import adjustments
from tradecredit.flows.processes import run_flow
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.receivables.adjustment_queries import AdjustmentRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_ROW: Final = Words(zh="应收调整的权限", en="authority over adjustments")


def put(*, company: Company, asked: AdjustmentRecord, actor: Actor) -> tuple[UUID, bool]:
    """Ask who decides an adjustment of its kind and amount; returns the request, and false where its flow rejects it.

    Raises UnableToAssignError where nobody could decide a step of its flow.
    """
    day = clock.today(company)
    amount = Money(asked.amount, asked.currency)
    policy = policies.in_force(company_id=company.pk, as_of=day).adjustments
    roles = adjustments.deciders(policy=policy, kind=asked.kind, amount=amount)
    by = None if asked.requested_by_id is None else (asked.requested_by_id, asked.requested_by)
    (request_id,) = operations.ask(
        [
            operations.NewRequest(
                company_id=company.pk,
                customer_id=asked.customer_id,
                subject_id=asked.id,
                reference=asked.number,
                route=routing.among(kind=asked.kind, roles=roles, amount=amount, row=_ROW),
                reason=asked.text,
                asked_by=by,
            )
        ],
        actor=actor,
    )
    if asked.kind not in run_flow.kinds_with_flows(company):
        return request_id, True
    request = queries.by_id(request_id)
    assert request is not None  # noqa: S101 - it was asked a moment ago in this transaction
    if run_flow.begin(request, actor=actor) is not Standing.REJECTED:
        return request_id, True
    operations.end([request_id], status=RequestStatus.REJECTED)
    return request_id, False


def open_of(asked: AdjustmentRecord) -> RequestRecord | None:
    """Return the open question about an adjustment, if there is one."""
    return queries.open_of_subjects(kind=asked.kind, subject_ids=[asked.id]).get(asked.id)
