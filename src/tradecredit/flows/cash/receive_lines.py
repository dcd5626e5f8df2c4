"""Receipts of the bank become payments of who paid; what is sure is booked, the rest is kept as suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from tradecredit.apps.cash_application import match_operations, match_queries
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.cash_application.bank_operations import Outcome
from tradecredit.apps.cash_application.match_operations import NewOutcome
from tradecredit.apps.cash_application.models import LineStatus, MatchEnd
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.core.cash_application.matcher import values
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import book_allocations, plan_ways, record_payments
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.apps.cash_application.bank_queries import LineRecord
    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.core.cash_application.matcher.values import Match
    from tradecredit.flows.cash.book_allocations import Planned
    from tradecredit.flows.cash.match_lines import Looked
    from tradecredit.flows.row_results import RowResult
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_MATCHED: Final = Words(zh="{why}；已自动核销", en="{why}; applied")
_PARTLY: Final = Words(zh="{why}；部分核销，余额待认领", en="{why}; applied in part, the rest waits")
_SUGGESTED: Final = Words(zh="{why}；有建议待确认", en="{why}; there are suggestions to confirm")
_NOTHING: Final = Words(zh="{why}", en="{why}")
_REFUSED: Final = Words(zh="{why}；未能登记回款：{reason}", en="{why}; no payment was recorded: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receipt:
    """A line with its match and, where it is known who paid, its payment."""

    line: LineRecord
    match: Match
    result: RowResult | None
    payment: PaymentRecord | None


def receive(
    *,
    company: Company,
    lines: Sequence[LineRecord],
    looked: Looked,
    actor: Actor,
    may_book: bool = True,
    numbers: Mapping[UUID, str] | None = None,
) -> list[Outcome]:
    """Record the lines whose payer is known as payments, book what is sure, keep the rest as suggestions.

    The caller holds the credit accounts of the payers. Without ``may_book`` everything is a suggestion. ``numbers``
    are of payments that cannot have the line's own number, because it was taken.
    """
    db.transaction_required()
    receipts = _recorded(company, lines, looked, actor, numbers or {})
    planned = _planned(receipts) if may_book else {}
    book_allocations.book(
        company=company, actor=actor, planned=[one for found in planned.values() for one in found]
    )
    _keep(company, receipts, planned, actor)
    return [_outcome(one, planned.get(one.line.id)) for one in receipts]


def payment_number(line: LineRecord) -> str:
    """Return the number of the payment that a line makes: its day, and what identifies it on the account."""
    parts = [f"BK{line.booking_date:%Y%m%d}", line.account_id.hex[-4:], line.fingerprint[:12]]
    parts += [str(line.occurrence)] if line.occurrence > 1 else []
    parts += [f"p{line.part}"] if line.part else []
    return "-".join(parts)


def free_number(company: Company, line: LineRecord) -> str:
    """Return a number for the line's payment that no earlier payment of the line has."""
    number = payment_number(line)
    taken = match_queries.numbers_taken(company_id=company.pk, number=number)
    return f"{number}-r{taken}" if taken else number


def payment_row(line: LineRecord, *, number: str, code: str, place: int = 0) -> PaymentRow:
    """Return the payment that a line makes of a customer."""
    return PaymentRow(
        number=number,
        customer_code=code,
        payment_date=line.booking_date,
        amount=line.amount,
        currency=line.currency,
        payer=line.counterparty,
        text=line.text,
        source="bank",
        row=place,
    )


def _recorded(
    company: Company,
    lines: Sequence[LineRecord],
    looked: Looked,
    actor: Actor,
    numbers: Mapping[UUID, str],
) -> list[_Receipt]:
    rows: dict[UUID, PaymentRow] = {}
    for place, line in enumerate(lines, start=1):
        payer = looked.matches[line.id].payer
        if payer is not None:
            number = numbers.get(line.id) or payment_number(line)
            rows[line.id] = payment_row(line, number=number, code=looked.codes[payer.customer], place=place)
    results: dict[str, RowResult] = {}
    payments: dict[str, PaymentRecord] = {}
    if rows:
        done = record_payments.record_payments(
            rows=list(rows.values()), company=company, actor=actor, match=False
        )
        results = {one.number: one for one in done.rows}
        payments = cash_queries.payments(company_id=company.pk, numbers=[row.number for row in rows.values()])
    return [
        _Receipt(
            line=line,
            match=looked.matches[line.id],
            result=results.get(rows[line.id].number) if line.id in rows else None,
            payment=payments.get(rows[line.id].number) if line.id in rows else None,
        )
        for line in lines
    ]


def _planned(receipts: Sequence[_Receipt]) -> dict[UUID, list[Planned]]:
    """Return what is to be booked of the sure ones, as far as the books still are as the matcher saw them."""
    sure = [one for one in receipts if one.match.is_sure and one.payment and one.payment.allocated == 0]
    items = {UUID(key) for one in sure for key in one.match.ways[0].needed}
    lines = receivables_queries.lines_by_id(ids=items)
    left = {str(line.id): values.units(line.open) for line in lines.values()}
    planned: dict[UUID, list[Planned]] = {}
    for one in sure:
        way = one.match.ways[0]
        needed = way.needed
        if one.payment is None or any(left.get(key, 0) < amount for key, amount in needed.items()):
            continue
        for key, amount in needed.items():
            left[key] -= amount
        planned[one.line.id] = plan_ways.as_planned(way, payment=one.payment, lines=lines)
    return planned


def _keep(
    company: Company, receipts: Sequence[_Receipt], planned: Mapping[UUID, Sequence[Planned]], actor: Actor
) -> None:
    """Keep the ways of what was not booked, and that what was booked was booked."""
    match_operations.replace_suggestions(
        company_id=company.pk,
        ways={one.line.id: () if one.line.id in planned else one.match.ways for one in receipts},
    )
    match_operations.record_outcomes(
        company_id=company.pk,
        outcomes=[
            NewOutcome(
                line_id=one.line.id,
                evidence=one.match.ways[0].signature,
                probability=one.match.ways[0].probability,
                end=MatchEnd.BOOKED,
            )
            for one in receipts
            if one.line.id in planned
        ],
        recorded_by=actor.name,
    )


def _outcome(one: _Receipt, planned: Sequence[Planned] | None) -> Outcome:
    """Return what became of a line; ``planned`` is what was booked of it, None when nothing was."""
    why, payment = one.match.words, one.payment
    if payment is None or (one.result is not None and one.result.status is RowStatus.REFUSED):
        return Outcome(line_id=one.line.id, status=LineStatus.UNIDENTIFIED, words=_unrecorded(one, why))
    if planned is not None:
        paid = sum(share.amount for share in planned if share.source.payment_id is not None)
        is_used_up = payment.unapplied == paid
        form, status = (_MATCHED if is_used_up else _PARTLY), LineStatus.MATCHED
    else:
        form, status = (_SUGGESTED if one.match.ways else _NOTHING), LineStatus.SUGGESTED
    return Outcome(
        line_id=one.line.id,
        status=status,
        words=Words(zh=form.zh.replace("{why}", why.zh), en=form.en.replace("{why}", why.en)),
        customer_id=payment.customer_id,
        payment_id=payment.id,
    )


def _unrecorded(one: _Receipt, why: Words) -> Words:
    if one.result is None or one.result.words is None:
        return why
    reason = one.result.words
    return Words(
        zh=_REFUSED.zh.replace("{why}", why.zh).replace("{reason}", reason.zh),
        en=_REFUSED.en.replace("{why}", why.en).replace("{reason}", reason.en),
    )
