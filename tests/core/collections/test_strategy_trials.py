from __future__ import annotations

import copy
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tradecredit
from tradecredit.core.collections import customer_books, dunning, strategy, strategy_trials
from tradecredit.core.kernel.calendar import WorkCalendar
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.plumbing import yaml_texts

FIVE_PILLARS = yaml_texts.read(
    (Path(tradecredit.__file__).parent / "policies/five-pillars/dunning.yaml").read_text(encoding="utf-8")
)
BEGINS, ENDS = date(2026, 1, 1), date(2026, 6, 30)
CODE = "earlier-and-softer"
LABEL = {"zh": "早提醒、软语气", "en": "Earlier and softer"}
REMINDERS = [
    {"code": "due-10", "days_before": 10, "label": LABEL, "letter": "reminder", "tone": "service"},
    {"code": "due-1", "days_before": 1, "label": LABEL, "letter": "reminder", "tone": "service"},
]
CHANGES = {
    "reminders": REMINDERS,
    "stages": {"stage-2": {"letter": "friendly", "pay_within_workdays": 10}},
    "quiet_days": 2,
}


def _trial(**more):
    return {
        "code": CODE,
        "label": LABEL,
        "share": 50,
        "from_date": BEGINS,
        "to_date": ENDS,
        "changes": CHANGES,
        **more,
    }


def _document(*trials):
    return {**copy.deepcopy(FIVE_PILLARS), "trials": list(trials)}


def _strategy(**more):
    return strategy.parse(_document(_trial(**more)))


def _of(arm, *, code=CODE, share=50):
    """Return a customer whose lot is on the side."""
    return next(f"C-{n}" for n in range(200) if strategy_trials.drawn(code, f"C-{n}", share=share) == arm)


def _books(customer, *, due=date(2026, 3, 2), said=(), **more):
    item = customer_books.OpenItem(
        instalment_id="INV-1",
        document="INV-1",
        issued_date=due - timedelta(days=60),
        due_date=due,
        open_amount=Money.of("100.00", "CNY"),
    )
    said = frozenset(("INV-1", code) for code in said)
    return customer_books.CustomerBooks(customer_id=customer, items=(item,), said=said, **more)


def _decide(policy, books, day):
    return dunning.decide(strategy=policy, books=books, calendar=WorkCalendar(), as_of=day)


def _codes(verdict):
    return [notice.step.code for notice in verdict.notices]


class TestTheLot:
    def test_is_the_same_for_ever(self):
        # Taken down once: replaying a day of long ago has to draw the same lots.
        drawn = [strategy_trials.drawn("letters-1", f"C{n:03}", share=50) for n in range(12)]

        assert "".join("AB"[arm == "challenger"] for arm in drawn) == "BABBBABABABB"

    @pytest.mark.parametrize("share", [1, 10, 50, 90, 99])
    def test_gives_the_challenger_its_share(self, share):
        drawn = [strategy_trials.drawn("a", str(n), share=share) for n in range(20_000)]

        assert drawn.count("challenger") / 20_000 == pytest.approx(share / 100, abs=0.012)

    def test_of_one_trial_tells_nothing_about_that_of_the_next(self):
        both = [
            (strategy_trials.drawn("a", str(n), share=50), strategy_trials.drawn("b", str(n), share=50))
            for n in range(20_000)
        ]

        assert both.count(("challenger", "challenger")) / 20_000 == pytest.approx(0.25, abs=0.012)


