"""From lines of the bank to the books: receipts become payments, returns take them back, the rest waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from tradecredit.apps.cash_application import bank_operations, bank_queries
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.cash_application.bank_operations import Outcome
from tradecredit.apps.cash_application.models import LineStatus
from tradecredit.core.cash_application.statement_lines import LineKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import account_holders, match_lines, receive_lines, return_payment
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradecredit.apps.cash_application.bank_queries import LineRecord
    from tradecredit.flows.cash.match_lines import Looked
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_RETURNED = Words(
    zh="退回回款 {number}，所核销的应收款已重新打开",
    en="payment {number} went back; what it had settled is open again",
)
_NO_ORIGINAL = Words(
    zh="银行退回一笔款项，但找不到对应的原回款，请指定",
    en="the bank took money back, but which payment is not certain: name it",
)
_REFUND = Words(
    zh="退还客户的款项，请指定从哪笔回款中退", en="paid back to a customer: say out of which payment"
)
_OUTGOING = Words(zh="付款，与应收账款无关", en="money going out, none of the receivables' business")
_CORRECTION = Words(
    zh="银行冲回我方付款，不是客户回款", en="the bank gives back what we had paid: no receipt from a customer"
)
_RETURN_REASON: Final = "returned by the bank: {text}"
_FIXED: Final = {
    LineKind.OUTGOING: (LineStatus.OUTGOING, _OUTGOING),
    LineKind.CORRECTION: (LineStatus.OUTGOING, _CORRECTION),
    LineKind.REFUND: (LineStatus.REFUND, _REFUND),
}


def book(
    *,
    company: Company,
    lines: Sequence[LineRecord],
    actor: Actor,
    moved: Callable[[int, int], None] | None = None,
) -> list[Outcome]:
    """Book what is certain of the lines and write what became of each; return the outcomes.

    The caller holds the bank account. All credit accounts are locked here, together, before anything is booked.
    """
    db.transaction_required()
    receipts = [line for line in lines if line.kind == LineKind.RECEIPT]
    returns = [line for line in lines if line.kind == LineKind.RETURN]
    looked = match_lines.look(company=company, lines=receipts, moved=moved)
    _lock(company, receipts, returns, looked)
    outcomes = _fixed(lines)
    outcomes += receive_lines.receive(company=company, lines=receipts, looked=looked, actor=actor)
    bank_operations.settle_lines(outcomes=outcomes)
    # A receipt and its return may stand in one file: the receipts are in the books by now.
    taken_back: list[Outcome] = []
    for line in returns:
        taken_back.append(_return(company, line, actor))
        bank_operations.settle_lines(outcomes=taken_back[-1:])
    return outcomes + taken_back


def _lock(
    company: Company,
    receipts: Sequence[LineRecord],
    returns: Sequence[LineRecord],
    looked: Looked,
) -> None:
    keys = {
        (UUID(payer.customer), line.currency)
        for line in receipts
        if (payer := looked.matches[line.id].payer) is not None
    }
    for line in returns:
        for original in bank_queries.receipts_like(line=line):
            if original.customer_id is not None:
                keys.add((original.customer_id, original.currency))
    account_holders.lock_all(company=company, keys=keys)


def _fixed(lines: Sequence[LineRecord]) -> list[Outcome]:
    return [
        Outcome(line_id=line.id, status=_FIXED[LineKind(line.kind)][0], words=_FIXED[LineKind(line.kind)][1])
        for line in lines
        if line.kind in _FIXED
    ]


def _return(company: Company, line: LineRecord, actor: Actor) -> Outcome:
    """Take back the one payment that fits; the reference given along decides, otherwise only one may fit."""
    fitting = bank_queries.receipts_like(line=line)
    by_reference = [one for one in fitting if line.end_to_end and one.end_to_end == line.end_to_end]
    fitting = tuple(by_reference) or fitting
    payments = cash_queries.payments_by_id(ids=[one.payment_id for one in fitting if one.payment_id])
    if len(fitting) != 1 or len(payments) != 1:
        return Outcome(line_id=line.id, status=LineStatus.UNIDENTIFIED, words=_NO_ORIGINAL)
    (payment,) = payments.values()
    return_payment.return_payment(
        company=company,
        payment_number=payment.number,
        amount=-line.amount,
        day=line.booking_date,
        reason=_RETURN_REASON.format(text=line.text)[:500],
        actor=actor,
        line_id=line.id,
    )
    return Outcome(
        line_id=line.id,
        status=LineStatus.RETURNED,
        words=_RETURNED.filled(number=payment.number),
        customer_id=payment.customer_id,
        payment_id=payment.id,
    )
