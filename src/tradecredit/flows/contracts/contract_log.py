"""Write what happened to a contract into its own life and into the customer's log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.receivables import contract_operations as operations
from tradecredit.apps.receivables import contract_queries as queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.receivables.contract_queries import ContractRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToFindContractError(UnableToError):
    """No such contract in the company, or the actor may not see it."""

    code = "contract_unknown"
    status = 404


class UnableToMoveContractError(UnableToError):
    """The contract cannot take this step from where it stands, or not by this person."""

    code = "contract_state"
    status = 409


def locked(company: Company, number: str) -> ContractRecord:
    """Return a contract under its lock; raises UnableToFindContractError."""
    found = queries.by_number(company_id=company.pk, numbers=[number]).get(number)
    if found is None:
        raise UnableToFindContractError(
            Words(
                zh=f"没有合同 {number}，或您无权查看。",
                en=f"There is no contract {number}, or you may not see it.",
            )
        )
    operations.lock(contract_id=found.id)
    return queries.by_number(company_id=company.pk, numbers=[number])[number]


def append(
    *,
    company: Company,
    contract: ContractRecord,
    kind: str,
    words: Words,
    actor: Actor,
    day: date | None = None,
) -> None:
    """Append one step of a contract, in the caller's transaction."""
    operations.append(
        company_id=company.pk,
        customer_id=contract.customer_id,
        contract_id=contract.id,
        kind=kind,
        day=day or clock.today(company),
        words=words,
        actor=actor,
    )
    entry = log.NewEntry(
        stream=f"customer:{contract.customer_id}",
        kind=f"contract.{kind}",
        words=words,
        payload={"contract": contract.number},
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])
