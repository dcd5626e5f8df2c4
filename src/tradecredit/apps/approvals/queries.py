"""Read approval requests and their votes as frozen values."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from tradecredit.apps.approvals.models import ApprovalRequest, RequestStatus
from tradecredit.apps.approvals.models import Vote as VoteRow
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRecord:
    """One person's answer."""

    actor_id: UUID
    actor_name: str
    role: str
    approves: bool
    reason: str
    voted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """A request with the answers so far and the sentence that says why these roles are asked."""

    id: UUID
    company_id: UUID
    kind: str
    customer_id: UUID | None
    customer_code: str
    customer_name: str
    subject_id: UUID
    reference: str
    decision_id: UUID | None
    amount: Money | None
    requested_by_id: UUID
    requested_by_name: str
    reason: str
    roles: tuple[str, ...]
    mode: str
    routing: Mapping[str, Any]
    status: str
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    votes: tuple[VoteRecord, ...]

    @property
    def why(self) -> Words:
        """Return why these roles are asked."""
        why = self.routing.get("why", {})
        return Words(zh=why.get("zh", ""), en=why.get("en", ""))

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Return the roles whose word is still needed; none once it has ended."""
        if self.status != RequestStatus.OPEN:
            return ()
        voted = {vote.role for vote in self.votes} if self.mode in {"all", "countersign"} else set()
        return tuple(role for role in self.roles if role not in voted)


def by_id(request_id: UUID) -> RequestRecord | None:
    """Return one request in scope."""
    return next(iter(_records(ApprovalRequest.objects.filter(pk=request_id))), None)


def by_ids(request_ids: Iterable[UUID]) -> dict[UUID, RequestRecord]:
    """Return requests in scope by identifier."""
    return {one.id: one for one in _records(ApprovalRequest.objects.filter(pk__in=set(request_ids)))}


def open_of_subjects(*, kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, RequestRecord]:
    """Return the open request of each subject, if there is one."""
    rows = ApprovalRequest.objects.filter(
        kind=kind, subject_id__in=set(subject_ids), status=RequestStatus.OPEN
    )
    return {record.subject_id: record for record in _records(rows)}


def open_for(
    *, company_id: UUID, roles: Iterable[str], people: Iterable[UUID], most: int = 200
) -> tuple[RequestRecord, ...]:
    """Return the open requests of a company that ask any of the roles or people now, oldest first."""
    wanted = sorted(set(roles))
    asked = Q(steps__status="open", steps__able_roles__overlap=wanted)
    named = Q(steps__status="open", steps__people__overlap=list(people))
    rows = ApprovalRequest.objects.filter(
        Q(roles__overlap=wanted) | asked | named, company_id=company_id, status=RequestStatus.OPEN
    )
    ids = rows.order_by("created_at", "pk").values_list("pk", flat=True).distinct()[:most]
    return _records(ApprovalRequest.objects.filter(pk__in=list(ids)).order_by("created_at", "pk"))


def open_without_flow(*, company_id: UUID, most: int = 500) -> tuple[RequestRecord, ...]:
    """Return open requests that run by no flow, latest first."""
    rows = ApprovalRequest.objects.filter(company_id=company_id, status=RequestStatus.OPEN, flow__isnull=True)
    return _records(rows.order_by("-created_at", "-pk")[:most])


def open_of_customer(*, customer_id: UUID, kind: str) -> tuple[RequestRecord, ...]:
    """Return the open requests of a kind about a customer."""
    rows = ApprovalRequest.objects.filter(customer_id=customer_id, kind=kind, status=RequestStatus.OPEN)
    return _records(rows.order_by("created_at", "pk"))


def mentioning(*, company_id: UUID, user_id: UUID, most: int = 100) -> tuple[RequestRecord, ...]:
    """Return the requests in whose notes somebody is mentioned, latest first."""
    rows = ApprovalRequest.objects.filter(company_id=company_id, notes__mentions__contains=[user_id])
    ids = set(rows.values_list("pk", flat=True))
    return _records(ApprovalRequest.objects.filter(pk__in=ids).order_by("-created_at", "-pk")[:most])


def of_company(*, company_id: UUID, status: str | None = None, most: int = 200) -> tuple[RequestRecord, ...]:
    """Return the requests of a company, latest first."""
    rows = ApprovalRequest.objects.filter(company_id=company_id)
    if status is not None:
        rows = rows.filter(status=status)
    return _records(rows.order_by("-created_at", "-pk")[:most])


def _records(rows: QuerySet[ApprovalRequest]) -> tuple[RequestRecord, ...]:
    requests = list(rows.select_related("customer"))
    votes: defaultdict[UUID, list[VoteRecord]] = defaultdict(list)
    for vote in VoteRow.objects.filter(request_id__in=[one.pk for one in requests]).order_by(
        "voted_at", "pk"
    ):
        votes[vote.request_id].append(
            VoteRecord(
                actor_id=vote.actor_id,
                actor_name=vote.actor_name,
                role=vote.role,
                approves=vote.approves,
                reason=vote.reason,
                voted_at=vote.voted_at,
            )
        )
    return tuple(_record(row, tuple(votes[row.pk])) for row in requests)


def _record(row: ApprovalRequest, votes: tuple[VoteRecord, ...]) -> RequestRecord:
    return RequestRecord(
        id=row.pk,
        company_id=row.company_id,
        kind=row.kind,
        customer_id=row.customer_id,
        customer_code=row.customer.code if row.customer else "",
        customer_name=row.customer.name if row.customer else "",
        subject_id=row.subject_id,
        reference=row.reference,
        decision_id=row.decision_id,
        amount=None if row.amount is None else Money(row.amount, row.currency),
        requested_by_id=row.requested_by_id,
        requested_by_name=row.requested_by_name,
        reason=row.reason,
        roles=tuple(row.roles),
        mode=row.mode,
        routing=json.loads(row.routing),
        status=row.status,
        created_at=row.created_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
        votes=votes,
    )
