"""Instalment plans (还款协议): whether one is kept follows from what was paid since it was agreed; nothing is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from tradecredit.core.collections import promises
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.money import Money

PlanState = Literal["running", "late", "broken", "kept"]


class UnableToAgreePlanError(UnableToError):
    """The parts do not add up, do not follow each other, or begin in the past."""

    code = "plan_refused"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An amount by a day."""

    due_date: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Parts in the order of their days; a part too late makes all the rest due."""

    parts: tuple[Part, ...]
    accelerates_after_days: int = 0
    instalment_ids: frozenset[str] = frozenset()

    @property
    def total(self) -> Money:
        """Return what all parts come to."""
        return money.total((part.amount for part in self.parts), self.parts[0].amount.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a plan stands on a day: its next unmet part, what is due by now, and what is missing of that."""

    state: PlanState
    next_part: Part | None
    due_now: Money
    missing: Money


def standing(plan: Plan, *, paid: Money, as_of: date) -> Standing:
    """Judge a plan by what was paid since it was agreed.

    With 100 on the 10th and 100 on the 20th and acceleration after 3 days: 100 paid by the 12th is running; nothing
    paid is late on the 11th with 100 due, and broken on the 14th with 200 due.
    """
    nothing = paid - paid
    covered = paid
    unmet: Part | None = None
    for part in plan.parts:
        if covered < part.amount:
            unmet = part
            break
        covered -= part.amount
    if unmet is None:
        return Standing(state="kept", next_part=None, due_now=nothing, missing=nothing)
    last_day = unmet.due_date + timedelta(days=plan.accelerates_after_days)
    if as_of > last_day:
        return Standing(state="broken", next_part=unmet, due_now=plan.total, missing=_above(plan.total, paid))
    due = money.total((part.amount for part in plan.parts if part.due_date < as_of), paid.currency)
    return Standing(
        state="late" if as_of > unmet.due_date else "running",
        next_part=unmet,
        due_now=due,
        missing=_above(due, paid),
    )


def as_promise(plan: Plan, *, paid: Money, as_of: date) -> promises.Promise | None:
    """Return the plan as the promise that keeps letters back: until its next unmet part is too late; else None."""
    found = standing(plan, paid=paid, as_of=as_of)
    if found.next_part is None or found.state == "broken":
        return None
    return promises.Promise(
        promised_date=found.next_part.due_date + timedelta(days=plan.accelerates_after_days),
        amount=found.next_part.amount,
        instalment_ids=plan.instalment_ids,
    )


def check(plan: Plan, *, owed: Money, as_of: date) -> None:
    """Refuse a plan whose parts are not positive, rising in time from today, or more than is owed."""
    days = [part.due_date for part in plan.parts]
    if days != sorted(set(days)) or days[0] < as_of:
        raise UnableToAgreePlanError(
            Words(
                zh="各期日期须从今天起依次递增，请核对每期日期。",
                en="The days of the parts rise one by one from today on; check each day.",
            )
        )
    if any(not part.amount.is_positive for part in plan.parts):
        raise UnableToAgreePlanError(
            Words(zh="每期金额须大于零。", en="Every part has an amount above zero.")
        )
    if plan.total > owed:
        raise UnableToAgreePlanError(
            Words(
                zh=f"分期合计 {plan.total.text()} 超过所欠 {owed.text()}，请核对金额。",
                en=f"The parts come to {plan.total.text()}, more than the {owed.text()} owed; check the amounts.",
            )
        )


def _above(amount: Money, paid: Money) -> Money:
    rest = amount - paid
    return rest if rest.is_positive else amount - amount
