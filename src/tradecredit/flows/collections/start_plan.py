"""Start a plan of the library for a customer: its steps become tasks, and what was done is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.collections import case_operations as operations
from tradecredit.apps.collections import case_queries as queries
from tradecredit.apps.collections import locks
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.collections import plan_library
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.collections import strategies
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.collections.case_queries import PlanRecord, StepRecord
    from tradecredit.core.collections.plan_library import ActionPlan
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToStartPlanError(UnableToError):
    """The policy in force holds no plan of that name."""

    code = "plan_unknown"
    status = 422


class UnableToFinishStepError(UnableToError):
    """The step is not there, is done already, or nothing is said of what came of it."""

    code = "step_refused"
    status = 409


def start_plan(
    *, company: Company, customer_id: UUID, code: str, as_of: date, actor: Actor, cause: str = ""
) -> UUID:
    """Start the plan and return it; one of its kind that runs for the customer is returned as it is.

    Raises UnableToStartPlanError and UnableToFindPolicyError.
    """
    with db.unit_of_work(actor):
        locks.lock_company(company.pk)
        running = queries.running_plan(company_id=company.pk, customer_id=customer_id, code=code)
        if running is not None:
            return running
        strategy = strategies.in_force(company_id=company.pk, as_of=as_of)
        plan = plan_library.of_code(strategy.cases.plans, code)
        if plan is None:
            raise UnableToStartPlanError(
                Words(
                    zh=f"现行政策的预案库中没有“{code}”，请先在政策的 dunning.plans 中加入。",
                    en=f"The policy in force holds no plan {code!r}; add it to dunning.plans first.",
                ),
                plan=code,
            )
        case = queries.open_case_of(company_id=company.pk, customer_id=customer_id)

        plan_id = operations.start_plan(
            company_id=company.pk,
            customer_id=customer_id,
            case_id=case.id if case else None,
            plan=plan,
            cause=cause,
            as_of=as_of,
            actor=actor,
        )
        _make_tasks(company, customer_id, plan, plan_id)
        _log(
            company, customer_id, actor, kind="plan.started",
            words=Words(zh=f"启动{plan.title.zh}", en=f"Started: {plan.title.en}"), cause=cause,
        )  # fmt: skip
        return plan_id


def finish_step(
    *,
    company: Company,
    plan_id: UUID,
    step_id: UUID,
    result: str,
    actor: Actor,
    is_skipped: bool = False,
    as_of: date | None = None,
) -> None:
    """Record what came of a step (or why it is left out); its task is done with it. Raises UnableToFinishStepError."""
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        plan, customer_id, step = _step(company, plan_id, step_id)
        is_done = result.strip() != "" and operations.finish_step(
            step_id=step.id, day=day, result=result.strip(), is_skipped=is_skipped, actor=actor
        )
        if not is_done:
            raise _refused(step_id)

        worklist.complete_keys(
            company_id=company.pk, keys=[_key(plan_id, step.code)], outcome=result, done_by=actor.name
        )
        word = Words(zh="略过", en="left out") if is_skipped else Words(zh="完成", en="done")
        words = Words(zh=f"{step.title.zh}：{word.zh}。{result}", en=f"{step.title.en}: {word.en}. {result}")
        _into_case(company, customer_id, words, day=day, actor=actor)
        _log(company, customer_id, actor, kind="plan.step", words=words, cause=plan.code)


def _into_case(company: Company, customer_id: UUID, words: Words, *, day: date, actor: Actor) -> None:
    case = queries.open_case_of(company_id=company.pk, customer_id=customer_id)
    if case is None:
        return
    operations.record(
        company_id=company.pk,
        actor=actor,
        events=[
            operations.NewEvent(
                case_id=case.id,
                customer_id=customer_id,
                kind="action",
                words=words,
                channel=case.channel,
                day=day,
            )
        ],
    )


def _refused(step_id: UUID) -> UnableToFinishStepError:
    return UnableToFinishStepError(
        Words(
            zh="该步骤不存在或已完成，或没有写明结果；请刷新后重试。",
            en="The step is not there or done, or its result is not said; look again.",
        ),
        step=str(step_id),
    )


def _step(company: Company, plan_id: UUID, step_id: UUID) -> tuple[PlanRecord, UUID, StepRecord]:
    found = queries.plan_of(company_id=company.pk, plan_id=plan_id)
    steps = {one.id: one for one in found[0].steps} if found else {}
    if found is None or step_id not in steps:
        raise _refused(step_id)
    return *found, steps[step_id]


def _make_tasks(company: Company, customer_id: UUID, plan: ActionPlan, plan_id: UUID) -> None:
    customer = dossier.customers_by_id([customer_id])[customer_id]
    worklist.make(
        company_id=company.pk,
        tasks=[
            worklist.NewTask(
                kind=f"plan.{plan.code}"[:32],
                role=step.role,
                customer_id=customer_id,
                words=Words(
                    zh=f"{customer.name} {plan.title.zh}：{step.title.zh}",
                    en=f"{customer.name}, {plan.title.en}: {step.title.en}",
                ),
                priority="high",
                link=f"/collections/plans/{plan_id}",
                due_in_days=step.due_in_days,
                dedupe_key=_key(plan_id, step.code),
            )
            for step in plan.steps
        ],
    )


def _key(plan_id: UUID, step_code: str) -> str:
    return f"plan:{plan_id}:{step_code}"


def _log(company: Company, customer_id: UUID, actor: Actor, *, kind: str, words: Words, cause: str) -> None:
    entry = log.NewEntry(stream=f"customer:{customer_id}", kind=kind, words=words, payload={"cause": cause})
    log.append(company_id=company.pk, actor=actor, entries=[entry])
