"""Complete a task with its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.worklist import operations, queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToCompleteTaskError(UnableToError):
    """The task is not there, is done already, or belongs to another role."""

    code = "task_not_completed"
    status = 409


def complete_task(*, company: Company, task_id: UUID, outcome: str, actor: Actor) -> queries.StoredTask:
    """Record what came of a task; returns it as it stands. Raises UnableToCompleteTaskError."""
    with db.unit_of_work(actor):
        task = queries.task(task_id)
        if task is None or task.company_id != company.pk or not _is_for(task, company, actor):
            raise UnableToCompleteTaskError(
                Words(zh="没有这项属于您的待办。", en="There is no such task of yours."), task=str(task_id)
            )
        if not operations.complete(task_id=task_id, outcome=outcome.strip(), done_by=actor.name):
            raise UnableToCompleteTaskError(
                Words(zh="这项待办已经完成。", en="This task is done already."), task=str(task_id)
            )
        if task.customer_id is not None:
            log.append(
                company_id=company.pk,
                actor=actor,
                entries=[
                    log.NewEntry(
                        stream=f"customer:{task.customer_id}",
                        kind="task.done",
                        words=Words(
                            zh=f"{task.words.zh} - 已完成：{outcome.strip()}",
                            en=f"{task.words.en} - done: {outcome.strip()}",
                        ),
                        payload={"task": str(task.id)},
                    )
                ],
            )
        found = queries.task(task_id)
    assert found is not None  # noqa: S101 - it was completed a moment ago in this transaction
    return found


def _is_for(task: queries.StoredTask, company: Company, actor: Actor) -> bool:
    if actor.is_system or task.assignee_id == actor.user_id:
        return True
    return task.assignee_id is None and task.role in {role.value for role in actor.roles_in(company.pk)}
