"""A person's word at the cash desk: accept a suggestion, apply by hand or as advised, or leave it on account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from tradecredit.apps.cash_application import match_operations, match_queries
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.cash_application.bank_operations import Outcome
from tradecredit.apps.cash_application.match_operations import NewOutcome
from tradecredit.apps.cash_application.models import LineStatus, MatchEnd
from tradecredit.apps.dossier import queries as dossier_queries
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.core.cash_application.matcher import values
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import (
    account_holders,
    apply_cash,
    book_allocations,
    desk_lines,
    match_lines,
    plan_ways,
    receive_lines,
    record_payments,
)
from tradecredit.flows.cash.desk_lines import UnableToDecideMatchError
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.apps.cash_application.bank_queries import LineRecord
    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.core.cash_application.matcher.values import AdviceLine, Way
    from tradecredit.flows.cash.apply_cash import Wanted
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_ACCEPTED: Final = Words(zh="{name} 确认：{why}", en="accepted by {name}: {why}")
_BY_HAND: Final = Words(zh="{name} 手工核销至 {numbers}", en="applied by {name} to {numbers}")
_ON_ACCOUNT: Final = Words(zh="{name} 挂账：不核销，列为未核销款", en="left on account by {name}")
_WAITING: Final = frozenset({LineStatus.SUGGESTED, LineStatus.UNIDENTIFIED})


def accept(*, company: Company, line_id: UUID, rank: int, actor: Actor) -> Outcome:
    """Book a suggestion as it stands; the ones beside it count as rejected.

    Raises UnableToDecideMatchError when it is gone or what it would settle is not open any more.
    """
    with db.unit_of_work(actor):
        line = _waiting(company, line_id)
        ways = match_queries.suggestions(line_ids=[line.id]).get(line.id, ())
        if not 1 <= rank <= len(ways):
            raise desk_lines.gone()
        way = ways[rank - 1]
        payment = _payment_of(company, line, customer_id=UUID(way.customer), actor=actor)
        _book(company, way, payment, actor)
        _judge(company, line, ways, right=way, actor=actor)
        why = way.words or Words(zh="", en="")
        return _settled(company, line, payment, words=_said(_ACCEPTED, actor, why), actor=actor)


def apply_by_hand(
    *, company: Company, line_id: UUID, customer_code: str, wanted: Sequence[Wanted], actor: Actor
) -> Outcome:
    """Apply a line to the invoices that a person chose, one or many, whole or in part; what is left stays on account.

    Raises UnableToDecideMatchError, and what applying cash raises.
    """
    with db.unit_of_work(actor):
        line = _waiting(company, line_id)
        payment = _payment_of(company, line, customer_id=_customer(customer_code), actor=actor)
        apply_cash.apply_cash(company=company, payment_number=payment.number, wanted=wanted, actor=actor)
        ways = match_queries.suggestions(line_ids=[line.id]).get(line.id, ())
        _judge(company, line, ways, right=None, actor=actor)
        numbers = ", ".join(dict.fromkeys(one.invoice_number for one in wanted))
        words = _BY_HAND.filled(name=actor.name, numbers=numbers)
        return _settled(company, line, payment, words=words, actor=actor)


def follow_advice(
    *, company: Company, line_id: UUID, customer_code: str, advice: Sequence[AdviceLine], actor: Actor
) -> Outcome:
    """Apply a line as the payer's remittance advice lists it; raises UnableToDecideMatchError when nothing of it is open."""
    with db.unit_of_work(actor):
        line = _waiting(company, line_id)
        customer_id = _customer(customer_code)
        payment = _payment_of(company, line, customer_id=customer_id, actor=actor)
        looked = match_lines.look(
            company=company, lines=[line], given={line.id: str(customer_id)}, advice={line.id: advice}
        )
        ways = [way for way in looked.matches[line.id].ways if way.reference == "advice" and way.shares]
        if not ways:
            raise desk_lines.gone()
        _book(company, ways[0], payment, actor)
        _judge(company, line, (), right=None, actor=actor)
        why = ways[0].words or Words(zh="", en="")
        return _settled(company, line, payment, words=_said(_ACCEPTED, actor, why), actor=actor)


