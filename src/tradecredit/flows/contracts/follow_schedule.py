"""Parts of a signed contract on their way: a milestone is reached, and what is due is billed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.receivables import contract_operations as operations
from tradecredit.apps.receivables import contract_queries as queries
from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables.models import ContractStatus, InvoiceKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import contracts
from tradecredit.flows.cash import book_allocations, record_documents
from tradecredit.flows.cash.record_documents import Incoming
from tradecredit.flows.contracts import contract_log
from tradecredit.flows.contracts.contract_log import UnableToMoveContractError
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.receivables.contract_queries import ContractRecord, LineRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def reach(*, company: Company, number: str, sequence: int, day: date, actor: Actor) -> LineRecord:
    """Record that what makes a part due has happened; its due day follows from its terms.

    Raises UnableToFindContractError, UnableToMoveContractError (not signed, no such part, reached before).
    """
    with db.unit_of_work(actor):
        contract, line = _locked(company, number, sequence)
        if line.reached_on is not None:
            raise UnableToMoveContractError(
                Words(
                    zh=f"付款节点 {sequence} 已于 {line.reached_on} 达成。",
                    en=f"Part {sequence} was reached on {line.reached_on} already.",
                )
            )
        due = contracts.due_after(day, line.days, line.is_from_month_end)
        if contract.accelerated_on is not None:
            due = min(due, contract.accelerated_on)
        operations.reach(line_id=line.id, reached_on=day, due_date=due)
        words = Words(
            zh=f"付款节点 {sequence} 于 {day} 达成，到期日 {due}",
            en=f"Part {sequence} was reached on {day}: due {due}",
        )
        contract_log.append(
            company=company, contract=contract, kind="reached", words=words, actor=actor, day=day
        )
        return _locked(company, number, sequence)[1]


def bill(
    *,
    company: Company,
    number: str,
    sequence: int,
    actor: Actor,
    invoice_number: str = "",
    day: date | None = None,
) -> str:
    """Record the invoice of a part that has been reached, due on the part's day; return its number.

    Raises UnableToFindContractError, UnableToMoveContractError (not reached, or billed before).
    """
    with db.unit_of_work(actor):
        contract, line = _locked(company, number, sequence)
        _require_billable(line)
        document = _document(
            contract, line, invoice_number or f"{number}-{sequence}", day or clock.today(company)
        )
        (result,) = record_documents.record(
            company=company,
            kind=InvoiceKind.INVOICE,
            incoming=[Incoming(row=1, document=document)],
            actor=actor,
        )
        if result.status is not RowStatus.CREATED:
            there = Words(zh="发票号 {n} 已存在。", en="Invoice {n} is there already.").filled(
                n=document.number
            )
            raise UnableToMoveContractError(result.words or there)
        operations.bill(line_id=line.id, invoice_number=document.number)
        words = Words(
            zh=f"付款节点 {sequence} 已开票 {document.number}",
            en=f"Part {sequence} is billed by {document.number}",
        )
        contract_log.append(company=company, contract=contract, kind="billed", words=words, actor=actor)
        return document.number


def _require_billable(line: LineRecord) -> None:
    if line.due_date is None or line.invoice_number:
        raise UnableToMoveContractError(
            Words(
                zh=f"付款节点 {line.sequence} 尚未达成，或已开票（{line.invoice_number or '-'}）。",
                en=f"Part {line.sequence} is not reached yet, or is billed already ({line.invoice_number or '-'}).",
            )
        )


def _document(contract: ContractRecord, line: LineRecord, number: str, day: date) -> receivables.NewDocument:
    due = line.due_date or day
    return receivables.NewDocument(
        customer_id=contract.customer_id,
        kind=InvoiceKind.INVOICE,
        number=number,
        invoice_date=day,
        currency=line.amount.currency,
        amount=line.amount.amount,
        lines=(receivables.NewLine(due_date=due, amount=line.amount.amount),),
        contract_number=contract.number,
        salesperson=contract.salesperson,
        source="contract",
        is_demo=contract.is_demo,
        content_hash=record_documents.digest(
            {"contract": contract.number, "part": line.sequence, "amount": line.amount.text(), "due": due}
        ),
    )


def _locked(company: Company, number: str, sequence: int) -> tuple[ContractRecord, LineRecord]:
    found = queries.by_number(company_id=company.pk, numbers=[number]).get(number)
    if found is not None:
        # The account before the contract: whatever moves money locks it first.
        book_allocations.lock_accounts(company=company, keys={(found.customer_id, found.amount.currency)})
    contract = contract_log.locked(company, number)
    lines = {line.sequence: line for line in queries.lines_of([contract.id])}
    if contract.status != ContractStatus.SIGNED or sequence not in lines:
        raise UnableToMoveContractError(
            Words(
                zh=f"合同 {number} 未签署，或没有付款节点 {sequence}。",
                en=f"Contract {number} is not signed, or has no part {sequence}.",
            )
        )
    return contract, lines[sequence]
