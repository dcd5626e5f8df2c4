"""Change many lines together: preview, one question to a second person, all or nothing, undone by a counter journal."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from tradecredit.apps.approvals import operations as approvals
from tradecredit.apps.approvals import queries as approval_queries
from tradecredit.apps.exposure import locks
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.limits import journals, operations, queries
from tradecredit.core.approvals import routing
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.limits import cover_rule, journal_lines
from tradecredit.flows.ratings import rating_policy
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.limits.journals import JournalLine, JournalRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.limits.validity import Effective
    from tradecredit.flows.limits.journal_lines import Change
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor


class UnableToJournalError(UnableToError):
    """The journal is empty, is not open, or a line is not what it was when the journal was made."""

    code = "journal_refused"
    status = 409


def open_journal(
    *,
    company: Company,
    title: str,
    reason: str,
    changes: Sequence[Change],
    actor: Actor,
    as_of: date | None = None,
    origin: str = "",
) -> JournalRecord:
    """Record a journal and put it to those who decide; nothing is changed by it.

    ``origin`` names what in the policy asks for it: there is one journal of each. Raises UnableToJournalError for one
    that changes nothing or has no reason.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        lines = journal_lines.lines_for(company=company, changes=changes, as_of=day)
        return _open(company, title=title, reason=reason, lines=lines, actor=actor, day=day, origin=origin)


def undo_journal(
    *,
    company: Company,
    journal_id: UUID,
    reason: str,
    actor: Actor,
    as_of: date | None = None,
    is_sparing: bool = False,
) -> JournalRecord:
    """Ask for the counter journal of an approved one: every line goes back to what it was, by a second person's word.

    ``is_sparing`` leaves out lines that were changed since. Raises UnableToJournalError where it was not approved, is
    undone already, or no line would change.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        found = journals.journal(journal_id, is_locked=True)
        if found is None or found.status != "approved" or found.is_undone:
            raise _refusal(
                zh="只有已生效且未撤销的批量调整可以撤销。",
                en="Only an approved journal that is not undone is undone.",
            )
        lines = tuple(
            dataclasses.replace(
                line,
                before=line.after,
                after=line.before,
                validity=Validity(day, line.validity.valid_to if _is_ahead(line.validity, day) else None),
            )
            for line in (_unmoved(company, found, day=day) if is_sparing else found.lines)
        )
        title = f"↩ {found.title}"[:200]
        return _open(
            company, title=title, reason=reason, lines=lines, actor=actor, day=day, undoes_id=found.id
        )


def withdraw_journal(*, found: JournalRecord, reason: str, actor: Actor) -> None:
    """Take an open journal and its question back; no line is touched."""
    with db.unit_of_work(actor):
        waiting = approval_queries.open_of_subjects(kind=routing.LIMIT_JOURNAL, subject_ids=[found.id])
        approvals.end([one.id for one in waiting.values()], status="withdrawn")
        journals.decide(journal_id=found.id, status="withdrawn", actor=actor, reason=reason)


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None = None
) -> UUID:
    """Apply an approved journal: every line in one transaction, or none; returns the journal.

    Raises UnableToJournalError where a line moved since the journal was made, UnableToActivateLineError where a
    line needs cover that is not there.
    """
    db.transaction_required()
    company = Company.objects.get(pk=request.company_id)
    day = as_of or clock.today(company)
    found = _still_open(request.subject_id)
    keys = [(company.pk, line.customer_id, line.currency) for line in found.lines]
    locks.lock_accounts(exposure.open_accounts(wanted=keys).values())
    _refuse_moved(company, found, day=day)
    cover_rule.ensure(company=company, lines=found.lines, day=day)
    operations.open_lines(
        company_id=company.pk, new=[_new_line(found, line, actor=actor, day=day) for line in found.lines]
    )
    journals.decide(journal_id=found.id, status="approved", actor=actor, reason=terms.reason)
    _tell(company, found, actor=actor)
    return found.id


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """Reject a journal as people decided; no line is touched."""
    db.transaction_required()
    journals.decide(
        journal_id=_still_open(request.subject_id).id, status="rejected", actor=actor, reason=reason
    )


def _open(
    company: Company,
    *,
    title: str,
    reason: str,
    lines: Sequence[JournalLine],
    actor: Actor,
    day: date,
    undoes_id: UUID | None = None,
    origin: str = "",
) -> JournalRecord:
    if not lines:
        raise _refusal(zh="没有任何额度会改变。", en="No line would change.")
    if not reason.strip():
        raise _refusal(zh="请写明批量调整的理由。", en="Say why the lines change.")
    journal_id = journals.open_journal(
        company_id=company.pk,
        title=title,
        reason=reason,
        lines=lines,
        actor=actor,
        undoes_id=undoes_id,
        origin=origin,
    )
    found = journals.journal(journal_id)
    assert found is not None, "it was recorded a moment ago"  # noqa: S101 -- cannot happen
    _put_to_others(company, found, actor=actor, day=day)
    return found


def _put_to_others(company: Company, found: JournalRecord, *, actor: Actor, day: date) -> None:
    route = routing.route(
        kind=routing.LIMIT_JOURNAL,
        grade=None,
        amount=_raised(found.lines, company.base_currency),
        authority=rating_policy.in_force(company_id=company.pk, as_of=day).authority,
    )
    approvals.ask(
        [
            approvals.NewRequest(
                company_id=company.pk,
                customer_id=None,
                subject_id=found.id,
                reference=found.title[:64],
                route=route,
                reason=found.reason,
            )
        ],
        actor=actor,
    )


def _raised(lines: Sequence[JournalLine], currency: str) -> Money:
    """Return by how much the lines rise together in the company's currency: that is what authority is asked for."""
    rises = [after - before for code, before, after in journal_lines.totals(lines) if code == currency]
    return rises[0] if rises and rises[0].is_positive else Money.zero(currency)


