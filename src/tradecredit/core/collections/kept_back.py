"""What keeps a letter back that is due: it was said, promised, unwanted, or too soon after the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.collections import promises

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.collections.customer_books import CustomerBooks, Line
    from tradecredit.core.collections.strategy import Strategy
    from tradecredit.core.kernel.calendar import WorkCalendar


def kept_back(
    line: Line, *, strategy: Strategy, books: CustomerBooks, calendar: WorkCalendar, as_of: date
) -> str | None:
    """Return the code of why a line that is due is not said today; None when it is."""
    if _is_said(line, strategy=strategy, books=books):
        return "already_said"
    if (
        line.step.kind == "reminder"
        and (line.item.due_date - line.item.issued_date).days < -line.step.from_days
    ):
        return "reminder_before_issue"
    if is_promised(line, strategy, books, as_of):
        return "promised"
    if books.is_opted_out:
        return "opted_out"
    if is_bank_unseen(strategy, books, as_of):
        return "bank_unseen"
    if strategy.workdays_only and not calendar.is_workday(as_of):
        return "holiday"
    return (
        None
        if line.step.ignores_quiet_days
        else _too_often(line, strategy=strategy, books=books, as_of=as_of)
    )


def _is_said(line: Line, *, strategy: Strategy, books: CustomerBooks) -> bool:
    """Tell whether the step was said; so was a reminder once the other side's, as late as this or later, was.

    A customer who comes into a trial or out of it between two reminders hears the later one only once.
    """
    instalment = line.item.instalment_id
    if (instalment, line.step.code) in books.said:
        return True
    if line.step.kind != "reminder" or not strategy.trials:
        return False
    return any(
        (instalment, other.code) in books.said
        for other in strategy.every_step
        if other.kind == "reminder" and other.from_days >= line.step.from_days
    )


def _too_often(line: Line, *, strategy: Strategy, books: CustomerBooks, as_of: date) -> str | None:
    """Return the code of why a customer is spared another letter so soon."""
    most = strategy.most_letters
    if most is not None and line.step.kind == "stage" and books.letters_lately >= most.letters:
        return "too_many_letters"
    latest = books.latest_letter_date
    is_quiet = latest is not None and (as_of - latest).days < strategy.quiet_days
    return "quiet_days" if is_quiet else None


def is_bank_unseen(strategy: Strategy, books: CustomerBooks, as_of: date) -> bool:
    """Tell whether money may have come that nobody has seen; a company without bank statements is not asked."""
    most = strategy.bank_statement_max_age_days
    return most is not None and books.bank_seen_on is not None and (as_of - books.bank_seen_on).days > most


def is_promised(line: Line, strategy: Strategy, books: CustomerBooks, as_of: date) -> bool:
    """Tell whether the customer promised to pay the line and the day has not passed."""
    return any(
        promise.covers(line.item.instalment_id)
        and promises.is_waiting(promise, as_of=as_of, grace_days=strategy.promise_grace_days)
        for promise in books.promises
    )
