"""Record what came of asking a customer for money: a call, a visit, a message, with its outcome and what is next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.collections import attention
from tradecredit.apps.collections import case_operations as operations
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.collections import outcomes, texts
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.collections import find_case, record_promise, strategies
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.collections.case_queries import CaseRecord
    from tradecredit.core.collections.case_policy import CasePolicy
    from tradecredit.core.collections.outcomes import Outcome
    from tradecredit.core.collections.strategy import Strategy
    from tradecredit.core.kernel.money import Money
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_FIND: Final = Words(
    zh="{customer}称已付款：请在回款中查找（{text}）",
    en="{customer} says it has paid: look for the money ({text})",
)


class UnableToLogContactError(UnableToError):
    """The outcome is not known, or lacks what belongs to it."""

    code = "contact_refused"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One attempt to reach a customer; a promise names its amount and day."""

    way: str
    outcome: str
    text: str = ""
    amount: Money | None = None
    promised_date: date | None = None
    next_on: date | None = None
    reference: str = ""


def log_contact(
    *, company: Company, case_id: UUID, contact: Contact, actor: Actor, as_of: date | None = None
) -> None:
    """Record the contact with what follows from it; a reference already known (an agency's line) is nothing new.

    "Will pay" records the promise, "says it is paid" asks the cash desk to look. Raises UnableToFindCaseError,
    UnableToLogContactError and UnableToRecordPromiseError.
    """
    day = as_of or clock.today(company)
    outcome = _checked(contact)
    with db.unit_of_work(actor):
        case = find_case.find_case(company=company, case_id=case_id)
        strategy = strategies.in_force(company_id=company.pk, as_of=day)
        next_on = contact.next_on or _next_day(strategy.cases, contact, day)

        operations.record(
            company_id=company.pk,
            actor=actor,
            events=[replace(_event(case, contact, outcome, day), stage=_stage(company, case, strategy, day))],
        )
        operations.plan_next(case_id=case.id, action=contact.outcome, day=next_on)
        if outcome.asks_for_promise and contact.amount is not None and contact.promised_date is not None:
            record_promise.record_promise(
                company=company,
                customer_id=case.customer_id,
                amount=contact.amount,
                promised_date=contact.promised_date,
                text=contact.text,
                actor=actor,
                as_of=day,
            )
        if contact.outcome == "says_paid":
            _ask_cash_desk(company, case, contact, day)
        _log(company, case, contact, outcome, actor)


def _stage(company: Company, case: CaseRecord, strategy: Strategy, day: date) -> str:
    """Return the step in which the customer stands: it follows from its oldest open item."""
    days = attention.overdue_days_max(company_id=company.pk, as_of=day, customer_ids=[case.customer_id]).get(
        case.customer_id, 0
    )
    step = strategy.step_of(days)
    return step.code if step is not None else ""


def _checked(contact: Contact) -> Outcome:
    outcome = outcomes.of_code(contact.outcome)
    if outcome is None or contact.way not in outcomes.WAYS:
        raise UnableToLogContactError(
            Words(
                zh="请选择联系方式和联系结果。",
                en="Choose how the customer was asked and what came of it.",
            ),
            outcome=contact.outcome,
        )
    if outcome.asks_for_promise and (contact.amount is None or contact.promised_date is None):
        raise UnableToLogContactError(
            Words(
                zh="答应付款须写明金额和日期，否则无法核对是否兑现。",
                en="A promise names an amount and a day; without them nobody can tell whether it was kept.",
            ),
            outcome=contact.outcome,
        )
    return outcome


def _next_day(policy: CasePolicy, contact: Contact, day: date) -> date | None:
    """Return when to follow up: after the promised day, or so many days from now as the policy says."""
    days = policy.follow_up_days.get(contact.outcome)
    if days is None:
        return None
    return (contact.promised_date or day) + timedelta(days=days)


def _event(case: CaseRecord, contact: Contact, outcome: Outcome, day: date) -> operations.NewEvent:
    facts = {"amount": contact.amount.text(), "currency": contact.amount.currency} if contact.amount else {}
    if contact.promised_date is not None:
        facts["promised_date"] = contact.promised_date.isoformat()
    if contact.reference:
        facts["reference"] = contact.reference
    return operations.NewEvent(
        case_id=case.id,
        customer_id=case.customer_id,
        kind="contact",
        way=contact.way,
        outcome=contact.outcome,
        words=_words(contact, outcome),
        channel=case.channel,
        day=day,
        facts=facts,
        dedupe_key=f"contact:{case.id}:{contact.reference}"[:200] if contact.reference else None,
    )


def _words(contact: Contact, outcome: Outcome) -> Words:
    way = outcomes.WAYS[contact.way]
    zh, en = f"{way.zh}：{outcome.words.zh}", f"{way.en}: {outcome.words.en}"
    if contact.amount is not None and contact.promised_date is not None:
        figure = texts.figures(contact.amount)
        zh, en = f"{zh}，{contact.promised_date} 前付 {figure}", f"{en}, {figure} by {contact.promised_date}"
    if contact.text:
        zh, en = f"{zh}。{contact.text}", f"{en}. {contact.text}"
    return Words(zh=zh, en=en)


def _ask_cash_desk(company: Company, case: CaseRecord, contact: Contact, day: date) -> None:
    words = _FIND.filled(customer=case.customer_name, text=contact.text or "-")
    worklist.make(
        company_id=company.pk,
        tasks=[
            worklist.NewTask(
                kind="case.find_payment",
                role="collector",
                customer_id=case.customer_id,
                words=words,
                priority="high",
                link="/cash",
                dedupe_key=f"find:{case.id}:{day}",
            )
        ],
    )


def _log(company: Company, case: CaseRecord, contact: Contact, outcome: Outcome, actor: Actor) -> None:
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{case.customer_id}",
                kind="case.contact",
                words=_words(contact, outcome),
                payload={"case": case.number, "outcome": contact.outcome, "way": contact.way},
            )
        ],
    )