def _still_open(journal_id: UUID) -> JournalRecord:
    found = journals.journal(journal_id, is_locked=True)
    if found is None or found.status != "open":
        raise _refusal(
            zh="这份批量调整已有结论。请刷新。", en="The journal has been decided. Reload to see how."
        )
    return found


def _unmoved(company: Company, found: JournalRecord, *, day: date) -> list[JournalLine]:
    now = _now(company, found, day=day)
    return [line for line in found.lines if _base_now(now, line) == line.after]


def _now(company: Company, found: JournalRecord, *, day: date) -> Mapping[queries.Key, Effective]:
    return queries.effective(
        company_id=company.pk, customer_ids=[line.customer_id for line in found.lines], as_of=day
    )


def _refuse_moved(company: Company, found: JournalRecord, *, day: date) -> None:
    now = _now(company, found, day=day)
    moved = [line.customer_code for line in found.lines if _base_now(now, line) != line.before]
    if moved:
        names = ", ".join(moved[:5])
        raise _refusal(
            zh=f"以下客户的额度在提交后已变动：{names}。请驳回后重新预览。",
            en=f"The lines of {names} have moved since the journal was made: reject it and preview anew.",
        )


def _base_now(now: Mapping[queries.Key, Effective], line: JournalLine) -> Limit:
    standing = now.get((line.customer_id, line.currency))
    return tagged.NotSet() if standing is None or standing.base is None else standing.base.limit


def _is_ahead(validity: Validity, day: date) -> bool:
    return validity.valid_to is not None and validity.valid_to > day


def _new_line(found: JournalRecord, line: JournalLine, *, actor: Actor, day: date) -> operations.NewLine:
    ends = line.validity.valid_to if _is_ahead(line.validity, day) else None
    return operations.NewLine(
        customer_id=line.customer_id,
        line_kind="base",
        limit=line.after,
        currency=line.currency,
        days=line.days,
        validity=Validity(day, ends),
        conditions=line.conditions,
        origin="journal",
        requested_by_id=found.requested_by_id,
        approved_by_id=actor.user_id,
        reason=f"{found.title}: {found.reason}",
    )


def _tell(company: Company, found: JournalRecord, *, actor: Actor) -> None:
    events.emit_many(
        name="limit.changed",
        company_id=company.pk,
        payloads=[
            (
                line.customer_id,
                {
                    "customer_id": line.customer_id,
                    "currency": line.currency,
                    "old": tagged.text(line.before),
                    "new": tagged.text(line.after),
                    "journal_id": found.id,
                },
            )
            for line in found.lines
        ],
    )
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{line.customer_id}",
                kind="limit.changed",
                words=Words(
                    zh=f"批量调整“{found.title}”：授信额度 {tagged.text(line.before)} → {tagged.text(line.after)} {line.currency}",
                    en=f"Journal “{found.title}”: credit line {tagged.text(line.before)} → {tagged.text(line.after)} {line.currency}",
                ),
                payload={"journal_id": found.id},
            )
            for line in found.lines
        ],
    )


def _refusal(*, zh: str, en: str) -> UnableToJournalError:
    return UnableToJournalError(Words(zh=zh, en=en))
