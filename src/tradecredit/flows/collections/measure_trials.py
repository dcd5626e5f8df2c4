"""Measure the trials of strategies that a company's policies hold: what each shows, and whether it may be read yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.collections import trial_results
from tradecredit.apps.decisions import policies
from tradecredit.core.collections import case_policy, strategy, trial_measures
from tradecredit.core.collections.strategy_trials import CHALLENGER, CHAMPION
from tradecredit.flows.collections import strategies
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.analytics.collections.trial_results import Spent
    from tradecredit.core.collections.strategy import Strategy
    from tradecredit.core.collections.strategy_trials import Trial
    from tradecredit.core.collections.trial_measures import Measure, State
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

    # Its number, its first day, and its strategy where it holds trials.
    _Version = tuple[int, date, Strategy | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTrial:
    """A trial as a policy holds it; ``trial.to_date`` is the last day on which it really ran or will.

    ``differs``: what is different on the other side. ``changed_on``: when its terms, or what it is compared with, were
    changed while it ran; what it shows is then a mixture.
    """

    trial: Trial
    differs: tuple[Words, ...]
    number: int
    is_cut_short: bool
    changed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """What a trial shows on a day. ``before``: the same customers over as long a time before it, when nothing differed."""

    known: KnownTrial
    state: State
    decided_on: date
    decided_until: date
    measures: tuple[Measure, ...]
    before: tuple[Measure, ...]
    champion: Spent
    challenger: Spent
    told: Words

    @property
    def main(self) -> Measure:
        """Return the measure by which the trial is read: items paid in time."""
        return self.measures[0]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON takes it: rates and differences as text, days as ISO dates."""
        trial, changed = self.known.trial, self.known.changed_on
        return {
            "code": trial.code,
            "label": trial.label.as_dict(),
            "share": trial.share,
            "from": trial.from_date.isoformat(),
            "to": trial.to_date.isoformat(),
            "grades": list(trial.grades),
            "paid_within_days": trial.paid_within_days,
            "differs": [words.as_dict() for words in self.known.differs],
            "policy_version": self.known.number,
            "is_cut_short": self.known.is_cut_short,
            "changed_on": changed.isoformat() if changed else None,
            "state": self.state,
            "decided_on": self.decided_on.isoformat(),
            "decided_until": self.decided_until.isoformat(),
            "told": self.told.as_dict(),
            "measures": [_as_dict(measure) for measure in self.measures],
            "before": [_as_dict(measure) for measure in self.before],
            "spent": {
                side: {"letters": one.letters, "contacts": one.contacts, "cost": f"{one.cost:f}"}
                for side, one in ((CHAMPION, self.champion), (CHALLENGER, self.challenger))
            },
        }


def _as_dict(measure: Measure) -> dict[str, Any]:
    found = measure.difference
    return {
        "code": measure.code,
        "unit": measure.unit,
        "finding": measure.finding,
        **{
            side: {"customers": sums.customers, "rate": None if sums.rate is None else f"{sums.rate:.6f}"}
            for side, sums in ((CHAMPION, measure.champion), (CHALLENGER, measure.challenger))
        },
        "difference": None
        if found is None
        else {
            "value": f"{found.value:.6f}",
            "low": f"{found.low:.6f}",
            "high": f"{found.high:.6f}",
            "detectable": f"{found.detectable:.6f}",
        },
    }


def measure_trials(*, company: Company, as_of: date, actor: Actor) -> tuple[TrialResult, ...]:
    """Return every trial of the company with what it shows on the day, the latest first.

    Raises UnableToFindPolicyError.
    """
    with db.unit_of_work(actor):
        costs = strategies.in_force(company_id=company.pk, as_of=as_of).cases.contact_costs
        return tuple(
            _measured(known, company=company, as_of=as_of, costs=dict(costs))
            for known in known_trials(company=company)
        )


