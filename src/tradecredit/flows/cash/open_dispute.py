"""A customer contests part of an instalment; later the dispute is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.receivables import locks as receivables_locks
from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.apps.receivables.models import InvoiceKind
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.cash import answered, book_allocations
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToOpenDisputeError(UnableToError):
    """The instalment is not there, is disputed already, or has less open than is contested."""

    code = "unable_to_open_dispute"


class UnableToCloseDisputeError(UnableToError):
    """There is no open dispute on the instalment."""

    code = "unable_to_close_dispute"


def open_dispute(
    *,
    company: Company,
    invoice_number: str,
    reason_code: str,
    actor: Actor,
    line: int = 1,
    amount: Decimal | None = None,
    text: str = "",
    as_of: date | None = None,
) -> UUID:
    """Record that the customer contests the amount (all that is open, if none is given) of an instalment.

    Raises UnableToOpenDisputeError.
    """
    with db.unit_of_work(actor):
        found = _locked_line(company, invoice_number, line)
        if found is None:
            raise UnableToOpenDisputeError(
                Words(
                    zh=f"找不到发票 {invoice_number} 的第 {line} 期，请核对发票号与期次。",
                    en=f"There is no instalment {line} of invoice {invoice_number}; check the number.",
                ),
                invoice=invoice_number,
            )
        contested = found.open if amount is None else amount
        _check(found, contested)

        dispute_id = receivables.open_dispute(
            company_id=company.pk,
            line=found,
            amount=contested,
            reason_code=reason_code,
            text=text,
            opened_on=as_of or clock.today(company),
            recorded_by=actor.name,
        )
        _tell_opened(company, actor, found, dispute_id=dispute_id, contested=contested, reason=reason_code)
    return dispute_id


def close_dispute(
    *,
    company: Company,
    invoice_number: str,
    resolution: str,
    actor: Actor,
    line: int = 1,
    as_of: date | None = None,
) -> UUID:
    """Close the open dispute of an instalment; raises UnableToCloseDisputeError."""
    with db.unit_of_work(actor):
        found = _locked_line(company, invoice_number, line)
        dispute = receivables_queries.open_dispute_of(instalment_id=found.id) if found else None
        if found is None or dispute is None:
            raise UnableToCloseDisputeError(
                Words(
                    zh=f"发票 {invoice_number} 第 {line} 期没有进行中的争议。",
                    en=f"There is no open dispute on invoice {invoice_number}, instalment {line}.",
                ),
                invoice=invoice_number,
            )

        receivables.close_dispute(
            dispute_id=dispute.id,
            instalment_id=found.id,
            closed_on=as_of or clock.today(company),
            resolution=resolution,
        )
        answered.dispute_ended(
            company_id=company.pk, dispute_id=dispute.id, resolution=resolution, actor=actor
        )
        words = Words(
            zh=f"发票 {invoice_number} 第 {line} 期的争议已结束：{resolution}",
            en=f"The dispute of invoice {invoice_number}, instalment {line}, is closed: {resolution}",
        )
        _log(company, actor, found, kind="dispute.closed", words=words)
    return dispute.id


def _locked_line(company: Company, invoice_number: str, line: int) -> LineRecord | None:
    def read() -> LineRecord | None:
        documents = receivables_queries.documents(
            company_id=company.pk, kind=InvoiceKind.INVOICE, numbers=[invoice_number]
        )
        lines = documents[invoice_number].lines if invoice_number in documents else ()
        return next((item for item in lines if item.line == line), None)

    found = read()
    if found is None:
        return None
    book_allocations.lock_accounts(company=company, keys={(found.customer_id, found.currency)})
    receivables_locks.lock_lines(ids=[found.id])
    return read()


def _check(line: LineRecord, contested: Decimal) -> None:
    if receivables_queries.open_dispute_of(instalment_id=line.id) is not None:
        raise UnableToOpenDisputeError(
            Words(
                zh=f"发票 {line.number} 第 {line.line} 期已有进行中的争议，请先结束它。",
                en=f"Invoice {line.number}, instalment {line.line}, is disputed already; close that dispute first.",
            ),
            invoice=line.number,
        )
    if not 0 < contested <= line.open:
        asked, still_open = Money(contested, line.currency).text(), Money(line.open, line.currency).text()
        raise UnableToOpenDisputeError(
            Words(
                zh=f"争议金额 {asked} 必须大于零且不超过未清金额 {still_open}。",
                en=f"The contested {asked} must be above zero and not above the {still_open} still open.",
            ),
            asked=asked,
            open=still_open,
        )


def _tell_opened(
    company: Company, actor: Actor, line: LineRecord, *, dispute_id: UUID, contested: Decimal, reason: str
) -> None:
    figure = Money(contested, line.currency).text()
    events.emit(
        name="dispute.opened",
        company_id=company.pk,
        subject=line.customer_id,
        payload={
            "customer_id": line.customer_id,
            "company_id": company.pk,
            "dispute_id": dispute_id,
            "instalment_id": line.id,
            "invoice": line.number,
            "amount": figure,
            "currency": line.currency,
        },
    )
    words = Words(
        zh=f"客户对发票 {line.number} 第 {line.line} 期的 {figure} {line.currency} 提出争议（{reason}）",
        en=f"The customer contests {figure} {line.currency} of invoice {line.number}, instalment {line.line}"
        f" ({reason})",
    )
    _log(company, actor, line, kind="dispute.opened", words=words)


def _log(company: Company, actor: Actor, line: LineRecord, *, kind: str, words: Words) -> None:
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{line.customer_id}",
                kind=kind,
                words=words,
                payload={"invoice": line.number, "line": line.line},
            )
        ],
    )
