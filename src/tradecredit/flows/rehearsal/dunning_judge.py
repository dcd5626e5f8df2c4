"""Judge a play of days: nobody is written to twice, wrongly, early or late, and every freeze has its thaw.

What should have happened is worked out from the world alone, never from the flows that are judged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tradecredit.apps.collections.models import Case, Letter, Notice
from tradecredit.apps.monitoring.models import Freeze, RiskMark
from tradecredit.core.kernel import canonical
from tradecredit.plumbing.access import scope, workdays

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.steps import Step
    from tradecredit.core.collections.strategy import Strategy
    from tradecredit.flows.rehearsal.dunning_world import Fate, World
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(slots=True, kw_only=True)
class Judgement:
    """Counts of what was seen, everything that was wrong, and a digest of all that came about."""

    notices: int = 0
    letters: int = 0
    sent: int = 0
    dropped: int = 0
    freezes: int = 0
    cases: int = 0
    told_beforehand: int = 0
    boundaries: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What was played: by whom, from which day, under which strategy."""

    company: Company
    world: World
    first_day: date
    strategy: Strategy


def judge(*, play: Play, carried: Collection[UUID] | None, actor: Actor) -> Judgement:
    """Judge what the books say after the play; ``carried`` are the messages' letters as the mailer saw them."""
    found = Judgement()
    with scope.entered(actor):
        rows = list(
            Notice.objects.filter(company_id=play.company.pk)
            .select_related("instalment__invoice", "customer", "letter")
            .order_by("instalment__invoice__number", "stage")
        )
        fates = {fate.number: fate for fate in play.world.fates}
        for row in rows:
            _judge_notice(found, play, fates[row.instalment.invoice.number], row)
        _judge_sent(found, play, fates, carried)
        _judge_plain(found, play, rows)
        _judge_freezes(found, play)
        found.digest = _digest(play.company, rows)
    found.notices = len(rows)
    return found


def _offset(play: Play, day: date) -> int:
    return (day - play.first_day).days


def _judge_notice(found: Judgement, play: Play, fate: Fate, row: Notice) -> None:
    """A notice stands in its step, on a day on which the item was open, uncontested and not promised."""
    day = _offset(play, row.as_of)
    late = day - fate.due
    step = play.strategy.step(row.stage)
    name = f"{fate.number} {row.stage} on day {day}"
    if step is None or not step.from_days <= late <= (step.to_days if step.to_days is not None else late):
        found.wrong.append(f"{name}: {late} days overdue is not in the step")
        return
    if late == step.from_days:
        found.boundaries[f"{row.stage}:{late}"] += 1
    if fate.paid < day or (fate.paid == day and not fate.is_paid_late_in_the_day):
        found.wrong.append(f"{name}: was paid on day {fate.paid}")
    if fate.is_contested(day):
        found.wrong.append(f"{name}: was contested since day {fate.disputed}")
    if fate.is_promised(day, grace_days=play.strategy.promise_grace_days):
        found.wrong.append(f"{name}: was promised for day {fate.promised_for}")


def _judge_sent(
    found: Judgement, play: Play, fates: Mapping[str, Fate], carried: Collection[UUID] | None
) -> None:
    """What left speaks of nobody who had paid by then, and each item and step once."""
    said: Counter[tuple[str, str]] = Counter()
    for letter in Letter.objects.filter(company_id=play.company.pk).exclude(kind="thanks"):
        found.letters += 1
        found.dropped += letter.status == "dropped"
        if letter.status != "sent":
            if carried is not None and letter.pk in carried:
                found.wrong.append(f"{letter.number} left and is marked {letter.status}")
            continue
        found.sent += 1
        if carried is not None and letter.pk not in carried:
            found.wrong.append(f"{letter.number} is marked sent and never left")
        for item in letter.items:
            said[item["invoice"], letter.stage] += 1
            if fates[item["invoice"]].paid <= _offset(play, letter.as_of):
                found.wrong.append(f"{letter.number} asks for {item['invoice']}, which was paid")
    found.wrong += [f"{pair} was said {count} times" for pair, count in said.items() if count > 1]


