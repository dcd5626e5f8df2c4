"""Dunning: who is written to about which items today, what is frozen, and why the rest is left alone.

Note [Derived, never counted]
The stage of an item follows from its days overdue on the day asked about, and a letter is kept back because a
notice for the same instalment and step is on record. No counter moves, so nothing has to be reset when a
customer pays, and running a day twice finds nothing left to do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.collections import customer_books, disputes, kept_back, skips
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.core.collections.customer_books import CustomerBooks, Line, OpenItem
    from tradecredit.core.collections.steps import Step
    from tradecredit.core.collections.strategy import Strategy
    from tradecredit.core.collections.strategy_trials import Assignment
    from tradecredit.core.kernel.calendar import WorkCalendar
    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """An item that is left alone, and why."""

    instalment_id: str
    step_code: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One letter to make: one step, one currency, its lines oldest first."""

    step: Step
    currency: str
    lines: tuple[Line, ...]
    pay_by_date: date
    assignment: Assignment | None = None

    @property
    def total(self) -> Money:
        """Return what the letter asks for."""
        return total_of(self.lines, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What follows from the overdue items that nobody contests, whether or not a letter goes out today."""

    worst_step: Step | None
    freezes: frozenset[str]
    is_high_risk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningVerdict:
    """Letters to make, where the customer stands, and every item left alone with its reason."""

    notices: tuple[Notice, ...]
    standing: Standing
    skipped: tuple[Skip, ...]


def decide(
    *, strategy: Strategy, books: CustomerBooks, calendar: WorkCalendar, as_of: date
) -> DunningVerdict:
    """Decide what is said to one customer today and what is frozen.

    With stages 1–7, 8–30 and from 31, an item due on 1 June is written about in stage 1 on 2 June (day 1), in
    stage 2 on 9 June (day 8, orders freeze) and in stage 3 on 2 July (day 31); on 1 July (day 30) it is still
    in stage 2. Items that are paid, disputed or covered by unapplied cash neither cause a letter nor a freeze;
    a promise not yet due keeps letters back and leaves the freeze.
    """
    strategy, lot = strategy.for_customer(books.customer_id, grade_at_start=books.grade_at_trial, as_of=as_of)
    lines, skipped = _lines(strategy, books, as_of)
    said: list[Line] = []
    for line in lines:
        code = kept_back.kept_back(line, strategy=strategy, books=books, calendar=calendar, as_of=as_of)
        if code is None:
            said.append(line)
        else:
            skipped.append(_skip(line.item, line.step, code))
    return DunningVerdict(
        notices=_notices(said, lot=lot, calendar=calendar, as_of=as_of),
        standing=_standing(lines, grade=books.grade),
        skipped=tuple(skipped),
    )


def still_due(
    *, strategy: Strategy, books: CustomerBooks, instalment_ids: frozenset[str], as_of: date
) -> tuple[Line, ...]:
    """Return which lines of a letter may still be asked for at the moment of sending.

    A line that was paid, disputed, promised or covered by cash since the letter was made drops out, and the
    rest is asked with the amounts of now. Nobody who has paid is dunned.
    """
    if books.is_opted_out or kept_back.is_bank_unseen(strategy, books, as_of):
        return ()
    strategy, _ = strategy.for_customer(books.customer_id, grade_at_start=books.grade_at_trial, as_of=as_of)
    lines, _ = _lines(strategy, books, as_of)
    return tuple(
        line
        for line in lines
        if line.item.instalment_id in instalment_ids
        and not kept_back.is_promised(line, strategy, books, as_of)
    )


def total_of(lines: Sequence[Line], currency: str) -> Money:
    """Return the sum of what lines of one currency ask for."""
    return money.total((line.asked for line in lines), currency)


def pay_by_date(line: Line, *, calendar: WorkCalendar, as_of: date) -> date:
    """Return until when to pay: a reminder names the due day, a stage so many workdays from now."""
    if line.step.kind == "reminder":
        return line.item.due_date
    return calendar.add_workdays(as_of, line.step.pay_within_workdays)


def _lines(strategy: Strategy, books: CustomerBooks, as_of: date) -> tuple[list[Line], list[Skip]]:
    cash = {amount.currency: amount for amount in books.unapplied if amount.is_positive}
    lines: list[Line] = []
    skipped: list[Skip] = []
    for item in sorted(books.items, key=lambda item: (item.due_date, item.document, item.instalment_id)):
        step = strategy.step_of(item.days_overdue(as_of))
        if step is None:
            continue
        asked = _asked(item, strategy=strategy, books=books, cash=cash)
        if isinstance(asked, str):
            skipped.append(_skip(item, step, asked))
        else:
            lines.append(
                customer_books.Line(item=item, step=step, days_overdue=item.days_overdue(as_of), asked=asked)
            )
    return lines, skipped


def _asked(
    item: OpenItem, *, strategy: Strategy, books: CustomerBooks, cash: dict[str, Money]
) -> Money | str:
    """Return the amount to ask for, or the code of why nothing is asked; uses up cash, oldest item first."""
    if not item.open_amount.is_positive:
        return "paid"
    if item.instalment_id in books.opted_out_items:
        return "item_opted_out"
    asked = disputes.undisputed(
        instalment_id=item.instalment_id,
        open_amount=item.open_amount,
        disputes=books.disputes,
        partial=strategy.partial_disputes,
    )
    if not asked.is_positive:
        return "disputed"
    available = cash.get(asked.currency)
    if available is not None:
        used = min(available, asked)
        cash[asked.currency] = available - used
        asked -= used
    if not asked.is_positive:
        return "unapplied_cash"
    if asked.amount < strategy.minimum_amounts.get(asked.currency, 0):
        return "below_minimum"
    return asked


def _notices(
    lines: list[Line], *, lot: Assignment | None, calendar: WorkCalendar, as_of: date
) -> tuple[Notice, ...]:
    groups: defaultdict[tuple[int, str], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.step.from_days, line.asked.currency].append(line)
    # The most serious letter comes first.
    return tuple(
        Notice(
            step=group[0].step,
            currency=currency,
            lines=tuple(group),
            pay_by_date=pay_by_date(group[0], calendar=calendar, as_of=as_of),
            assignment=lot,
        )
        for (_, currency), group in sorted(groups.items(), key=lambda entry: (-entry[0][0], entry[0][1]))
    )


def _standing(lines: list[Line], *, grade: str | None) -> Standing:
    steps = {line.step.from_days: line.step for line in lines if line.step.kind == "stage"}
    return Standing(
        worst_step=steps[max(steps)] if steps else None,
        freezes=frozenset(
            freeze.scope for step in steps.values() for freeze in step.freezes if freeze.is_for(grade)
        ),
        is_high_risk=any(step.marks_high_risk for step in steps.values()),
    )


def _skip(item: OpenItem, step: Step, code: str) -> Skip:
    return Skip(
        instalment_id=item.instalment_id,
        step_code=step.code,
        reason=Reason(code=code, words=skips.WHY[code], facts={"document": item.document}),
    )
