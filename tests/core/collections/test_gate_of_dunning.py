"""What keeps letters back besides payments, disputes and promises."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from tradecredit.core.collections import customer_books, dunning
from tradecredit.core.collections.case_policy import MostLetters
from tradecredit.core.kernel.calendar import WorkCalendar
from tradecredit.core.kernel.money import Money

DUE = date(2026, 6, 1)


def item(name):
    return customer_books.OpenItem(
        instalment_id=name,
        document=name,
        issued_date=date(2026, 4, 1),
        due_date=DUE,
        open_amount=Money.of("100.00", "CNY"),
    )


def books(**fields):
    return customer_books.CustomerBooks(customer_id="C-1", items=(item("INV-1"), item("INV-2")), **fields)


def outcome(strategy, found, days):
    day = DUE + timedelta(days=days)
    verdict = dunning.decide(strategy=strategy, books=found, calendar=WorkCalendar(), as_of=day)
    return (
        [line.item.instalment_id for notice in verdict.notices for line in notice.lines],
        {skip.reason.code for skip in verdict.skipped},
        verdict.standing.freezes,
    )


class TestOptedOutItems:
    def test_only_that_item_is_left_alone_and_freezes_nothing(self, five_pillars):
        said, skipped, _ = outcome(five_pillars, books(opted_out_items=frozenset({"INV-1"})), 8)

        assert (said, skipped) == (["INV-2"], {"item_opted_out"})

    def test_nothing_of_it_leaves_any_more(self, five_pillars):
        lines = dunning.still_due(
            strategy=five_pillars,
            books=books(opted_out_items=frozenset({"INV-1"})),
            instalment_ids=frozenset({"INV-1", "INV-2"}),
            as_of=DUE + timedelta(days=1),
        )

        assert [line.item.instalment_id for line in lines] == ["INV-2"]


class TestMostLetters:
    @pytest.mark.parametrize(("lately", "skipped"), [(1, set()), (2, {"too_many_letters"})])
    def test_caps_letters_and_keeps_the_freeze(self, five_pillars, lately, skipped):
        capped = dataclasses.replace(five_pillars, most_letters=MostLetters(letters=2, days=30))

        _, found, freezes = outcome(capped, books(letters_lately=lately), 8)

        assert (found, freezes) == (skipped, {"orders"})

    def test_lets_the_final_demand_go_out(self, five_pillars):
        capped = dataclasses.replace(five_pillars, most_letters=MostLetters(letters=2, days=30))

        assert outcome(capped, books(letters_lately=9), 31)[0] == ["INV-1", "INV-2"]


class TestBankUnseen:
    @pytest.mark.parametrize(
        ("seen", "skipped"),
        [(None, set()), (DUE - timedelta(days=2), set()), (DUE - timedelta(days=3), {"bank_unseen"})],
    )
    def test_waits_for_the_banks_news(self, five_pillars, seen, skipped):
        careful = dataclasses.replace(five_pillars, bank_statement_max_age_days=3)

        assert outcome(careful, books(bank_seen_on=seen), 1)[1] == skipped

    def test_nothing_leaves_meanwhile(self, five_pillars):
        careful = dataclasses.replace(five_pillars, bank_statement_max_age_days=3)

        assert not dunning.still_due(
            strategy=careful,
            books=books(bank_seen_on=DUE - timedelta(days=9)),
            instalment_ids=frozenset({"INV-1"}),
            as_of=DUE + timedelta(days=1),
        )
