"""The dunning strategy of a policy: reminders, stages and what each stage does, all as data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.collections import case_policy, stage_table, steps, strategy_trials
from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.collections.disputes import PartialDispute
    from tradecredit.core.collections.steps import Step
    from tradecredit.core.collections.strategy_trials import Assignment, Trial

_TOP: Final = (
    "source", "reason", "minimum_amounts", "quiet_days", "workdays_only", "partial_disputes",
    "promise_grace_days", "reminders", "stages", "thanks_letter", "mode", "most_letters",
    "bank_statement_max_age_days", "cases", "plans", "trials",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """What is said and done, and when; steps are ordered from the earliest reminder to the last stage."""

    steps: tuple[Step, ...]
    minimum_amounts: Mapping[str, Decimal] = field(default_factory=dict)
    quiet_days: int = 0
    workdays_only: bool = False
    partial_disputes: PartialDispute = "hold_line"
    promise_grace_days: int = 0
    thanks_letter: str | None = None
    mode: case_policy.Mode = "automatic"
    most_letters: case_policy.MostLetters | None = None
    bank_statement_max_age_days: int | None = None
    cases: case_policy.CasePolicy = field(default_factory=case_policy.CasePolicy)
    trials: tuple[Trial, ...] = ()
    _known: dict[int, Step | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def step_of(self, days_overdue: int) -> Step | None:
        """Return the step of an item: 30 days overdue is still stage 2 of 8–30, 31 days is stage 3."""
        if days_overdue not in self._known:
            self._known[days_overdue] = self.step(stage_table.code_for(self.ladder, days_overdue))
        return self._known[days_overdue]

    @property
    def ladder(self) -> stage_table.Ladder:
        """Return the steps as rows of a table: codes with the days from and to which they last, both included."""
        return tuple((step.code, step.from_days, step.to_days) for step in self.steps)

    def step(self, code: str) -> Step | None:
        """Return the step with the code; a reminder that only a trial has is found too."""
        found = next((step for step in self.steps if step.code == code), None)
        if found is not None or not self.trials:
            return found
        return next((step for step in self.every_step if step.code == code), None)

    @property
    def every_step(self) -> tuple[Step, ...]:
        """Return the steps and, behind them, those that only the other side of a trial has."""
        known = {step.code for step in self.steps}
        return (
            *self.steps,
            *{
                one.code: one for trial in self.trials for one in trial.steps if one.code not in known
            }.values(),
        )

    @property
    def earliest_days_overdue(self) -> int:
        """Return from which day on anything can be said: -7 with a reminder seven days before due."""
        return min(self.steps[0].from_days, *(trial.steps[0].from_days for trial in self.trials), 1)

    @property
    def letters(self) -> frozenset[str]:
        """Return the names of all letter templates that the strategy and its trials use."""
        thanks = {self.thanks_letter} if self.thanks_letter else set()
        tried = (step.letter for trial in self.trials for step in trial.steps)
        return frozenset(step.letter for step in self.steps) | thanks | frozenset(tried)

    def trial_on(self, day: date) -> Trial | None:
        """Return the trial that runs on the day; there is never more than one."""
        return next((trial for trial in self.trials if trial.is_running(day)), None)

    def for_customer(
        self, customer_id: str, *, grade_at_start: str | None, as_of: date
    ) -> tuple[Strategy, Assignment | None]:
        """Return the strategy that the customer is treated by on the day, and by which lot if a trial runs."""
        trial = self.trial_on(as_of)
        lot = trial.assignment(customer_id, grade_at_start) if trial is not None else None
        if trial is None or lot is None or lot.arm == strategy_trials.CHAMPION:
            return self, lot
        # Seen from there the usual steps are the other side.
        turned = tuple(replace(one, steps=self.steps) if one is trial else one for one in self.trials)
        return replace(self, steps=trial.steps, quiet_days=trial.quiet_days, trials=turned), lot


def parse(section: Mapping[str, Any]) -> Strategy:
    """Read the ``dunning`` section of a policy; raises PolicyError naming the place of a bad value."""
    top = Node(section, "dunning").only(*_TOP)
    return Strategy(
        steps=steps.read(top),
        minimum_amounts=_minimum_amounts(top),
        quiet_days=steps.count(top, "quiet_days"),
        workdays_only=steps.flag(top, "workdays_only"),
        partial_disputes=_partial_disputes(top),
        promise_grace_days=steps.count(top, "promise_grace_days"),
        thanks_letter=top.child("thanks_letter").text() if top.has("thanks_letter") else None,
        mode=_mode(top),
        most_letters=case_policy.read_most_letters(top),
        bank_statement_max_age_days=_days_or_none(top, "bank_statement_max_age_days"),
        cases=case_policy.read(top),
        trials=strategy_trials.read(top),
    )


def _days_or_none(node: Node, key: str) -> int | None:
    place = node.optional(key)
    return place.count() if place is not None else None


def _mode(top: Node) -> case_policy.Mode:
    place = top.optional("mode")
    if place is not None and place.one_of("automatic", "guided") == "guided":
        return "guided"
    return "automatic"


def _partial_disputes(top: Node) -> PartialDispute:
    place = top.optional("partial_disputes")
    if place is not None and place.one_of("hold_line", "ask_rest") == "ask_rest":
        return "ask_rest"
    return "hold_line"


def _minimum_amounts(top: Node) -> dict[str, Decimal]:
    place = top.optional("minimum_amounts")
    if place is None:
        return {}
    return {currency: amount.number(least="0") for currency, amount in place.entries()}