class TestDecide:
    @pytest.mark.parametrize(
        ("arm", "by_day"),
        [
            ("champion", {-10: [], -7: ["due-7"], -3: ["due-3"], -1: ["due-3"], 1: ["stage-1"]}),
            ("challenger", {-10: ["due-10"], -7: ["due-10"], -3: ["due-10"], -1: ["due-1"], 1: ["stage-1"]}),
        ],
    )
    def test_each_side_hears_its_own_reminders(self, arm, by_day):
        policy, books = _strategy(), _books(_of(arm))

        found = {
            day: _codes(_decide(policy, books, date(2026, 3, 2) + timedelta(days=day))) for day in by_day
        }

        assert found == by_day

    def test_a_letter_knows_its_side_and_says_it_in_the_sides_words(self):
        policy, day = _strategy(), date(2026, 3, 12)

        usual, other = (
            _decide(policy, _books(_of(arm)), day).notices[0] for arm in ("champion", "challenger")
        )

        assert (usual.assignment.arm, usual.step.letter, usual.step.pay_within_workdays) == (
            "champion",
            "formal",
            5,
        )
        assert (other.assignment.arm, other.step.letter, other.step.pay_within_workdays) == (
            "challenger",
            "friendly",
            10,
        )
        assert other.assignment.trial == CODE

    @pytest.mark.parametrize("day", [BEGINS - timedelta(days=1), ENDS + timedelta(days=1)])
    def test_nobody_is_in_a_trial_before_it_begins_or_after_it_ended(self, day):
        books = _books(_of("challenger"), due=day - timedelta(days=10))

        (notice,) = _decide(_strategy(), books, day).notices

        assert (notice.assignment, notice.step.letter) == (None, "formal")

    def test_only_who_had_one_of_the_grades_on_the_first_day_takes_part(self):
        policy, day = _strategy(grades=["A", "B"]), date(2026, 3, 12)
        customer = _of("challenger")

        arms = [
            _decide(policy, _books(customer, grade="A", grade_at_trial=grade), day).notices[0].assignment
            for grade in ("A", "C", None)
        ]

        assert [lot and lot.arm for lot in arms] == ["challenger", None, None]

    @given(customer=st.integers(0, 10_000).map(str), days=st.integers(-30, 120))
    def test_whom_we_freeze_is_never_drawn_by_lot(self, customer, days):
        day = date(2026, 2, 10)
        books = _books(customer, due=day - timedelta(days=days), grade="C")

        with_trial, without = (_decide(policy, books, day).standing for policy in (_strategy(), _PLAIN))

        assert (with_trial.freezes, with_trial.is_high_risk) == (without.freezes, without.is_high_risk)

    @pytest.mark.parametrize(
        ("said", "day", "heard"),
        [
            # The usual reminder left two days before the trial began: the other side's earlier one would repeat it.
            (["due-7"], date(2026, 1, 1), []),
            (["due-7", "due-10"], date(2026, 1, 5), ["due-1"]),
        ],
    )
    def test_who_was_just_reminded_is_not_reminded_again_when_a_trial_begins(self, said, day, heard):
        books = _books(_of("challenger"), due=date(2026, 1, 6), said=said)

        assert _codes(_decide(_strategy(), books, day)) == heard

    def test_nor_when_it_ends(self):
        books = _books(_of("challenger"), due=date(2026, 7, 1), said=["due-10", "due-1"])

        assert _codes(_decide(_strategy(), books, ENDS + timedelta(days=1))) == []

    def test_a_letter_is_judged_by_its_own_side_when_it_leaves(self):
        books = _books(_of("challenger"))

        (line,) = dunning.still_due(
            strategy=_strategy(), books=books, instalment_ids=frozenset({"INV-1"}), as_of=date(2026, 2, 25)
        )

        assert line.step.code == "due-10"


_PLAIN = strategy.parse(copy.deepcopy(FIVE_PILLARS))


class TestRead:
    def test_a_policy_needs_letters_of_both_sides(self):
        changes = {"stages": {"stage-2": {"letter": "gentle"}}}

        assert "gentle" in _strategy(changes=changes).letters

    def test_reads_ahead_as_far_as_the_earlier_side(self):
        assert (_PLAIN.earliest_days_overdue, _strategy().earliest_days_overdue) == (-7, -10)

    def test_tells_what_is_different(self):
        trial = _strategy().trials[0]

        told = [words.en for words in trial.differs(_PLAIN.steps, quiet_days=0)]

        assert told == [
            "Reminded, days before due: 7, 3 → 10, 1",
            "Stage 2: formal demand: letter: formal → friendly",
            "Stage 2: formal demand: workdays to pay: 5 → 10",
            "Days between two letters: 0 → 2",
        ]

    @pytest.mark.parametrize(
        ("trial", "place"),
        [
            (_trial(share=100), r"trials\[0\].share"),
            (_trial(share=0), r"trials\[0\].share"),
            (_trial(to_date=date(2025, 12, 31)), r"trials\[0\].to_date"),
            (_trial(changes={}), r"nothing is different"),
            (_trial(changes={"stages": {"stage-9": {"letter": "formal"}}}), "there is no stage 'stage-9'"),
            # Whom we trust is not drawn by lot.
            (_trial(changes={"stages": {"stage-2": {"freezes": []}}}), "unknown freezes"),
            (_trial(changes={"stages": {"stage-2": {"to_days": 60}}}), "unknown to_days"),
            (_trial(changes={"minimum_amounts": {"CNY": "5"}}), "unknown minimum_amounts"),
            (
                _trial(changes={"reminders": [{**REMINDERS[0], "code": "due-7"}]}),
                "'due-7' is sent on another day",
            ),
        ],
    )
    def test_refuses_what_makes_no_fair_trial(self, trial, place):
        with pytest.raises(PolicyError, match=place):
            strategy.parse(_document(trial))

    def test_refuses_two_trials_at_a_time(self):
        later = _trial(code="second", from_date=ENDS, to_date=ENDS + timedelta(days=90))

        with pytest.raises(PolicyError, match="begins while 'earlier-and-softer' runs"):
            strategy.parse(_document(_trial(), later))

    def test_allows_one_after_the_other(self):
        later = _trial(code="second", from_date=ENDS + timedelta(days=1), to_date=ENDS + timedelta(days=90))

        found = strategy.parse(_document(_trial(), later))

        assert [found.trial_on(day).code for day in (ENDS, ENDS + timedelta(days=1))] == [CODE, "second"]
