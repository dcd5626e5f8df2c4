"""Undo at the cash desk: what was applied waits again, or the line is taken away from a customer that did not pay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tradecredit.apps.cash_application import match_operations, match_queries
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.cash_application.bank_operations import Outcome
from tradecredit.apps.cash_application.match_operations import NewOutcome
from tradecredit.apps.cash_application.models import LineStatus, MatchEnd
from tradecredit.apps.dossier import queries as dossier_queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import desk_lines, match_lines, receive_lines, unapply_cash
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.cash_application.bank_queries import LineRecord
    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_UNDONE: Final = Words(zh="{name} 撤销：{reason}", en="undone by {name}: {reason}")
_NOT_THE_PAYER: Final = Words(
    zh="{name}：付款人不是 {code}（{reason}）", en="{name} says that {code} did not pay: {reason}"
)
_REASON_MAX: Final = 300


def undo(*, company: Company, line_id: UUID, reason: str, actor: Actor) -> Outcome:
    """Undo what was applied of a line, whoever applied it: it waits again, with suggestions, and nothing books it by itself.

    Raises UnableToDecideMatchError, UnableToUnapplyCashError without a reason.
    """
    with db.unit_of_work(actor):
        line = desk_lines.line_in(company, line_id, statuses=frozenset({LineStatus.MATCHED}))
        if line.payment_id is None:
            raise desk_lines.gone()
        payment = cash_queries.payments_by_id(ids=[line.payment_id])[line.payment_id]
        if payment.allocated or not reason.strip():
            unapply_cash.unapply_cash(
                company=company, payment_number=payment.number, reason=reason, actor=actor
            )
        _note_undone(company, line, reason=reason, actor=actor)
        outcome = _suggest_again(company, line, payment, actor)
        words = _UNDONE.filled(name=actor.name, reason=reason.strip()[:_REASON_MAX])
        return desk_lines.written(company, line, replace(outcome, words=words), actor)


def deny_payer(*, company: Company, line_id: UUID, reason: str, actor: Actor) -> Outcome:
    """Take a line away from the customer it stands under: its payment goes back, and the line is nobody's again.

    Raises UnableToDecideMatchError, UnableToUnapplyCashError, UnableToReturnPaymentError.
    """
    with db.unit_of_work(actor):
        line = desk_lines.line_in(
            company, line_id, statuses=frozenset({LineStatus.MATCHED, LineStatus.SUGGESTED})
        )
        if line.payment_id is None or not reason.strip():
            raise desk_lines.gone()
        payment = cash_queries.payments_by_id(ids=[line.payment_id])[line.payment_id]
        code = dossier_queries.customers_by_id([payment.customer_id])[payment.customer_id].code
        _note_undone(company, line, reason=reason, actor=actor)
        desk_lines.give_back(company, payment, day=line.booking_date, reason=reason, actor=actor)
        match_operations.replace_suggestions(company_id=company.pk, ways={line.id: ()})
        words = _NOT_THE_PAYER.filled(name=actor.name, code=code, reason=reason.strip()[:_REASON_MAX])
        outcome = Outcome(line_id=line.id, status=LineStatus.UNIDENTIFIED, words=words)
        return desk_lines.written(company, line, outcome, actor)


def _note_undone(company: Company, line: LineRecord, *, reason: str, actor: Actor) -> None:
    ended = match_queries.latest_end(line_id=line.id)
    if ended is not None and ended.end in {MatchEnd.BOOKED, MatchEnd.ACCEPTED}:
        match_operations.record_outcomes(
            company_id=company.pk,
            outcomes=[
                NewOutcome(
                    line_id=line.id,
                    evidence=ended.evidence,
                    probability=ended.probability,
                    end=MatchEnd.UNDONE,
                    reason=reason.strip()[:_REASON_MAX],
                )
            ],
            recorded_by=actor.name,
        )


def _suggest_again(company: Company, line: LineRecord, payment: PaymentRecord, actor: Actor) -> Outcome:
    looked = match_lines.look(company=company, lines=[line], given={line.id: str(payment.customer_id)})
    (outcome,) = receive_lines.receive(
        company=company,
        lines=[line],
        looked=looked,
        actor=actor,
        may_book=False,
        numbers={line.id: payment.number},
    )
    return outcome