def known_trials(*, company: Company) -> Sequence[KnownTrial]:
    """Return the trials of all the company's policies, the latest first; one that never ran is left out."""
    rows = sorted(policies.versions(company_id=company.pk), key=lambda one: one.number)
    # Of a version without trials only its day matters: it ends those before it.
    read = [
        (
            row.number,
            row.valid_from,
            strategy.parse(row.document["dunning"]) if row.document["dunning"].get("trials") else None,
        )
        for row in rows
    ]
    codes = dict.fromkeys(trial.code for _, _, held in read if held for trial in held.trials)
    found = (_known(code, read) for code in codes)
    return sorted(
        (one for one in found if one is not None), key=lambda one: one.trial.from_date, reverse=True
    )


def _known(code: str, versions: Sequence[_Version]) -> KnownTrial | None:
    """Return a trial as the last version that holds it says; a later one without it ends it the day before."""
    holding = [
        (number, valid_from, held, trial)
        for number, valid_from, held in versions
        if held is not None
        for trial in held.trials
        if trial.code == code
    ]
    number, valid_from, held, trial = holding[-1]
    ended = min((day for later, day, _ in versions if later > number and day <= trial.to_date), default=None)
    last = trial.to_date if ended is None else ended - timedelta(days=1)
    if last < trial.from_date:
        return None
    terms = {
        _terms(one, then)
        for earlier, day, then, one in holding
        if day <= last and not _is_replaced(earlier, versions, by=trial.from_date)
    }
    return KnownTrial(
        trial=replace(trial, to_date=last),
        differs=trial.differs(held.steps, quiet_days=held.quiet_days),
        number=number,
        is_cut_short=ended is not None,
        changed_on=max(valid_from, trial.from_date) if len(terms) > 1 else None,
    )


def _terms(trial: Trial, held: Strategy) -> tuple[object, ...]:
    """Return what must not change while a trial runs; its last day may."""
    return (trial.share, trial.from_date, trial.grades, trial.paid_within_days, trial.steps, trial.quiet_days,
            held.steps, held.quiet_days)  # fmt: skip


def _is_replaced(version: int, versions: Sequence[_Version], *, by: date) -> bool:
    """Tell whether a later version was in force in its place by the day."""
    return any(number > version and day <= by for number, day, _ in versions)


def _measured(known: KnownTrial, *, company: Company, as_of: date, costs: dict[str, Decimal]) -> TrialResult:
    trial = known.trial
    within = timedelta(days=trial.paid_within_days)
    decided_on = trial.to_date + within
    decided_until = min(trial.to_date, as_of - within)
    length = trial.to_date - trial.from_date
    during = trial_results.Window(
        company_id=company.pk,
        currency=company.base_currency,
        since=trial.from_date,
        until=decided_until,
        ends=min(as_of, trial.to_date),
    )
    # What fell due before and was known when the trial began, or is known today.
    until = min(trial.from_date, as_of) - within - timedelta(days=1)
    earlier = replace(during, since=until - length, until=until, ends=until)
    state = _state(trial, as_of=as_of, decided_on=decided_on)
    measures, before = trial_results.achieved(trial, during), trial_results.achieved(trial, earlier)
    spent = trial_results.spent(
        trial,
        # Whoever has an item due in the trial, decided or not, is asked in it.
        replace(during, until=trial.to_date),
        costs=costs,
        letter_cost=costs.get(case_policy.LETTER, Decimal(0)),
    )
    return TrialResult(
        known=known,
        state=state,
        decided_on=decided_on,
        decided_until=decided_until,
        measures=measures,
        before=before,
        champion=spent[CHAMPION],
        challenger=spent[CHALLENGER],
        told=trial_measures.told(
            measures[0], before[0], state=state, begins=trial.from_date, decided_on=decided_on
        ),
    )


def _state(trial: Trial, *, as_of: date, decided_on: date) -> State:
    if as_of < trial.from_date:
        return "ahead"
    if as_of <= trial.to_date:
        return "running"
    return "waiting" if as_of <= decided_on else "over"
