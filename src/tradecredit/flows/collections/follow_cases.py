"""Bring cases into line with what is overdue: open them on day 1, hand them over on their day, close the cured ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.collections import case_needs
from tradecredit.apps.collections import case_operations as operations
from tradecredit.apps.collections import locks
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.collections import case_policy
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.collections import agree_plan, open_case, strategies
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.collections.case_needs import CaseNeed
    from tradecredit.core.collections.strategy import Strategy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

CHANNELS: Final = {
    "internal": Words(zh="内部催收", en="our own people"),
    "agency": Words(zh="委外催收", en="an agency"),
    "legal": Words(zh="法律程序", en="legal proceedings"),
}
_OPENED: Final = Words(
    zh="逾期第 {days} 天自动立案，由{channel}负责", en="Opened on day {days} overdue, with {channel}"
)
_HANDED: Final = Words(
    zh="逾期 {days} 天，案件移交{channel}", en="Handed over to {channel} at {days} days overdue"
)
_ASK: Final = Words(
    zh="逾期 {days} 天：请决定是否把案件移交{channel}",
    en="{days} days overdue: decide whether the case goes to {channel}",
)
_CURED: Final = Words(zh="逾期款项已付清", en="nothing is overdue any more")


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesFollowed:
    """How many cases were opened, handed over (or proposed to be) and closed."""

    opened: int = 0
    handed_over: int = 0
    closed: int = 0


def follow_cases(
    *,
    company: Company,
    as_of: date,
    actor: Actor,
    customer_ids: Iterable[UUID] | None = None,
    is_closing_only: bool = False,
) -> CasesFollowed:
    """Do what the day asks for about cases of the customers given, or of all; twice changes nothing.

    With ``is_closing_only`` nothing is opened or handed over: money that comes in closes cases at once, and while an
    old ledger comes in its invoices stand there unpaid until its payments follow.
    """
    with db.unit_of_work(actor):
        locks.lock_company(company.pk)
        strategy = strategies.in_force(company_id=company.pk, as_of=as_of)
        needs = case_needs.of_company(
            company_id=company.pk,
            as_of=as_of,
            channels=strategy.cases.channels,
            order=case_policy.CHANNELS,
            customer_ids=None if customer_ids is None else tuple(customer_ids),
        )

        cured = [need for need in needs if need.case_id is not None and not need.is_overdue]
        others = (
            [] if is_closing_only else [need for need in needs if need.case_id is None or need.is_overdue]
        )
        new = [need for need in others if need.case_id is None]
        late = [need for need in others if need.case_id is not None]

        open_case.open_cases(
            company=company, cases=[_new(need, strategy) for need in new], as_of=as_of, actor=actor
        )
        _close(company, cured, as_of=as_of, actor=actor)
        handed = _hand_over(company, late, strategy, as_of=as_of, actor=actor)
        return CasesFollowed(opened=len(new), handed_over=handed, closed=len(cured))


def follow_day(*, company: Company, as_of: date, actor: Actor) -> CasesFollowed:
    """Do what closing a day asks for about cases and instalment plans."""
    followed = follow_cases(company=company, as_of=as_of, actor=actor)
    agree_plan.end_plans_of_company(company=company, as_of=as_of, actor=actor)
    return followed


def follow_money(
    *, company: Company, as_of: date, actor: Actor, customer_ids: Sequence[UUID]
) -> CasesFollowed:
    """Close cases and end instalment plans that money (or a dispute) which came in has settled."""
    followed = follow_cases(
        company=company, as_of=as_of, actor=actor, customer_ids=customer_ids, is_closing_only=True
    )
    agree_plan.end_settled_plans(company=company, customer_ids=tuple(customer_ids), as_of=as_of, actor=actor)
    return followed


def _new(need: CaseNeed, strategy: Strategy) -> operations.NewCase:
    # An old ledger that comes in late goes where its age says, unless a person is to be asked.
    channel = (need.channel if strategy.mode == "automatic" else None) or case_policy.INTERNAL
    step = strategy.step_of(need.days_max)
    return operations.NewCase(
        customer_id=need.customer_id,
        cause="overdue",
        words=_filled(_OPENED, channel, need.days_max),
        stage=step.code if step else "",
        channel=channel,
    )


def _filled(words: Words, channel: str, days: int) -> Words:
    name = CHANNELS[channel]
    return Words(
        zh=words.zh.format(days=days, channel=name.zh), en=words.en.format(days=days, channel=name.en)
    )


def _close(company: Company, cured: Sequence[CaseNeed], *, as_of: date, actor: Actor) -> None:
    ids = [need.case_id for need in cured if need.case_id is not None]
    operations.close(case_ids=ids, closed_on=as_of, because=_CURED.en)
    operations.record(
        company_id=company.pk,
        actor=actor,
        events=[
            operations.NewEvent(
                case_id=need.case_id,
                customer_id=need.customer_id,
                kind="closed",
                words=_CURED,
                channel=case_policy.INTERNAL,
                day=as_of,
            )
            for need in cured
            if need.case_id is not None
        ],
    )
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(stream=f"customer:{need.customer_id}", kind="case.closed", words=_CURED)
            for need in cured
        ],
    )


def _hand_over(
    company: Company, late: Sequence[CaseNeed], strategy: Strategy, *, as_of: date, actor: Actor
) -> int:
    """Hand cases over that are old enough; where people decide (guided), ask them once."""
    wanted = [
        (need, need.case_id, need.channel) for need in late if need.case_id is not None and need.channel
    ]
    if strategy.mode == "automatic":
        for channel in case_policy.CHANNELS:
            ids = [case_id for _, case_id, its_channel in wanted if its_channel == channel]
            if ids:
                operations.hand_over(case_ids=ids, channel=channel, since=as_of)
        operations.record(
            company_id=company.pk,
            actor=actor,
            events=[_handed(need, case_id, channel, as_of) for need, case_id, channel in wanted],
        )
    worklist.make(
        company_id=company.pk,
        tasks=[
            worklist.NewTask(
                kind="case.handover",
                role="legal" if channel == "legal" else "credit_manager",
                customer_id=need.customer_id,
                words=_filled(_HANDED if strategy.mode == "automatic" else _ASK, channel, need.days_max),
                priority="high",
                link=f"/collections/cases/{case_id}",
                due_in_days=3,
                dedupe_key=f"case.handover:{case_id}:{channel}",
            )
            for need, case_id, channel in wanted
        ],
    )
    return len(wanted)


def _handed(need: CaseNeed, case_id: UUID, channel: str, as_of: date) -> operations.NewEvent:
    return operations.NewEvent(
        case_id=case_id,
        customer_id=need.customer_id,
        kind="handover",
        words=_filled(_HANDED, channel, need.days_max),
        channel=channel,
        day=as_of,
        facts={"to": channel, "days_overdue": str(need.days_max)},
    )
