"""A person decides about a line of the bank: who paid, which payment went back, or that it is none of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tradecredit.apps.cash_application import bank_operations, bank_queries
from tradecredit.apps.cash_application import locks as cash_locks
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.cash_application.bank_operations import Outcome
from tradecredit.apps.cash_application.models import LineStatus
from tradecredit.core.cash_application.statement_lines import LineKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows import row_results
from tradecredit.flows.cash import (
    account_holders,
    book_bank_lines,
    match_lines,
    receive_lines,
    return_payment,
    waiting_tasks,
)
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.cash_application.bank_queries import LineRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_BY_PERSON: Final = Words(zh="{name} 指定付款人为 {code}", en="{name} says that {code} paid")
_DISMISSED: Final = Words(zh="{name} 忽略：{reason}", en="dismissed by {name}: {reason}")
_RETURNED: Final = Words(
    zh="{name} 指定为退回回款 {number}", en="{name} says that payment {number} went back"
)
_DECIDABLE: Final = frozenset({LineStatus.UNIDENTIFIED, LineStatus.HELD, LineStatus.REFUND})
_GIVES_BACK: Final = frozenset({LineKind.RETURN.value, LineKind.REFUND.value, LineKind.OUTGOING.value})


class UnableToSettleBankLineError(UnableToError):
    """The line is not there, is decided already, or is of another kind."""

    code = "unable_to_settle_bank_line"


def name_customer(*, company: Company, line_id: UUID, customer_code: str, actor: Actor) -> Outcome:
    """Record a receipt as a payment of the customer that a person names, and match it.

    Raises UnableToSettleBankLineError.
    """
    with db.unit_of_work(actor):
        line = _held(company, line_id, kinds=frozenset({LineKind.RECEIPT.value}))
        customers = row_results.customers_by_code(company_id=company.pk, codes=[customer_code])
        if customer_code not in customers:
            raise UnableToSettleBankLineError(
                Words(zh=f"没有编码为 {customer_code} 的客户。", en=f"There is no customer {customer_code}.")
            )
        looked = match_lines.look(
            company=company, lines=[line], given={line.id: str(customers[customer_code].id)}
        )
        account_holders.lock_all(company=company, keys={(customers[customer_code].id, line.currency)})
        (outcome,) = receive_lines.receive(
            company=company,
            lines=[line],
            looked=looked,
            actor=actor,
            numbers={line.id: receive_lines.free_number(company, line)},
        )
        outcome = _by_person(outcome, _BY_PERSON.filled(name=actor.name, code=customer_code))
        _write(company, line, outcome, actor)
    return outcome


def name_payment(*, company: Company, line_id: UUID, payment_number: str, actor: Actor) -> Outcome:
    """Take money of the payment that a person names back: the line is its return or refund.

    Raises UnableToSettleBankLineError, UnableToReturnPaymentError.
    """
    with db.unit_of_work(actor):
        line = _held(company, line_id, kinds=_GIVES_BACK)
        return_payment.return_payment(
            company=company,
            payment_number=payment_number,
            amount=-line.amount,
            day=line.booking_date,
            reason=line.text[:500] or "refund",
            actor=actor,
            line_id=line.id,
        )
        payment = cash_queries.payments(company_id=company.pk, numbers=[payment_number])[payment_number]
        outcome = Outcome(
            line_id=line.id,
            status=LineStatus.RETURNED,
            words=_RETURNED.filled(name=actor.name, number=payment_number),
            customer_id=payment.customer_id,
            payment_id=payment.id,
        )
        _write(company, line, outcome, actor)
    return outcome


def dismiss(*, company: Company, line_id: UUID, reason: str, actor: Actor) -> Outcome:
    """Write that a line is not for the receivables; raises UnableToSettleBankLineError without a reason."""
    if not reason.strip():
        raise UnableToSettleBankLineError(
            Words(zh="忽略一笔流水需要填写原因。", en="Dismissing a line needs a reason; write one.")
        )
    with db.unit_of_work(actor):
        line = _held(company, line_id, kinds=frozenset(kind.value for kind in LineKind))
        words = _DISMISSED.filled(name=actor.name, reason=reason.strip()[:300])
        outcome = Outcome(line_id=line.id, status=LineStatus.DISMISSED, words=words)
        _write(company, line, outcome, actor)
    return outcome


def book_line(*, company: Company, line_id: UUID, actor: Actor) -> Outcome:
    """Book a held line as if it had not been held; raises UnableToSettleBankLineError."""
    with db.unit_of_work(actor):
        line = _held(company, line_id, kinds=frozenset(kind.value for kind in LineKind))
        (outcome,) = book_bank_lines.book(company=company, lines=[line], actor=actor)
        waiting_tasks.end_where_done(company=company, line_ids=[line.id], actor=actor)
        _log(company, line, outcome, actor)
    return outcome


def accept_statement(*, company: Company, statement_id: UUID, actor: Actor) -> int:
    """Take a statement with its difference and book the lines it held; return how many.

    Raises UnableToSettleBankLineError when it is not there or was accepted.
    """
    with db.unit_of_work(actor):
        account_id = bank_queries.account_of_statement(company_id=company.pk, statement_id=statement_id)
        if account_id is not None:
            cash_locks.lock_bank_account(account_id)
        if account_id is None or not bank_operations.accept_statement(
            statement_id=statement_id, accepted_by=actor.name
        ):
            raise UnableToSettleBankLineError(
                Words(
                    zh="没有待接受的对账单，可能已被接受；请刷新。",
                    en="There is no statement to accept; somebody may have: look again.",
                )
            )
        lines = bank_queries.lines_of_statement(statement_id=statement_id, status=LineStatus.HELD)
        book_bank_lines.book(company=company, lines=lines, actor=actor)
        waiting_tasks.end_where_done(company=company, line_ids=[line.id for line in lines], actor=actor)
        log.append(
            company_id=company.pk,
            actor=actor,
            entries=[
                log.NewEntry(
                    stream=f"bank_account:{account_id}",
                    kind="bank_statement.accepted",
                    words=Words(
                        zh=f"接受余额不符的对账单，入账 {len(lines)} 笔",
                        en=f"A statement that does not add up was accepted; {len(lines)} lines booked",
                    ),
                    payload={"statement": str(statement_id), "lines": len(lines)},
                )
            ],
        )
    return len(lines)


def _held(company: Company, line_id: UUID, *, kinds: frozenset[str]) -> LineRecord:
    """Return the line under the lock of its account, if it still waits for a decision."""
    found = bank_queries.line_in(company_id=company.pk, line_id=line_id)
    if found is not None:
        cash_locks.lock_bank_account(found.account_id)
        found = bank_queries.line_in(company_id=company.pk, line_id=line_id)
    if (
        found is None
        or found.payment_id is not None
        or found.status not in _DECIDABLE
        or found.kind not in kinds
    ):
        raise UnableToSettleBankLineError(
            Words(
                zh="这笔流水不存在、已处理，或不属于此类；请刷新后再试。",
                en="The line is not there, is decided already, or is of another kind: look again.",
            )
        )
    return found


def _by_person(outcome: Outcome, who: Words) -> Outcome:
    words = Words(zh=f"{who.zh}；{outcome.words.zh}", en=f"{who.en}; {outcome.words.en}")
    return replace(outcome, words=words)


def _write(company: Company, line: LineRecord, outcome: Outcome, actor: Actor) -> None:
    bank_operations.settle_lines(outcomes=[outcome], decided_by=actor.name)
    waiting_tasks.end_where_done(company=company, line_ids=[line.id], actor=actor)
    _log(company, line, outcome, actor)


def _log(company: Company, line: LineRecord, outcome: Outcome, actor: Actor) -> None:
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
