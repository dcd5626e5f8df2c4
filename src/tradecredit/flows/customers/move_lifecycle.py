"""Move a customer to another stage of its life: a dated transition with its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.dossier import operations
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.dossier.models import Lifecycle
from tradecredit.apps.exposure import locks as account_locks
from tradecredit.apps.exposure import node_queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToMoveLifecycleError(UnableToError):
    """Unknown customer or stage, no cause, or a day to come."""

    code = "lifecycle_refused"


def move_lifecycle(
    *,
    customer_code: str,
    stage: str,
    cause: str,
    company: Company,
    actor: Actor,
    changed_on: date | None = None,
) -> bool:
    """Record the transition; False when the customer stands there already. Raises UnableToMoveLifecycleError."""
    today = clock.today(company)
    day = changed_on or today
    with db.unit_of_work(actor):
        customer = dossier.customer_by_code(customer_code)
        if customer is None or company.pk not in customer.company_ids:
            raise _refused(zh=f"没有客户 {customer_code}。", en=f"There is no customer {customer_code}.")
        _check(stage, cause, is_to_come=day > today)
        account_locks.lock_accounts(node_queries.account_ids_of([customer.id]))
        has_moved = operations.change_lifecycle(
            company_id=company.pk, customer_id=customer.id, new=Lifecycle(stage), changed_on=day,
            cause=cause.strip()[:200], recorded_by=actor.name,
        )  # fmt: skip
        if has_moved:
            events.emit_many(
                name="customer.imported",
                company_id=company.pk,
                payloads=[(customer.id, {"customer_id": customer.id, "company_id": company.pk})],
            )
            words = Words(
                zh=f"客户阶段：{customer.lifecycle} → {stage}（{day}，{cause.strip()}）",
                en=f"stage: {customer.lifecycle} → {stage} ({day}, {cause.strip()})",
            )
            entry = log.NewEntry(stream=f"customer:{customer.id}", kind="lifecycle.changed", words=words)
            log.append(company_id=company.pk, actor=actor, entries=[entry])
    return has_moved


def _check(stage: str, cause: str, *, is_to_come: bool) -> None:
    if stage not in Lifecycle.values:
        known = ", ".join(Lifecycle.values)
        raise _refused(zh=f"阶段应为 {known}。", en=f"The stage is one of {known}.")
    if not cause.strip() or is_to_come:
        raise _refused(zh="请写明原因，日期不能在未来。", en="Say why; the day does not lie in the future.")


def _refused(*, zh: str, en: str) -> UnableToMoveLifecycleError:
    return UnableToMoveLifecycleError(Words(zh=zh, en=en))
