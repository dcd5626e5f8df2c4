"""What everybody at the cash desk does: take a line under its lock, give a payment back, write what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.cash_application import bank_operations, bank_queries
from tradecredit.apps.cash_application import locks as cash_locks
from tradecredit.core.cash_application.statement_lines import LineKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.cash import return_payment, waiting_tasks
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.cash_application.bank_operations import Outcome
    from tradecredit.apps.cash_application.bank_queries import LineRecord
    from tradecredit.apps.cash_application.models import LineStatus
    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToDecideMatchError(UnableToError):
    """The line or the suggestion is not there any more, or the books have moved since it was made."""

    code = "unable_to_decide_match"


def line_in(company: Company, line_id: UUID, *, statuses: frozenset[LineStatus]) -> LineRecord:
    """Return the receipt under the lock of its account, if it stands so."""
    found = bank_queries.line_in(company_id=company.pk, line_id=line_id)
    if found is not None:
        cash_locks.lock_bank_account(found.account_id)
        found = bank_queries.line_in(company_id=company.pk, line_id=line_id)
    if found is None or found.status not in statuses or found.kind != LineKind.RECEIPT:
        raise gone()
    return found


def gone() -> UnableToDecideMatchError:
    return UnableToDecideMatchError(
        Words(
            zh="这笔流水或建议已不在，或所对应的应收款已变动；请刷新后再试。",
            en="The line or the suggestion is not there any more, or what it would settle has changed: look again.",
        )
    )


def give_back(company: Company, payment: PaymentRecord, *, day: date, reason: str, actor: Actor) -> None:
    """Return a payment in full: its line will stand under another customer, or under nobody."""
    return_payment.return_payment(
        company=company,
        payment_number=payment.number,
        amount=payment.amount - payment.returned,
        day=day,
        reason=reason,
        actor=actor,
    )


def written(company: Company, line: LineRecord, outcome: Outcome, actor: Actor) -> Outcome:
    """Write what became of a line and tell it to the log; return it."""
    bank_operations.settle_lines(outcomes=[outcome], decided_by=actor.name)
    waiting_tasks.end_where_done(company=company, line_ids=[line.id], actor=actor)
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"bank_account:{line.account_id}",
                kind="bank_line.decided",
                words=outcome.words,
                payload={"line": str(line.id), "status": str(outcome.status)},
            )
        ],
    )
    return outcome
