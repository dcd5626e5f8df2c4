from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.collections import customer_books, dunning
from tradecredit.core.collections.disputes import Dispute
from tradecredit.core.kernel.calendar import WorkCalendar
from tradecredit.core.kernel.money import Money

START = date(2026, 1, 1)
CALENDAR = WorkCalendar()
WORDS = {"zh": "提醒", "en": "Reminder"}


def _step(code, **place):
    return {"code": code, "label": WORDS, "letter": "formal", "tone": "formal", **place}


DOCUMENT = {
    "minimum_amounts": {"CNY": "1.00"},
    "reminders": [_step("due-7", days_before=7), _step("due-3", days_before=3)],
    "stages": [
        _step("one", from_days=1, to_days=7),
        _step("two", from_days=8, to_days=30),
        _step("three", from_days=31),
    ],
}

items = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 5000), st.booleans(), st.integers(0, 90)),
    min_size=1,
    max_size=6,
)


def _simulated(plan, unapplied):
    """Play 100 days; an item is (due on day, fen, disputed, paid on day)."""
    from tradecredit.core.collections import strategy as strategies

    strategy = strategies.parse(DOCUMENT)
    said: dict[tuple[str, str], date] = {}
    for offset in range(100):
        day = START + timedelta(days=offset)
        books = customer_books.CustomerBooks(
            customer_id="C-1",
            items=tuple(
                customer_books.OpenItem(
                    instalment_id=str(index),
                    document=str(index),
                    issued_date=START - timedelta(days=30),
                    due_date=START + timedelta(days=due),
                    open_amount=Money.of("0" if offset >= paid else f"{fen / 100:.2f}", "CNY"),
                )
                for index, (due, fen, _, paid) in enumerate(plan)
            ),
            disputes=tuple(Dispute(instalment_id=str(i)) for i, entry in enumerate(plan) if entry[2]),
            unapplied=(Money.of(unapplied, "CNY"),),
            said=frozenset(said),
        )
        verdict = dunning.decide(strategy=strategy, books=books, calendar=CALENDAR, as_of=day)
        for notice in verdict.notices:
            for line in notice.lines:
                key = (line.item.instalment_id, notice.step.code)
                assert key not in said
                said[key] = day
        handled = {line.item.instalment_id for notice in verdict.notices for line in notice.lines}
        assert handled.isdisjoint(skip.instalment_id for skip in verdict.skipped)
    return said


class TestDecide:
    @given(items)
    def test_says_each_step_once_on_its_first_day_unless_paid_disputed_or_small(self, plan):
        said = _simulated(plan, "0")

        first = {"due-7": -7, "due-3": -3, "one": 1, "two": 8, "three": 31}
        expected = {
            (str(index), code): START + timedelta(days=max(due + offset, 0))
            for index, (due, fen, disputed, paid) in enumerate(plan)
            for code, offset in first.items()
            if fen >= 100 and not disputed and max(due + offset, 0) < min(paid, 100)
            and (code != "due-7" or due >= 4)
        }  # fmt: skip
        assert said == expected

    @given(items, st.integers(0, 40_000))
    def test_asks_never_for_more_than_is_open_less_the_cash(self, plan, cash):
        from tradecredit.core.collections import strategy as strategies

        books = customer_books.CustomerBooks(
            customer_id="C-1",
            items=tuple(
                customer_books.OpenItem(
                    instalment_id=str(index),
                    document=str(index),
                    issued_date=START - timedelta(days=30),
                    due_date=START + timedelta(days=due),
                    open_amount=Money.of(fen, "CNY"),
                )
                for index, (due, fen, _, _) in enumerate(plan)
            ),
            unapplied=(Money.of(cash, "CNY"),),
        )

        verdict = dunning.decide(
            strategy=strategies.parse(DOCUMENT),
            books=books,
            calendar=CALENDAR,
            as_of=START + timedelta(days=70),
        )

        asked = sum(notice.total.amount for notice in verdict.notices)
        assert asked == max(sum(fen for _, fen, _, _ in plan) - cash, 0)
