"""Match the lines that wait once more: invoices and confirmations that came since may have made them certain."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from tradecredit.apps.cash_application import bank_operations, bank_queries, match_queries
from tradecredit.apps.cash_application import locks as cash_locks
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.flows.cash import account_holders, match_lines, receive_lines, waiting_tasks
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def match_again(*, company: Company, actor: Actor) -> Counter[str]:
    """Look at every waiting receipt again and book what is certain now; return how many lines stand how.

    What a person undid is only suggested.
    """
    with db.unit_of_work(actor):
        for account_id in bank_queries.accounts_with_waiting(company_id=company.pk):
            cash_locks.lock_bank_account(account_id)
        lines = bank_queries.waiting_receipts(company_id=company.pk)
        payments = cash_queries.payments_by_id(ids=[line.payment_id for line in lines if line.payment_id])
        given = {line.id: str(payments[line.payment_id].customer_id) for line in lines if line.payment_id}
        numbers = {line.id: payments[line.payment_id].number for line in lines if line.payment_id}
        looked = match_lines.look(company=company, lines=lines, given=given)
        keys = {
            (UUID(payer.customer), line.currency)
            for line in lines
            if (payer := looked.matches[line.id].payer) is not None
        }
        account_holders.lock_all(company=company, keys=keys)
        undone = match_queries.undone_lines(line_ids=[line.id for line in lines])
        outcomes = []
        for may_book in (True, False):
            part = [line for line in lines if (line.id not in undone) is may_book]
            if part:
                outcomes += receive_lines.receive(
                    company=company,
                    lines=part,
                    looked=looked,
                    actor=actor,
                    may_book=may_book,
                    numbers=numbers,
                )
        bank_operations.settle_lines(outcomes=outcomes)
        waiting_tasks.end_where_done(company=company, line_ids=[line.id for line in lines], actor=actor)
    return Counter(str(outcome.status) for outcome in outcomes)
