"""Agree on paying in instalments: while the plan is kept nobody writes; a part too late makes all the rest due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError

from tradecredit.analytics.collections import gate
from tradecredit.apps.collections import agreements, case_operations, case_queries
from tradecredit.apps.receivables import queries as receivables
from tradecredit.core.collections import instalment_plans, texts
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.instalment_plans import Plan
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def agree_plan(
    *,
    company: Company,
    customer_id: UUID,
    plan: Plan,
    actor: Actor,
    acknowledges_debt: bool = False,
    text: str = "",
    as_of: date | None = None,
) -> UUID:
    """Record the plan and return its identifier; without named instalments it covers all that is open.

    Raises UnableToAgreePlanError for parts that make no sense, more than is owed, or a plan that runs already.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        owed = _owed(company, customer_id, plan)
        instalment_plans.check(plan, owed=owed, as_of=day)
        plan_id = _agree(
            company, customer_id, plan, day, acknowledges_debt=acknowledges_debt, text=text, actor=actor
        )
        words = Words(
            zh=f"达成还款协议：{len(plan.parts)} 期共 {texts.figures(plan.total)}，"
            f"首期 {plan.parts[0].due_date}，末期 {plan.parts[-1].due_date}",
            en=f"A plan was agreed: {len(plan.parts)} parts of {texts.figures(plan.total)} in all,"
            f" from {plan.parts[0].due_date} to {plan.parts[-1].due_date}",
        )
        _tell(company, customer_id, words, day=day, actor=actor, plan_id=plan_id)
        return plan_id


def end_plan(*, company: Company, plan_id: UUID, because: str, actor: Actor) -> None:
    """End a plan: letters go out again as the items stand. Raises UnableToAgreePlanError for one that ended."""
    with db.unit_of_work(actor):
        found = agreements.agreed_plans(company_id=company.pk, ids=[plan_id])
        day = clock.today(company)
        if not found or not agreements.end_plan(plan_id=plan_id, ended_on=day, because=because):
            raise instalment_plans.UnableToAgreePlanError(
                Words(zh="没有进行中的这份还款协议。", en="No such plan is running.")
            )
        words = Words(
            zh=f"还款协议 {found[0].number} 终止：{because}", en=f"Plan {found[0].number} ended: {because}"
        )
        _tell(company, found[0].customer_id, words, day=day, actor=actor, plan_id=plan_id)


def end_plans_of_company(*, company: Company, as_of: date, actor: Actor) -> int:
    """End every plan of the company that was kept, or that broke by the day; returns how many ended."""
    with db.unit_of_work(actor):
        customers = agreements.customers_with_plans(company_id=company.pk)
        if not customers:
            return 0
        return end_settled_plans(company=company, customer_ids=customers, as_of=as_of, actor=actor)


def end_settled_plans(*, company: Company, customer_ids: tuple[UUID, ...], as_of: date, actor: Actor) -> int:
    """End the plans of the customers that were kept, and those that broke; returns how many ended."""
    with db.unit_of_work(actor):
        count = 0
        for one in gate.running_plans(company_id=company.pk, customer_ids=customer_ids):
            standing = instalment_plans.standing(one.plan, paid=one.paid, as_of=as_of)
            if standing.state not in {"kept", "broken"}:
                continue
            agreements.end_plan(plan_id=one.id, ended_on=as_of, because=standing.state)
            words = (
                Words(zh="还款协议已全部履行", en="The plan was kept to the end")
                if standing.state == "kept"
                else Words(
                    zh=f"还款协议违约，余款 {texts.figures(standing.missing)} 立即到期",
                    en=f"The plan was broken: the remaining {texts.figures(standing.missing)} are due at once",
                )
            )
            _tell(company, one.customer_id, words, day=as_of, actor=actor, plan_id=one.id)
            count += 1
        return count


def _owed(company: Company, customer_id: UUID, plan: Plan) -> Money:
    currency = plan.total.currency
    lines = receivables.open_lines(company_id=company.pk, customer_ids=[customer_id])
    return money.total(
        (
            Money(line.open, currency)
            for line in lines.get((customer_id, currency), ())
            if not plan.instalment_ids or str(line.id) in plan.instalment_ids
        ),
        currency,
    )


def _agree(
    company: Company, customer_id: UUID, plan: Plan, day: date, *, acknowledges_debt: bool, text: str,
    actor: Actor,
) -> UUID:  # fmt: skip
    try:
        with db.savepoint():
            return agreements.agree(
                company_id=company.pk,
                customer_id=customer_id,
                plan=plan,
                agreed_on=day,
                acknowledges_debt=acknowledges_debt,
                text=text,
                recorded_by=actor.name,
            )
    except IntegrityError as error:
        raise instalment_plans.UnableToAgreePlanError(
            Words(
                zh="该客户已有进行中的还款协议，请先终止原协议。",
                en="A plan of this customer is running already; end that one first.",
            )
        ) from error


def _tell(
    company: Company, customer_id: UUID, words: Words, *, day: date, actor: Actor, plan_id: UUID
) -> None:
    case = case_queries.open_case_of(company_id=company.pk, customer_id=customer_id)
    if case is not None:
        event = case_operations.NewEvent(
            case_id=case.id,
            customer_id=customer_id,
            kind="plan",
            words=words,
            channel=case.channel,
            day=day,
            facts={"plan": str(plan_id)},
        )
        case_operations.record(company_id=company.pk, events=[event], actor=actor)
    entry = log.NewEntry(
        stream=f"customer:{customer_id}", kind="instalment_plan", words=words, payload={"plan": str(plan_id)}
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])
