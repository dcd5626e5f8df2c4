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

from tradecredit.core.collections import disputes, promises, skips
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.core.collections.strategy import Step, Strategy
    from tradecredit.core.kernel.calendar import WorkCalendar
    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An instalment with something left to pay."""

    instalment_id: str
    document: str
    issued_date: date
    due_date: date
    open_amount: Money

    def days_overdue(self, as_of: date) -> int:
        """Return the days since the due day: 0 on the due day itself, negative before it."""
        return (as_of - self.due_date).days


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerBooks:
    """All that dunning needs to know about one customer; ``said`` holds (instalment, step code)."""

    customer_id: str
    items: tuple[OpenItem, ...]
    grade: str | None = None
    disputes: tuple[disputes.Dispute, ...] = ()
    promises: tuple[promises.Promise, ...] = ()
    unapplied: tuple[Money, ...] = ()
    said: frozenset[tuple[str, str]] = frozenset()
    latest_letter_date: date | None = None
    is_opted_out: bool = False
    opted_out_items: frozenset[str] = frozenset()
    letters_lately: int = 0
    bank_seen_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item that is asked for: what is open and what of it is asked (cash not yet applied is taken off)."""

    item: OpenItem
    step: Step
    days_overdue: int
    asked: Money


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
    lines, skipped = _lines(strategy, books, as_of)
    said: list[Line] = []
    for line in lines:
        code = _kept_back(line, strategy=strategy, books=books, calendar=calendar, as_of=as_of)
        if code is None:
            said.append(line)
        else:
            skipped.append(_skip(line.item, line.step, code))
    return DunningVerdict(
        notices=_notices(said, calendar=calendar, as_of=as_of),
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
    if books.is_opted_out or _is_bank_unseen(strategy, books, as_of):
        return ()
    lines, _ = _lines(strategy, books, as_of)
    return tuple(
        line
        for line in lines
        if line.item.instalment_id in instalment_ids and not _is_promised(line, strategy, books, as_of)
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
            lines.append(Line(item=item, step=step, days_overdue=item.days_overdue(as_of), asked=asked))
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


def _kept_back(
    line: Line, *, strategy: Strategy, books: CustomerBooks, calendar: WorkCalendar, as_of: date
) -> str | None:
    if (line.item.instalment_id, line.step.code) in books.said:
        return "already_said"
    if (
        line.step.kind == "reminder"
        and (line.item.due_date - line.item.issued_date).days < -line.step.from_days
    ):
        return "reminder_before_issue"
    if _is_promised(line, strategy, books, as_of):
        return "promised"
    if books.is_opted_out:
        return "opted_out"
    if _is_bank_unseen(strategy, books, as_of):
        return "bank_unseen"
    if strategy.workdays_only and not calendar.is_workday(as_of):
        return "holiday"
    return (
        None
        if line.step.ignores_quiet_days
        else _too_often(line, strategy=strategy, books=books, as_of=as_of)
    )


def _too_often(line: Line, *, strategy: Strategy, books: CustomerBooks, as_of: date) -> str | None:
    """Return the code of why a customer is spared another letter so soon."""
    most = strategy.most_letters
    if most is not None and line.step.kind == "stage" and books.letters_lately >= most.letters:
        return "too_many_letters"
    latest = books.latest_letter_date
    is_quiet = latest is not None and (as_of - latest).days < strategy.quiet_days
    return "quiet_days" if is_quiet else None


def _is_bank_unseen(strategy: Strategy, books: CustomerBooks, as_of: date) -> bool:
    """Tell whether money may have come that nobody has seen; a company without bank statements is not asked."""
    most = strategy.bank_statement_max_age_days
    return most is not None and books.bank_seen_on is not None and (as_of - books.bank_seen_on).days > most


def _is_promised(line: Line, strategy: Strategy, books: CustomerBooks, as_of: date) -> bool:
    return any(
        promise.covers(line.item.instalment_id)
        and promises.is_waiting(promise, as_of=as_of, grace_days=strategy.promise_grace_days)
        for promise in books.promises
    )


def _notices(lines: list[Line], *, calendar: WorkCalendar, as_of: date) -> tuple[Notice, ...]:
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