def leave_on_account(*, company: Company, line_id: UUID, actor: Actor) -> Outcome:
    """Leave a line whose payer is known unapplied and out of the list; raises UnableToDecideMatchError."""
    with db.unit_of_work(actor):
        line = _waiting(company, line_id)
        if line.payment_id is None:
            raise desk_lines.gone()
        payment = cash_queries.payments_by_id(ids=[line.payment_id])[line.payment_id]
        ways = match_queries.suggestions(line_ids=[line.id]).get(line.id, ())
        _judge(company, line, ways, right=None, actor=actor)
        return _settled(company, line, payment, words=_ON_ACCOUNT.filled(name=actor.name), actor=actor)


def _waiting(company: Company, line_id: UUID) -> LineRecord:
    return desk_lines.line_in(company, line_id, statuses=_WAITING)


def _customer(code: str) -> UUID:
    found = dossier_queries.customer_by_code(code)
    if found is None:
        raise UnableToDecideMatchError(
            Words(zh=f"没有编码为 {code} 的客户。", en=f"There is no customer {code}.")
        )
    return found.id


def _payment_of(company: Company, line: LineRecord, *, customer_id: UUID, actor: Actor) -> PaymentRecord:
    """Return the line's payment under this customer, with its account locked; one of another customer goes back first."""
    keys = {(one, line.currency) for one in (customer_id, line.customer_id) if one is not None}
    account_holders.lock_all(company=company, keys=keys)
    if line.payment_id is not None:
        payment = cash_queries.payments_by_id(ids=[line.payment_id])[line.payment_id]
        if payment.customer_id == customer_id:
            return payment
        desk_lines.give_back(
            company, payment, day=line.booking_date, reason="another customer paid", actor=actor
        )
    number = receive_lines.free_number(company, line)
    code = dossier_queries.customers_by_id([customer_id])[customer_id].code
    row = receive_lines.payment_row(line, number=number, code=code)
    record_payments.record_payments(rows=[row], company=company, actor=actor, match=False)
    found = cash_queries.payments(company_id=company.pk, numbers=[number]).get(number)
    if found is None:
        raise desk_lines.gone()
    return found


def _book(company: Company, way: Way, payment: PaymentRecord, actor: Actor) -> None:
    """Book the way as it stands, or refuse it as a whole."""
    needed = {UUID(key): amount for key, amount in way.needed.items()}
    lines = receivables_queries.lines_by_id(ids=needed)
    fits = all(key in lines and values.units(lines[key].open) >= amount for key, amount in needed.items())
    if not way.shares or not fits or values.amount(way.paid) > payment.unapplied:
        raise desk_lines.gone()
    planned = plan_ways.as_planned(way, payment=payment, lines=lines, method="manual")
    book_allocations.book(company=company, actor=actor, planned=planned)


def _judge(
    company: Company, line: LineRecord, ways: Sequence[Way], *, right: Way | None, actor: Actor
) -> None:
    """Note which of the ways shown was right, and take them off the list."""
    match_operations.record_outcomes(
        company_id=company.pk,
        outcomes=[
            NewOutcome(
                line_id=line.id,
                evidence=way.signature,
                probability=way.probability,
                end=MatchEnd.ACCEPTED if way is right else MatchEnd.REJECTED,
            )
            for way in ways
        ],
        recorded_by=actor.name,
    )
    match_operations.replace_suggestions(company_id=company.pk, ways={line.id: ()})


def _settled(
    company: Company, line: LineRecord, payment: PaymentRecord, *, words: Words, actor: Actor
) -> Outcome:
    outcome = Outcome(
        line_id=line.id,
        status=LineStatus.MATCHED,
        words=words,
        customer_id=payment.customer_id,
        payment_id=payment.id,
    )
    return desk_lines.written(company, line, outcome, actor)


def _said(form: Words, actor: Actor, why: Words) -> Words:
    return Words(
        zh=form.zh.replace("{name}", actor.name).replace("{why}", why.zh),
        en=form.en.replace("{name}", actor.name).replace("{why}", why.en),
    )
