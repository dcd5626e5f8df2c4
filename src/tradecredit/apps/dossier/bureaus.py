"""What bureaus were asked and what they said: read and recorded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Sum

from tradecredit.apps.dossier.models import (
    BureauCall,
    BureauFinding,
    BureauReport,
    Customer,
)
from tradecredit.core.dossier.bureau.answers import Act
from tradecredit.core.dossier.bureau.schema import Finding
from tradecredit.core.dossier.bureau.terms import Spent
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.dossier.bureau.answers import Answer, Call
    from tradecredit.plumbing.access import Actor

_LATEST_CALLS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFinding:
    """A finding as it stands in the books."""

    provider: str
    finding: Finding
    is_gone: bool
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRecord:
    """What came back to a question."""

    provider: str
    kind: str
    act: str
    code: str
    words: Mapping[str, str]
    is_complete: bool
    found: int
    recorded_at: datetime


def findings(
    *,
    customer_id: UUID,
    provider: str | None = None,
    kinds: Sequence[str] = (),
    known_at: datetime | None = None,
) -> tuple[KnownFinding, ...]:
    """Return the latest version of each finding about a customer, as known at the moment."""
    rows = BureauFinding.objects.filter(customer_id=customer_id)
    if provider is not None:
        rows = rows.filter(provider=provider)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    rows = rows.order_by("provider", "kind", "key", "-recorded_at", "-id").distinct("provider", "kind", "key")
    return tuple(
        KnownFinding(
            provider=row.provider,
            finding=Finding(
                kind=row.kind,
                key=row.key,
                values=row.values,
                began_on=row.began_on,
                ended_on=row.ended_on,
                gaps=row.gaps,
            ),
            is_gone=row.is_gone,
            recorded_at=row.recorded_at,
        )
        for row in rows
    )


def reports(
    *, customer_id: UUID, company_id: UUID, known_at: datetime | None = None
) -> tuple[ReportRecord, ...]:
    """Return the latest report of each provider and kind about a customer."""
    rows = BureauReport.objects.filter(customer_id=customer_id, company_id=company_id)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    rows = rows.order_by("provider", "kind", "-recorded_at", "-id").distinct("provider", "kind")
    return tuple(
        ReportRecord(
            provider=row.provider,
            kind=row.kind,
            act=row.act,
            code=row.code,
            words=row.words,
            is_complete=row.is_complete,
            found=row.found,
            recorded_at=row.recorded_at,
        )
        for row in rows
    )


def reported(
    *, customer_ids: Iterable[UUID], company_id: UUID, provider: str
) -> dict[UUID, dict[str, datetime]]:
    """Return the moment of the latest whole report of each kind, by customer."""
    found: dict[UUID, dict[str, datetime]] = {}
    rows = BureauReport.objects.filter(
        customer_id__in=set(customer_ids), company_id=company_id, provider=provider, is_complete=True
    )
    for customer_id, kind, moment in rows.values_list("customer_id", "kind").annotate(at=Max("recorded_at")):
        found.setdefault(customer_id, {})[kind] = moment
    return found


def spent(*, company_id: UUID, provider: str, day_begins: datetime, month_begins: datetime) -> Spent:
    """Return what a company has asked a provider since the day and the month began, and the latest calls."""
    rows = BureauCall.objects.filter(company_id=company_id, provider=provider)
    today = rows.filter(called_at__gte=day_begins).aggregate(count=Count("id"))
    month = rows.filter(called_at__gte=month_begins).aggregate(cost=Sum("cost"))
    latest = rows.order_by("-called_at", "-id").values_list("called_at", "act")[:_LATEST_CALLS]
    return Spent(
        calls_today=today["count"],
        cost_this_month=month["cost"] or Decimal(0),
        latest=tuple((moment, Act(act)) for moment, act in latest),
    )


def record_calls(
    *,
    calls: Sequence[Call],
    customer_id: UUID,
    company_id: UUID,
    provider: str,
    kind: str,
    cost: Decimal,
    actor: Actor,
) -> None:
    """Append what was sent; a billed call costs ``cost``."""
    db.transaction_required()
    moment = clock.now()
    BureauCall.objects.bulk_create(
        BureauCall(
            customer_id=customer_id,
            company_id=company_id,
            provider=provider,
            kind=kind,
            path=call.path,
            page=call.page,
            attempt=call.attempt,
            act=call.act.value,
            code=call.code[:100],
            is_billed=call.is_billed,
            cost=cost if call.is_billed else Decimal(0),
            milliseconds=call.milliseconds,
            called_at=moment,
            called_by=actor.name,
        )
        for call in calls
    )


def record_report(*, answer: Answer, customer_id: UUID, company_id: UUID, actor: Actor) -> UUID:
    """Append what came back."""
    db.transaction_required()
    row = BureauReport.objects.create(
        customer_id=customer_id,
        company_id=company_id,
        provider=answer.provider,
        kind=answer.kind,
        act=answer.act.value,
        code=answer.code[:100],
        words=answer.words.as_dict(),
        is_complete=answer.is_complete,
        found=len(answer.findings),
        unreadable=answer.unreadable,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
    report_id: UUID = row.pk
    return report_id


def record_findings(
    *,
    new: Sequence[Finding],
    gone: Sequence[Finding],
    report_id: UUID,
    customer_id: UUID,
    provider: str,
    day: date,
) -> None:
    """Append new or changed findings, and an end for those that are no longer there."""
    db.transaction_required()
    moment = clock.now()
    BureauFinding.objects.bulk_create(
        BureauFinding(
            customer_id=customer_id,
            report_id=report_id,
            provider=provider,
            kind=finding.kind,
            key=finding.key,
            values=dict(finding.values),
            gaps=dict(finding.gaps),
            began_on=finding.began_on,
            ended_on=(finding.ended_on or day) if is_gone else finding.ended_on,
            is_gone=is_gone,
            recorded_at=moment,
        )
        for is_gone, several in ((False, new), (True, gone))
        for finding in several
    )


def lock_customer(customer_id: UUID) -> None:
    """Let nobody else record what bureaus said of the customer until the flow ends."""
    db.transaction_required()
    list(Customer.objects.select_for_update(of=("self",)).filter(pk=customer_id).values_list("pk"))
