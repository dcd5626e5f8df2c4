"""Trials of strategies: by lot, some customers hear from us in another way, so that what works can be measured.

Note [What a trial may change]
A trial changes what is said, by whom and when: reminders, letters, tone, time to pay, tasks, copies, quiet days. The
days of the stages, freezes, marks and alerts are the same on both sides: whom we trust is never decided by lot.

Note [The lot]
The side of a customer is a number made of the trial's code and the customer, the same for ever and wherever it is asked
for. Nobody can choose it, and nothing has to be kept.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from tradecredit.core.collections import steps, trial_words
from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.collections.steps import Step
    from tradecredit.core.kernel.reasons import Words

Arm = Literal["champion", "challenger"]
CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"
CHANGEABLE: Final = tuple(key for key in steps.SAID if key not in ("code", "label"))
_KEYS: Final = ("code", "label", "share", "from_date", "to_date", "grades", "paid_within_days", "changes")
_PAID_WITHIN: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """On which side of which trial a customer is."""

    trial: str
    arm: Arm


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A share (percent) of the customers is treated by other steps from a day to a day, both included.

    ``grades``: only customers who had one of them on the first day; empty for everybody. ``paid_within_days``: what is
    measured, paid so many days after the due day.
    """

    code: str
    label: Words
    share: int
    from_date: date
    to_date: date
    paid_within_days: int
    steps: tuple[Step, ...]
    quiet_days: int
    grades: tuple[str, ...] = ()

    def is_running(self, day: date) -> bool:
        """Tell whether customers are treated by the trial on the day."""
        return self.from_date <= day <= self.to_date

    def assignment(self, customer_id: str, grade_at_start: str | None) -> Assignment | None:
        """Return the customer's side; None for a customer whom the trial leaves out."""
        if self.grades and grade_at_start not in self.grades:
            return None
        return Assignment(trial=self.code, arm=drawn(self.code, customer_id, share=self.share))

    def differs(self, champion: tuple[Step, ...], *, quiet_days: int) -> tuple[Words, ...]:
        """Return what is different for the challenger, a sentence each."""
        return trial_words.differences(champion, self.steps, quiet_days=(quiet_days, self.quiet_days))


def drawn(code: str, customer_id: str, *, share: int) -> Arm:
    """Draw a customer's lot: the first 32 bits of SHA-256 over ``code:customer``, under ``share`` percent or not."""
    digest = hashlib.sha256(f"{code}:{customer_id}".encode()).digest()
    return CHALLENGER if int.from_bytes(digest[:4]) * 100 < share << 32 else CHAMPION


def read(top: Node) -> tuple[Trial, ...]:
    """Read the trials of a ``dunning`` section; raises PolicyError naming the place of a bad value."""
    places = steps.listed(top, "trials")
    trials = tuple(_trial(place, top) for place in places)
    for place, trial in zip(places, trials, strict=True):
        if [one.code for one in trials].count(trial.code) > 1:
            raise place.child("code").error(f"the code {trial.code!r} stands twice")
    for earlier, later in itertools.pairwise(sorted(trials, key=lambda trial: trial.from_date)):
        if later.from_date <= earlier.to_date:
            place = places[trials.index(later)].child("from_date")
            raise place.error(f"begins while {earlier.code!r} runs: a customer is in one trial at a time")
    return trials


def _trial(place: Node, top: Node) -> Trial:
    place.only(*_KEYS)
    share = place.child("share").count(least=1)
    if share > 99:  # noqa: PLR2004 - percent
        raise place.child("share").error("a share is 1 to 99 percent: both sides need customers")
    from_date, to_date = place.child("from_date").day(), place.child("to_date").day()
    if to_date < from_date:
        raise place.child("to_date").error("a trial ends on its first day or later")
    changed = Node(_changed(place.child("changes"), top), f"{place.path}.changes")
    challenger, quiet_days = steps.read(changed), steps.count(changed, "quiet_days")
    champion = steps.read(top)
    if challenger == champion and quiet_days == steps.count(top, "quiet_days"):
        raise place.child("changes").error("nothing is different: both sides would hear the same")
    _check_reminders(changed, champion, challenger)
    return Trial(
        code=place.child("code").text(),
        label=place.child("label").words(),
        share=share,
        from_date=from_date,
        to_date=to_date,
        paid_within_days=steps.count(place, "paid_within_days", default=_PAID_WITHIN),
        steps=challenger,
        quiet_days=quiet_days,
        grades=steps.texts(place, "grades"),
    )


def _changed(changes: Node, top: Node) -> dict[str, Any]:
    """Return the section as the other side has it: what stands in ``changes`` instead of what stands above."""
    changes.only("reminders", "quiet_days", "stages")
    section = dict(top.mapping())
    section.update({key: part.value for key, part in changes.entries() if key != "stages"})
    stages = changes.optional("stages")
    if stages is not None:
        section["stages"] = _changed_stages(stages, top)
    return section


def _changed_stages(stages: Node, top: Node) -> list[Any]:
    known = {part.child("code").text(): part.mapping() for part in steps.listed(top, "stages")}
    for code, part in stages.entries():
        if code not in known:
            raise part.error(f"there is no stage {code!r}; there are {', '.join(known)}")
        part.only(*CHANGEABLE)
    instead = {code: part.mapping() for code, part in stages.entries()}
    return [{**stage, **instead.get(code, {})} for code, stage in known.items()]


def _check_reminders(changed: Node, champion: tuple[Step, ...], challenger: tuple[Step, ...]) -> None:
    days = {step.code: step.from_days for step in champion}
    for step in challenger:
        if days.get(step.code, step.from_days) != step.from_days:
            raise changed.child("reminders").error(
                f"{step.code!r} is sent on another day than the reminder of that code: give it a code of its own"
            )
