"""What invoices and credit notes share on their way in: read row by row, recorded together, refused ones kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from tradecredit.flows import keep_refused, row_results
from tradecredit.flows.cash import account_holders, record_documents
from tradecredit.flows.row_results import RefusedRowError
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradecredit.apps.receivables.models import InvoiceKind
    from tradecredit.apps.receivables.operations import NewDocument
    from tradecredit.flows.cash.account_holders import Customers, Paper
    from tradecredit.flows.row_results import ImportResult, RowResult
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class Numbered(Protocol):
    """A row with the number of its document and its place in the file (0: as it came)."""

    @property
    def number(self) -> str:
        """The document's number."""

    @property
    def row(self) -> int:
        """The place in the file."""


R = TypeVar("R", bound=Numbered)


def record_papers(
    *,
    rows: Sequence[R],
    kind: InvoiceKind,
    name: str,
    paper: Callable[[R], Paper],
    document: Callable[[R, Customers], NewDocument],
    company: Company,
    actor: Actor,
) -> ImportResult:
    """Record the rows in one transaction; a refused row does not stop the good ones.

    ``paper`` says in whose account a row stands, ``document`` makes of it what is recorded or raises RefusedRowError;
    ``name`` is the kind under which refused rows wait.
    """
    with db.unit_of_work(actor):
        customers = account_holders.customers_of(company=company, papers=[paper(row) for row in rows])
        refused: list[RowResult] = []
        incoming: list[record_documents.Incoming] = []
        for place, row in enumerate(rows, start=1):
            try:
                made = document(row, customers[place - 1])
            except RefusedRowError as refusal:
                refused.append(refusal.result(row=row.row or place, number=row.number))
            else:
                incoming.append(record_documents.Incoming(row=row.row or place, document=made))

        recorded = record_documents.record(company=company, kind=kind, incoming=incoming, actor=actor)
        done = row_results.in_order([*refused, *recorded])
        keep_refused.keep(company=company, kind=name, rows=rows, result=done, actor=actor)
    return done
