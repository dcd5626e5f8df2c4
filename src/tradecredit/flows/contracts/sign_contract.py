"""From draft to signature: legal looks where policy asks for it, and signing makes the schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.receivables import contract_operations as operations
from tradecredit.apps.receivables import contract_queries as queries
from tradecredit.apps.receivables.models import ContractStatus
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import contracts
from tradecredit.flows.contracts import contract_log
from tradecredit.flows.contracts.contract_log import UnableToMoveContractError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Role
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.receivables.contract_queries import ContractRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def ask_legal(*, company: Company, number: str, actor: Actor) -> ContractRecord:
    """Hand a draft to legal. Raises UnableToFindContractError, UnableToMoveContractError."""
    with db.unit_of_work(actor):
        contract = contract_log.locked(company, number)
        _require(contract, ContractStatus.DRAFT)
        operations.set_status(contract_id=contract.id, status=ContractStatus.IN_REVIEW)
        words = Words(zh=f"合同 {number} 提交法务审核", en=f"Contract {number} was handed to legal")
        contract_log.append(company=company, contract=contract, kind="review_asked", words=words, actor=actor)
        task = worklist.NewTask(
            kind="contract.review",
            role=Role.LEGAL,
            customer_id=contract.customer_id,
            words=words,
            link=f"/contracts/{number}",
            dedupe_key=f"contract-review:{contract.id}:{contract.content_hash[:12]}",
        )
        worklist.make(company_id=company.pk, tasks=[task])
        return _again(company, number)


def review(*, company: Company, number: str, is_cleared: bool, text: str, actor: Actor) -> ContractRecord:
    """Clear a contract for signing, or send it back with what is to change.

    Raises UnableToFindContractError, UnableToMoveContractError (for whoever wrote the contract, or is not legal).
    """
    with db.unit_of_work(actor):
        contract = contract_log.locked(company, number)
        _require(contract, ContractStatus.IN_REVIEW)
        if contract.created_by_id == actor.user_id or not actor.has_role(company.pk, Role.LEGAL):
            raise UnableToMoveContractError(
                Words(
                    zh="合同由法务审核，且不能由起草人本人审核。",
                    en="Legal clears contracts, and nobody clears their own.",
                )
            )
        operations.clear(contract_id=contract.id, actor=actor, text=text, is_cleared=is_cleared)
        words = Words(
            zh=f"法务{'通过' if is_cleared else '退回'}合同 {number}：{text or '-'}",
            en=f"Legal {'cleared' if is_cleared else 'returned'} contract {number}: {text or '-'}",
        )
        kind = "cleared" if is_cleared else "returned"
        contract_log.append(company=company, contract=contract, kind=kind, words=words, actor=actor)
        return _again(company, number)


def sign(*, company: Company, number: str, actor: Actor, day: date | None = None) -> ContractRecord:
    """Sign a contract: its schedule of receivables is made from its terms.

    Raises UnableToFindContractError; UnableToMoveContractError while legal has to look and has not cleared it.
    """
    with db.unit_of_work(actor):
        contract = contract_log.locked(company, number)
        _require(contract, *_may_sign(contract))
        on = day or clock.today(company)
        lines = contracts.schedule(
            parts=contracts.parts_from(list(contract.terms)), amount=contract.amount, signed_on=on
        )
        operations.sign(
            company_id=company.pk,
            contract_id=contract.id,
            customer_id=contract.customer_id,
            day=on,
            lines=lines,
        )
        words = Words(
            zh=f"合同 {number} 已签署，生成 {len(lines)} 个付款节点",
            en=f"Contract {number} is signed: a schedule of {len(lines)} parts",
        )
        contract_log.append(
            company=company, contract=contract, kind="signed", words=words, actor=actor, day=on
        )
        events.emit(
            name="contract.signed",
            company_id=company.pk,
            subject=contract.customer_id,
            payload={
                "customer_id": contract.customer_id,
                "contract": number,
                "amount": contract.amount.text(),
            },
        )
        return _again(company, number)


def _may_sign(contract: ContractRecord) -> tuple[ContractStatus, ...]:
    if contract.review_reasons:
        return (ContractStatus.REVIEWED,)
    return (ContractStatus.DRAFT, ContractStatus.REVIEWED)


def _require(contract: ContractRecord, *allowed: ContractStatus) -> None:
    if contract.status not in allowed:
        raise UnableToMoveContractError(
            Words(
                zh="合同 {number} 当前为“{status}”，此操作要求“{wanted}”。",
                en="Contract {number} is {status}; this needs {wanted}.",
            ).filled(number=contract.number, status=contract.status, wanted=" / ".join(allowed)),
            status=contract.status,
        )


def _again(company: Company, number: str) -> ContractRecord:
    return queries.by_number(company_id=company.pk, numbers=[number])[number]
