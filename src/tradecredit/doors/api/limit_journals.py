"""Changes of many lines: preview, open, list, undo; decided like every question to people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.limits import journals
from tradecredit.core.kernel import limit as tagged
from tradecredit.doors.api import acting
from tradecredit.doors.api.batches import CompanyRowIn, Text
from tradecredit.doors.api.credit_checks import read_money
from tradecredit.flows.limits import journal_lines, limit_journal
from tradecredit.flows.limits.journal_lines import Change
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.apps.limits.journals import JournalLine, JournalRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.plumbing.access.models import Company

router = Router(tags=["limit journals"])
_MOST = 5000
ASKERS = (Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.FINANCE_MANAGER, Role.CFO)
LimitText = Annotated[str, StringConstraints(pattern=r"^(unlimited|not set|\d{1,16}(\.\d{1,4})?)$")]


class ChangeIn(Schema, extra="forbid"):
    """What one customer's line becomes."""

    customer: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    limit: LimitText
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    days: Annotated[int, Field(ge=0, le=3650)] | None = None


class PreviewIn(CompanyRowIn, extra="forbid"):
    """The changes to look at."""

    changes: Annotated[list[ChangeIn], Field(min_length=1, max_length=_MOST)]


class JournalIn(PreviewIn, extra="forbid"):
    """The changes to put to a second person."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]


class UndoIn(CompanyRowIn, extra="forbid"):
    """Why a journal is undone."""

    reason: Text


@router.post("/preview", summary="Who would change from what to what; nothing is recorded")
def post_preview(request: HttpRequest, body: PreviewIn) -> dict[str, Any]:
    """Return the lines, the sums by currency and the held orders that would pass or go on waiting."""
    company = acting.company_of(request, body.company)
    acting.require_role(request, company, *ASKERS)
    with acting.reading(request):
        found = journal_lines.preview(
            company=company, changes=_changes(company, body.changes), actor=acting.actor_of(request)
        )
    return {
        "lines": [_line(line) for line in found.lines],
        "totals": [
            {"currency": code, "before": before.text(), "after": after.text()}
            for code, before, after in found.totals
        ],
        "held_orders": {"passing": list(found.passing), "waiting": list(found.waiting)},
    }


@router.post("", response={201: Any}, summary="Put changes of many lines to a second person")
def post_journal(request: HttpRequest, body: JournalIn) -> HttpResponse:
    """Record the journal and ask those who decide; no line changes by it."""
    company = acting.company_of(request, body.company)
    acting.require_role(request, company, *ASKERS)

    def effect() -> dict[str, Any]:
        return _journal(
            limit_journal.open_journal(
                company=company,
                title=body.title,
                reason=body.reason,
                changes=_changes(company, body.changes),
                actor=acting.actor_of(request),
            )
        )

    return acting.once(request, status=201, effect=effect)


@router.get("", summary="Journals, latest first")
def get_journals(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Return the journals of the company with their lines."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        return {"journals": [_journal(one) for one in journals.journals(company_id=found.pk)]}


@router.post("/{uuid:journal_id}/undo", response={201: Any}, summary="Ask for the counter journal")
def post_undo(request: HttpRequest, journal_id: UUID, body: UndoIn) -> HttpResponse:
    """Record a journal that brings every line back; a second person decides it."""
    company = acting.company_of(request, body.company)
    acting.require_role(request, company, *ASKERS)

    def effect() -> dict[str, Any]:
        return _journal(
            limit_journal.undo_journal(
                company=company, journal_id=journal_id, reason=body.reason, actor=acting.actor_of(request)
            )
        )

    return acting.once(request, status=201, effect=effect)


def _changes(company: Company, rows: list[ChangeIn]) -> list[Change]:
    known = dossier.customers_by_code({row.customer for row in rows})
    if any(row.customer not in known or company.pk not in known[row.customer].company_ids for row in rows):
        raise Http404
    return [
        Change(
            customer_id=known[row.customer].id,
            limit=_limit(row.limit, row.currency or company.base_currency),
            currency=row.currency or company.base_currency,
            days=row.days,
        )
        for row in rows
    ]


def _limit(text: str, currency: str) -> Limit:
    match text:
        case "unlimited":
            return tagged.Unlimited()
        case "not set":
            return tagged.NotSet()
        case _:
            return tagged.Amount(read_money(text, currency))


def _line(line: JournalLine) -> dict[str, Any]:
    return {
        "customer": line.customer_code,
        "customer_name": line.customer_name,
        "currency": line.currency,
        "before": tagged.text(line.before),
        "after": tagged.text(line.after),
        "days": line.days,
        "valid_to": None if line.validity.valid_to is None else line.validity.valid_to.isoformat(),
    }


def _journal(one: JournalRecord) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "title": one.title,
        "reason": one.reason,
        "status": one.status,
        "undoes": None if one.undoes_id is None else str(one.undoes_id),
        "is_undone": one.is_undone,
        "requested_by": one.requested_by_name,
        "decided_by": one.decided_by_name,
        "created_at": one.created_at.isoformat(),
        "lines": [_line(line) for line in one.lines],
    }
