"""The links under which people decide out of a mail or a chat.

Note [Links to decide]
A link is one person's, for one step, once, for some days. Its token is made from the link, the end of its time and the
installation's secret; only the token's digest is stored, so whoever reads the database decides nothing. The token alone
decides nothing either: whoever opens it has to be signed in as the person it was made for, so a link that was forwarded
(or read by a machine that opens every link of a mail) changes nothing. A message waits in the outbox with ``{token}`` in
the token's place, is filled in as it leaves, and is kept without it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef
from django.utils.crypto import salted_hmac

from tradecredit.apps.approvals import flow_queries
from tradecredit.apps.approvals.models import (
    ApprovalRequest,
    DecisionLink,
    FlowStep,
    RequestStatus,
    StepStatus,
)
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.apps.approvals.flow_queries import StepRecord

PLACE: Final = "{token}"
# What a message that carries a link names as its cause.
CAUSE: Final = "decision_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A link to make."""

    company_id: UUID
    request_id: UUID
    step_id: UUID | None
    user_id: UUID
    channel: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecord:
    """A link without its token."""

    id: UUID
    company_id: UUID
    request_id: UUID
    step_id: UUID | None
    user_id: UUID
    channel: str
    expires_at: datetime
    used_at: datetime | None


def make(links: Sequence[NewLink]) -> tuple[UUID, ...]:
    """Make links, with one statement; one that is there already stays as it is. Returns their identifiers."""
    db.transaction_required()
    rows = []
    for one in links:
        link_id = ids.new_id()
        rows.append(
            DecisionLink(
                pk=link_id,
                company_id=one.company_id,
                request_id=one.request_id,
                step_id=one.step_id,
                user_id=one.user_id,
                channel=one.channel,
                digest=digest_of(token_of(link_id=link_id, expires_at=one.expires_at)),
                made_at=clock.real_now(),
                expires_at=one.expires_at,
            )
        )
    DecisionLink.objects.bulk_create(rows, ignore_conflicts=True)
    return tuple(row.pk for row in rows)


def by_token(token: str, *, is_locked: bool = False) -> LinkRecord | None:
    """Return the link of a token in scope; ``is_locked`` keeps others from using it until the transaction ends."""
    rows = DecisionLink.objects.filter(digest=digest_of(token))
    row = (rows.select_for_update() if is_locked else rows).first()
    return None if row is None else _record(row)


def by_ids(link_ids: Iterable[UUID]) -> dict[UUID, LinkRecord]:
    """Return links in scope by identifier."""
    return {row.pk: _record(row) for row in DecisionLink.objects.filter(pk__in=set(link_ids))}


def untold_steps(*, company_id: UUID, most: int) -> tuple[StepRecord, ...]:
    """Return open steps for people about which nobody has been told, latest first: some may have nobody to tell."""
    told = DecisionLink.objects.filter(step_id=OuterRef("pk"))
    rows = FlowStep.objects.filter(~Exists(told), company_id=company_id, status=StepStatus.OPEN, service="")
    return tuple(flow_queries.step_of(row) for row in rows.order_by("-opened_at", "-pk")[:most])


def untold_requests(*, company_id: UUID, most: int) -> tuple[UUID, ...]:
    """Return open requests that run by no flow and about which nobody has been told, latest first."""
    told = DecisionLink.objects.filter(request_id=OuterRef("pk"), step__isnull=True)
    rows = ApprovalRequest.objects.filter(
        ~Exists(told), company_id=company_id, status=RequestStatus.OPEN, flow__isnull=True
    )
    return tuple(rows.order_by("-created_at", "-pk").values_list("pk", flat=True)[:most])


def use(link_id: UUID) -> bool:
    """Use a link up; tells whether it had not been used."""
    db.transaction_required()
    rows = DecisionLink.objects.filter(pk=link_id, used_at__isnull=True)
    return rows.update(used_at=clock.real_now()) == 1


def token_of(*, link_id: UUID, expires_at: datetime) -> str:
    """Return the token of a link; see Note [Links to decide]."""
    said = f"{link_id}:{expires_at.astimezone(UTC).isoformat(timespec='microseconds')}"
    return salted_hmac("tradecredit.decision", said, algorithm="sha256").hexdigest()


def digest_of(token: str) -> str:
    """Return what is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def filled(text: str, link: LinkRecord) -> str:
    """Return the text with the token where its place is."""
    return text.replace(PLACE, token_of(link_id=link.id, expires_at=link.expires_at))


def _record(row: DecisionLink) -> LinkRecord:
    return LinkRecord(
        id=row.pk,
        company_id=row.company_id,
        request_id=row.request_id,
        step_id=row.step_id,
        user_id=row.user_id,
        channel=row.channel,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
