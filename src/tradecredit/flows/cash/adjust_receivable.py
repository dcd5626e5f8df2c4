"""Write off, deduct, set off and recover: asked for by one person, decided by another, posted like a credit note.

A reduction becomes a document of its own that settles the instalment at once; so the open amount, the exposure, the
aging and every proof move by the same entries as for any credit note. A recovery makes a written-off debt owed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.receivables import policies
from tradecredit.apps.receivables import adjustment_operations as operations
from tradecredit.apps.receivables import adjustment_queries
from tradecredit.apps.receivables import locks as receivables_locks
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.apps.receivables.models import AdjustmentStatus, InvoiceKind
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables.adjustments import AdjustmentKind, UnableToAdjustError
from tradecredit.flows.cash import adjustment_requests, book_allocations, open_time, post_adjustment
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.receivables.adjustment_queries import AdjustmentRecord
    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor

_BY_FLOW: Final = "按审批流程 / by the approval flow"
NAMES: Final = {
    AdjustmentKind.WRITE_OFF: Words(zh="坏账核销", en="write-off"),
    AdjustmentKind.DEDUCTION: Words(zh="扣款", en="deduction"),
    AdjustmentKind.SET_OFF: Words(zh="往来抵销", en="set-off"),
    AdjustmentKind.RECOVERY: Words(zh="坏账收回", en="recovery"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks for: which instalment, how much (None: all that is open), and why."""

    kind: AdjustmentKind
    invoice_number: str
    reason_code: str
    line: int = 1
    amount: Decimal | None = None
    text: str = ""
    counter_document: str = ""


def ask(*, company: Company, wanted: Wanted, actor: Actor) -> AdjustmentRecord:
    """Ask for a reduction of an instalment; nothing moves until other people approve it.

    Raises UnableToAdjustError for an unknown instalment or reason, more than is open, or a set-off without the document
    that it is set off with; UnableToAssignError where nobody could decide it.
    """
    if wanted.kind == AdjustmentKind.SET_OFF and not wanted.counter_document.strip():
        raise UnableToAdjustError(
            Words(zh="抵销需注明对应的应付单据号。", en="A set-off names the payable it is set off with.")
        )
    with db.unit_of_work(actor):
        _require_reason(company, wanted)
        line = locked_line(company, wanted.invoice_number, wanted.line)
        amount = _fitting(line, wanted)
        asked = operations.ask(
            company_id=company.pk, line=line, wanted=operations.NewAdjustment(
                kind=wanted.kind, amount=amount, reason_code=wanted.reason_code, text=wanted.text,
                counter_document=wanted.counter_document,
            ), actor=actor,
        )  # fmt: skip
        _log(company, actor, asked, zh="申请", en="asked for")
        _, goes_on = adjustment_requests.put(company=company, asked=asked, actor=actor)
        if not goes_on:
            _reject(company, asked, actor=actor, reason=_BY_FLOW)
            return adjustment_queries.by_number(company_id=company.pk, number=asked.number) or asked
        return asked


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None
) -> UUID | None:
    """Post what people have approved, on the day or today.

    Raises UnableToAdjustError when less is open by now, UnableToPostError when the day is in a closed period.
    """
    company = Company.objects.get(pk=request.company_id)
    asked = adjustment_queries.by_number(company_id=company.pk, number=request.reference)
    assert asked is not None  # noqa: S101 - adjustments are never deleted
    line = locked_line(company, asked.invoice_number, asked.line)
    on = as_of or clock.today(company)
    _require_open(line, asked.amount)
    open_time.require_open(company=company, day=on)
    post_adjustment.post(company=company, asked=asked, line=line, day=on, actor=actor)
    operations.decide(
        number=asked.number, company_id=company.pk, status=AdjustmentStatus.POSTED, actor=actor,
        reason=terms.reason, posted_on=on,
    )  # fmt: skip
    _log(company, actor, asked, zh="批准", en="approved")
    return None


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """Put down that people have rejected it; nothing moves."""
    company = Company.objects.get(pk=request.company_id)
    asked = adjustment_queries.by_number(company_id=company.pk, number=request.reference)
    assert asked is not None  # noqa: S101 - adjustments are never deleted
    _reject(company, asked, actor=actor, reason=reason)


