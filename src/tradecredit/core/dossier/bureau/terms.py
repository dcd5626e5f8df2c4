"""How a company asks bureaus: which reports from whom, how old they may be, what they cost, when to leave one alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tradecredit.core.dossier.bureau.answers import FAILURES, Act
from tradecredit.core.dossier.bureau.schema import KINDS
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The policy's terms with one provider."""

    provider: str
    rank: int
    kinds: Mapping[str, int]  # kind → days after which a report is too old
    cost_a_call: Decimal
    calls_a_day_max: int
    budget_a_month: Decimal
    attempts: int
    failures_max: int
    pause_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a company has asked a provider so far, and how the latest calls went (latest first)."""

    calls_today: int
    cost_this_month: Decimal
    latest: Sequence[tuple[datetime, Act]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which kinds to ask for now, and for those left out why."""

    ask: tuple[str, ...]
    left_out: Mapping[str, Words]


def parse(section: Mapping[str, Any]) -> Mapping[str, Terms]:
    """Read ``dossier.bureaus`` of a policy; raises PolicyError naming the place of the bad value."""
    node = Node(section, "dossier")
    bureaus = node.optional("bureaus")
    if bureaus is None:
        return {}
    rows = [_terms(row, rank) for rank, row in enumerate(bureaus.items())]
    return {row.provider: row for row in rows}


def _terms(node: Node, rank: int) -> Terms:
    node.only(
        *("provider", "kinds", "cost_a_call", "calls_a_day_max", "budget_a_month"),
        *("attempts", "failures_max", "pause_minutes"),
    )
    kinds = {}
    for name, days in node.child("kinds").entries():
        if name not in KINDS:
            raise days.error(f"there is no kind {name!r}; known are {', '.join(KINDS)}")
        kinds[name] = days.count(least=1)
    return Terms(
        provider=node.child("provider").text(),
        rank=rank,
        kinds=kinds,
        cost_a_call=node.child("cost_a_call").number(least="0"),
        calls_a_day_max=node.child("calls_a_day_max").count(least=0),
        budget_a_month=node.child("budget_a_month").number(least="0"),
        attempts=node.child("attempts").count(least=1),
        failures_max=node.child("failures_max").count(least=1),
        pause_minutes=node.child("pause_minutes").count(least=1),
    )


def plan(
    *,
    terms: Terms,
    spent: Spent,
    reported: Mapping[str, datetime],
    agreed: frozenset[str],
    now: datetime,
    wanted: Sequence[str] = (),
    is_forced: bool = False,
) -> Plan:
    """Return the kinds to ask for: those wanted (or all of the terms) whose report is missing or too old.

    ``reported`` holds the moment of the latest whole report of each kind, ``agreed`` what the customer has consented
    to. ``is_forced`` asks although a report is young; it never passes a budget, a quota or a missing consent.
    """
    ask: list[str] = []
    left_out: dict[str, Words] = {}
    stop = _why_not(terms, spent, now)
    for kind in wanted or terms.kinds:
        words = stop or _why_not_kind(kind, terms, reported, agreed, now, is_forced=is_forced)
        if words is None and spent.calls_today + len(ask) >= terms.calls_a_day_max:
            words = _QUOTA
        if (
            words is None
            and spent.cost_this_month + terms.cost_a_call * (len(ask) + 1) > terms.budget_a_month
        ):
            words = _BUDGET.filled(budget=f"{terms.budget_a_month:f}")
        if words is None:
            ask.append(kind)
        else:
            left_out[kind] = words
    return Plan(ask=tuple(ask), left_out=left_out)


_QUOTA = Words(zh="今日调用次数已达上限，明日继续", en="today's calls are used up; it goes on tomorrow")
_BUDGET = Words(
    zh="本月预算 {budget} 元已用完，请调整政策中的预算", en="this month's budget of {budget} is used up"
)
_YOUNG = Words(zh="{day} 的报告仍然有效", en="the report of {day} is still young enough")
_NO_CONSENT = Words(
    zh="缺少客户授权（{scope}），请先登记授权书",
    en="the customer's consent ({scope}) is missing; record it first",
)
_RESTING = Words(
    zh="对方连续出错，{minute} 之后再试",
    en="the provider failed again and again; it is asked again after {minute}",
)
_NOT_OFFERED = Words(zh="政策没有开通这种报告", en="the policy does not ask this provider for it")


def _why_not(terms: Terms, spent: Spent, now: datetime) -> Words | None:
    """Leave a provider alone that failed again and again until the pause is over."""
    latest = spent.latest[: terms.failures_max]
    if len(latest) < terms.failures_max or any(act not in FAILURES for _, act in latest):
        return None
    until = latest[0][0] + timedelta(minutes=terms.pause_minutes)
    return _RESTING.filled(minute=until.strftime("%H:%M UTC")) if now < until else None


def _why_not_kind(
    kind: str,
    terms: Terms,
    reported: Mapping[str, datetime],
    agreed: frozenset[str],
    now: datetime,
    *,
    is_forced: bool,
) -> Words | None:
    if kind not in terms.kinds:
        return _NOT_OFFERED
    scope = KINDS[kind].consent
    if scope and scope not in agreed:
        return _NO_CONSENT.filled(scope=scope)
    latest = reported.get(kind)
    if latest is None or is_forced or now - latest >= timedelta(days=terms.kinds[kind]):
        return None
    return _YOUNG.filled(day=latest.date().isoformat())


def goes_on_after(act: Act) -> bool:
    """Tell whether the other questions to the provider are still asked after such an answer."""
    return act not in (Act.QUOTA, Act.STOPPED)