def _judge_plain(found: Judgement, play: Play, rows: list[Notice]) -> None:
    """Customers to whom nothing else happens hear of each step on the very day that can be told beforehand."""
    told: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        told[row.instalment.invoice.number][row.stage] = _offset(play, row.as_of)
    calendar = workdays.calendar_of(play.company.pk, around=play.first_day)
    for fate in play.world.plain:
        expected = {}
        for step in play.strategy.steps:
            day = fate.due + step.from_days
            while play.strategy.workdays_only and not calendar.is_workday(
                play.first_day + timedelta(days=day)
            ):
                day += 1
            if _is_said(step, fate, day):
                expected[step.code] = day
        found.told_beforehand += len(expected)
        if expected != told.get(fate.number, {}):
            found.wrong.append(f"{fate.number}: expected {expected}, said {told.get(fate.number, {})}")


def _is_said(step: Step, fate: Fate, day: int) -> bool:
    is_open = day < fate.paid or (day == fate.paid and fate.is_paid_late_in_the_day)
    is_in_step = step.to_days is None or day - fate.due <= step.to_days
    return is_open and is_in_step and fate.due + step.from_days >= 0


def _judge_freezes(found: Judgement, play: Play) -> None:
    """By the end all is paid: nothing is frozen, marked or worked on any more, and freezes began on their day."""
    company_id = play.company.pk
    freezes = list(Freeze.objects.filter(company_id=company_id, cause="dunning").select_related("customer"))
    found.freezes = len(freezes)
    found.cases = Case.objects.filter(company_id=company_id).count()
    still: dict[str, int] = {
        "freezes": sum(freeze.lifted_on is None for freeze in freezes),
        "marks": RiskMark.objects.filter(company_id=company_id, lifted_on__isnull=True).count(),
        "cases": Case.objects.filter(company_id=company_id, closed_on__isnull=True).count(),
    }
    found.wrong += [f"{count} {name} are left at the end" for name, count in still.items() if count]
    begun = {(freeze.customer.code, freeze.scope): _offset(play, freeze.frozen_on) for freeze in freezes}
    for fate in play.world.plain:
        expected: dict[str, int] = {}
        for step in play.strategy.steps:
            day = fate.due + step.from_days
            for freeze in step.freezes:
                if step.kind == "stage" and (
                    day < fate.paid or (day == fate.paid and fate.is_paid_late_in_the_day)
                ):
                    expected.setdefault(freeze.scope, day)
        seen = {scope_: day for (code, scope_), day in begun.items() if code == fate.customer}
        if _without_grades(play, expected) != _without_grades(play, seen):
            found.wrong.append(f"{fate.number}: freezes expected {expected}, set {seen}")


def _without_grades(play: Play, days: dict[str, int]) -> dict[str, int]:
    """Leave scopes out that depend on grades, which a play does not foresee."""
    graded = {freeze.scope for step in play.strategy.steps for freeze in step.freezes if freeze.grades}
    return {name: day for name, day in days.items() if name not in graded}


def _digest(company: Company, rows: list[Notice]) -> str:
    """Return a digest of all that came about, without identifiers and moments: two plays of one seed agree in it."""
    letters = Letter.objects.filter(company_id=company.pk).order_by("number")
    freezes = Freeze.objects.filter(company_id=company.pk).order_by("customer__code", "frozen_on", "scope")
    cases = Case.objects.filter(company_id=company.pk).order_by("number")
    document: dict[str, Any] = {
        "notices": [
            [
                row.instalment.invoice.number,
                row.stage,
                str(row.as_of),
                row.letter.number if row.letter else "",
            ]
            for row in rows
        ],
        "letters": [
            [row.number, row.stage, row.status, str(row.total), row.subject, row.body] for row in letters
        ],
        "freezes": [
            [code, scope_, str(begun), str(ended)]
            for code, scope_, begun, ended in freezes.values_list(
                "customer__code", "scope", "frozen_on", "lifted_on"
            )
        ],
        "cases": [
            [number, code, str(opened), str(closed)]
            for number, code, opened, closed in cases.values_list(
                "number", "customer__code", "opened_on", "closed_on"
            )
        ],
    }
    return canonical.sha256(canonical.dumps(document))