def _reject(company: Company, asked: AdjustmentRecord, *, actor: Actor, reason: str) -> None:
    operations.decide(
        number=asked.number, company_id=company.pk, status=AdjustmentStatus.REJECTED, actor=actor,
        reason=reason, posted_on=None,
    )  # fmt: skip
    _log(company, actor, asked, zh="驳回", en="rejected")


def recover(*, company: Company, wanted: Wanted, actor: Actor, day: date | None = None) -> AdjustmentRecord:
    """Make (part of) a written-off debt owed again, due on the day, so that the money received can settle it.

    Raises UnableToAdjustError when less of the instalment is written off; UnableToPostError.
    """
    with db.unit_of_work(actor):
        _require_reason(company, wanted)
        line = locked_line(company, wanted.invoice_number, wanted.line)
        lost = adjustment_queries.written_off(line_id=line.id)
        amount = lost if wanted.amount is None else wanted.amount
        if not 0 < amount <= lost:
            raise UnableToAdjustError(
                Words(
                    zh="发票 {number} 第 {line} 期尚可收回的已核销坏账为 {lost}，不是 {amount}。",
                    en="Of invoice {number}, instalment {line}, {lost} is written off and not recovered, not {amount}.",
                ).filled(
                    number=line.number,
                    line=line.line,
                    lost=Money(lost, line.currency).text(),
                    amount=Money(amount, line.currency).text(),
                )
            )
        on = day or clock.today(company)
        open_time.require_open(company=company, day=on)
        asked = operations.ask(
            company_id=company.pk, line=line, actor=actor, wanted=operations.NewAdjustment(
                kind=AdjustmentKind.RECOVERY, amount=amount, reason_code=wanted.reason_code, text=wanted.text
            ), posted_on=on,
        )  # fmt: skip
        post_adjustment.post(company=company, asked=asked, line=line, day=on, actor=actor)
        _log(company, actor, asked, zh="登记", en="recorded")
        return asked


def _require_reason(company: Company, wanted: Wanted) -> None:
    policy = policies.in_force(company_id=company.pk, as_of=clock.today(company)).adjustments
    policy.require_reason(wanted.reason_code)


def locked_line(company: Company, invoice_number: str, line: int) -> LineRecord:
    """Return an instalment under the lock of its account; raises UnableToAdjustError when it is not there."""

    def read() -> LineRecord | None:
        found = receivables_queries.documents(
            company_id=company.pk, kind=InvoiceKind.INVOICE, numbers=[invoice_number]
        )
        lines = found[invoice_number].lines if invoice_number in found else ()
        return next((item for item in lines if item.line == line), None)

    found = read()
    if found is None:
        raise UnableToAdjustError(
            Words(
                zh=f"找不到发票 {invoice_number} 的第 {line} 期，请核对。",
                en=f"There is no instalment {line} of invoice {invoice_number}; check the number.",
            )
        )
    book_allocations.lock_accounts(company=company, keys={(found.customer_id, found.currency)})
    receivables_locks.lock_lines(ids=[found.id])
    return read() or found


def _fitting(line: LineRecord, wanted: Wanted) -> Decimal:
    amount = line.open if wanted.amount is None else wanted.amount
    _require_open(line, amount)
    return amount


def _require_open(line: LineRecord, amount: Decimal) -> None:
    if not 0 < amount <= line.open:
        raise UnableToAdjustError(
            Words(
                zh="金额 {amount} 必须大于零且不超过未清金额 {open}。",
                en="The amount {amount} must be above zero and not above the {open} still open.",
            ).filled(amount=Money(amount, line.currency).text(), open=Money(line.open, line.currency).text())
        )


def _log(company: Company, actor: Actor, asked: AdjustmentRecord, *, zh: str, en: str) -> None:
    figure = Money(asked.amount, asked.currency).text()
    name = NAMES[AdjustmentKind(asked.kind)]
    words = Words(
        zh=f"{actor.name} {zh}{name.zh} {asked.number}：发票 {asked.invoice_number} 第 {asked.line} 期"
        f" {figure} {asked.currency}（{asked.reason_code}）",
        en=f"{actor.name} {en} the {name.en} {asked.number}: {figure} {asked.currency} of invoice"
        f" {asked.invoice_number}, instalment {asked.line} ({asked.reason_code})",
    )
    entry = log.NewEntry(
        stream=f"customer:{asked.customer_id}",
        kind=f"adjustment.{asked.kind}",
        words=words,
        payload={"number": asked.number, "amount": figure, "currency": asked.currency},
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])
