"""What a day asks of contracts: the rest falls due where a clause says so, and ends are announced in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import contract_books, policies
from tradecredit.apps.receivables import contract_operations as operations
from tradecredit.apps.receivables import contract_queries as queries
from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables.models import ContractStatus
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import contracts
from tradecredit.flows.cash import book_allocations
from tradecredit.flows.contracts import contract_log
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.receivables.contract_queries import ContractRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def watch_contracts(*, company: Company, as_of: date, actor: Actor) -> int:
    """Accelerate what a clause makes due, and put announced ends and parts that fall due on lists.

    Returns how many contracts were accelerated; the same day again changes nothing.
    """
    with db.unit_of_work(actor):
        accelerated = _accelerate(company, as_of, actor)
        _announce_ends(company, as_of)
        return accelerated


def _accelerate(company: Company, as_of: date, actor: Actor) -> int:
    found = queries.open_with_clause(company_id=company.pk)
    overdue = contract_books.overdue_days(
        company_id=company.pk, numbers=[one.number for one in found], as_of=as_of
    )
    due = [
        one
        for one in found
        if contracts.is_accelerated(
            clause_days=one.acceleration_days, overdue_days=overdue.get(one.number, 0)
        )
    ]
    book_allocations.lock_accounts(
        company=company, keys={(one.customer_id, one.amount.currency) for one in due}
    )
    for one in due:
        _make_due(company, one, overdue_days=overdue[one.number], as_of=as_of, actor=actor)
    return len(due)


def _make_due(
    company: Company, contract: ContractRecord, *, overdue_days: int, as_of: date, actor: Actor
) -> None:
    parts = operations.accelerate(contract_id=contract.id, day=as_of)
    lines = receivables.bring_forward(
        company_id=company.pk, contract_number=contract.number, day=as_of, recorded_by=actor.name
    )
    words = Words(
        zh=f"合同 {contract.number} 逾期 {overdue_days} 天，按加速到期条款（{contract.acceleration_days} 天）"
        f"其余 {parts} 个付款节点、{lines} 笔未到期应收于 {as_of} 到期",
        en=f"Contract {contract.number} is {overdue_days} days overdue: by its clause ({contract.acceleration_days} days)"
        f" the other {parts} parts and {lines} receivables fall due on {as_of}",
    )
    contract_log.append(
        company=company, contract=contract, kind="accelerated", words=words, actor=actor, day=as_of
    )
    task = worklist.NewTask(
        kind="contract.accelerated",
        role=Role.COLLECTOR,
        customer_id=contract.customer_id,
        priority="high",
        words=words,
        link=f"/contracts/{contract.number}",
        dedupe_key=f"contract-accelerated:{contract.id}",
    )
    worklist.make(company_id=company.pk, tasks=[task])


def _announce_ends(company: Company, as_of: date) -> None:
    steps = policies.in_force(company_id=company.pk, as_of=as_of).contracts.expiry_days
    ending = contract_books.ending(company_id=company.pk, as_of=as_of, within_days=max(steps, default=0))
    tasks = []
    for contract_id, customer_id, number, valid_to in ending:
        left = (valid_to - as_of).days
        step = min(days for days in steps if days >= left)
        words = Words(
            zh=f"合同 {number} 将于 {valid_to} 到期（剩 {left} 天），请续签或了结",
            en=f"Contract {number} ends on {valid_to} (in {left} days): renew or conclude it",
        )
        tasks.append(
            worklist.NewTask(
                kind="contract.ends",
                role=Role.SALES_MANAGER,
                customer_id=customer_id,
                words=words,
                link=f"/contracts/{number}",
                dedupe_key=f"contract-ends:{contract_id}:{valid_to}:{step}",
            )
        )
    worklist.make(company_id=company.pk, tasks=tasks)


def end_contract(*, company: Company, number: str, reason: str, actor: Actor) -> None:
    """End a contract; its receivables stay as they are. Raises UnableToFindContractError, UnableToMoveContractError."""
    with db.unit_of_work(actor):
        contract = contract_log.locked(company, number)
        if contract.status == ContractStatus.ENDED:
            raise contract_log.UnableToMoveContractError(
                Words(zh=f"合同 {number} 已终止。", en=f"Contract {number} is ended already.")
            )
        operations.set_status(contract_id=contract.id, status=ContractStatus.ENDED)
        words = Words(
            zh=f"合同 {number} 终止：{reason or '-'}", en=f"Contract {number} ended: {reason or '-'}"
        )
        contract_log.append(company=company, contract=contract, kind="ended", words=words, actor=actor)
