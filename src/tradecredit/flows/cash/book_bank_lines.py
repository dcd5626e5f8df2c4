"""From lines of the bank to the books: receipts become payments, returns take them back, the rest waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.cash_application import bank_operations, bank_queries
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.cash_application.bank_operations import Outcome
from tradecredit.apps.cash_application.models import LineStatus
from tradecredit.core.cash_application.statement_lines import LineKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import book_allocations, identify_payers, record_payments, return_payment
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.cash_application.bank_queries import LineRecord
    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.flows.cash.identify_payers import Payer
    from tradecredit.flows.row_results import RowResult
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_MATCHED = Words(zh="{why};已自动核销", en="{why}; applied")
_PARTLY = Words(zh="{why};部分核销,余额待认领", en="{why}; applied in part, the rest waits")
_SUGGESTED = Words(zh="{why};没有唯一对应的应收款,请选择", en="{why}; what it pays is not certain: choose")
_REFUSED = Words(zh="{why};未能登记回款:{reason}", en="{why}; no payment was recorded: {reason}")
_RETURNED = Words(
    zh="退回回款 {number},所核销的应收款已重新打开",
    en="payment {number} went back; what it had settled is open again",
)
_NO_ORIGINAL = Words(
    zh="银行退回一笔款项,但找不到对应的原回款,请指定",
    en="the bank took money back, but which payment is not certain: name it",
)
_REFUND = Words(
    zh="退还客户的款项,请指定从哪笔回款中退", en="paid back to a customer: say out of which payment"
)
_OUTGOING = Words(zh="付款,与应收账款无关", en="money going out, none of the receivables' business")
_CORRECTION = Words(
    zh="银行冲回我方付款,不是客户回款", en="the bank gives back what we had paid: no receipt from a customer"
)
_RETURN_REASON: Final = "returned by the bank: {text}"
_FIXED: Final = {
    LineKind.OUTGOING: (LineStatus.OUTGOING, _OUTGOING),
    LineKind.CORRECTION: (LineStatus.OUTGOING, _CORRECTION),
    LineKind.REFUND: (LineStatus.REFUND, _REFUND),
}


def book(*, company: Company, lines: Sequence[LineRecord], actor: Actor) -> list[Outcome]:
    """Book what is certain of the lines and write what became of each; return the outcomes.

    The caller holds the bank account. All credit accounts are locked here, together, before anything is booked.
    """
    db.transaction_required()
    receipts = [line for line in lines if line.kind == LineKind.RECEIPT]
    returns = [line for line in lines if line.kind == LineKind.RETURN]
    payers = identify_payers.identify(company=company, lines=receipts)
    _lock(company, receipts, returns, payers)
    outcomes = _fixed(lines)
    outcomes += _receipts(company, receipts, payers, actor)
    bank_operations.settle_lines(outcomes=outcomes)
    # A receipt and its return may stand in one file: the receipts are in the books by now.
    taken_back: list[Outcome] = []
    for line in returns:
        taken_back.append(_return(company, line, actor))
        bank_operations.settle_lines(outcomes=taken_back[-1:])
    return outcomes + taken_back


def receive(
    *, company: Company, lines: Sequence[LineRecord], payers: Mapping[UUID, Payer], actor: Actor
) -> list[Outcome]:
    """Record the lines as payments of the payers given, match them, and return the outcomes."""
    rows = [_row(line, payers[line.id], place) for place, line in enumerate(lines, start=1)]
    result = record_payments.record_payments(rows=rows, company=company, actor=actor)
    numbers = [row.number for row in rows]
    recorded = cash_queries.payments(company_id=company.pk, numbers=numbers)
    return [
        _outcome(line, payers[line.id], row_result, recorded.get(row.number))
        for line, row, row_result in zip(lines, rows, result.rows, strict=True)
    ]


def payment_number(line: LineRecord) -> str:
    """Return the number of the payment that a line makes: its day, and what identifies it on the account."""
    parts = [f"BK{line.booking_date:%Y%m%d}", line.account_id.hex[-4:], line.fingerprint[:12]]
    parts += [str(line.occurrence)] if line.occurrence > 1 else []
    parts += [f"p{line.part}"] if line.part else []
    return "-".join(parts)


def _lock(
    company: Company,
    receipts: Sequence[LineRecord],
    returns: Sequence[LineRecord],
    payers: Mapping[UUID, Payer],
) -> None:
    keys = {(found, line.currency) for line in receipts if (found := payers[line.id].customer_id) is not None}
    for line in returns:
        for original in bank_queries.receipts_like(line=line):
            if original.customer_id is not None:
                keys.add((original.customer_id, original.currency))
    if keys:
        book_allocations.lock_accounts(company=company, keys=keys)


def _fixed(lines: Sequence[LineRecord]) -> list[Outcome]:
    return [
        Outcome(line_id=line.id, status=_FIXED[LineKind(line.kind)][0], words=_FIXED[LineKind(line.kind)][1])
        for line in lines
        if line.kind in _FIXED
    ]


def _receipts(
    company: Company, lines: Sequence[LineRecord], payers: Mapping[UUID, Payer], actor: Actor
) -> list[Outcome]:
    named = [line for line in lines if payers[line.id].customer_id is not None]
    nameless = [
        Outcome(line_id=line.id, status=LineStatus.UNIDENTIFIED, words=payers[line.id].words)
        for line in lines
        if payers[line.id].customer_id is None
    ]
    return nameless + (receive(company=company, lines=named, payers=payers, actor=actor) if named else [])


def _row(line: LineRecord, payer: Payer, place: int) -> PaymentRow:
    return PaymentRow(
        number=payment_number(line),
        customer_code=payer.customer_code,
        payment_date=line.booking_date,
        amount=line.amount,
        currency=line.currency,
        payer=line.counterparty,
        text=line.text,
        source="bank",
        row=place,
    )


def _outcome(line: LineRecord, payer: Payer, result: RowResult, payment: PaymentRecord | None) -> Outcome:
    why = payer.words
    if result.status is RowStatus.REFUSED or payment is None:
        reason = result.words or Words(zh="", en="")
        words = Words(
            zh=_REFUSED.zh.format(why=why.zh, reason=reason.zh),
            en=_REFUSED.en.format(why=why.en, reason=reason.en),
        )
        return Outcome(line_id=line.id, status=LineStatus.UNIDENTIFIED, words=words)
    if payment.allocated == 0:
        status, form = LineStatus.SUGGESTED, _SUGGESTED
    else:
        status, form = LineStatus.MATCHED, _MATCHED if payment.unapplied == 0 else _PARTLY
    return Outcome(
        line_id=line.id,
        status=status,
        words=Words(zh=form.zh.format(why=why.zh), en=form.en.format(why=why.en)),
        customer_id=payer.customer_id,
        payment_id=payment.id,
    )


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
