from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tradecredit.core.collections import customer_books, dunning
from tradecredit.core.collections.disputes import Dispute
from tradecredit.core.collections.promises import Promise
from tradecredit.core.kernel.calendar import WorkCalendar
from tradecredit.core.kernel.money import Money

DUE = date(2026, 6, 1)
CALENDAR = WorkCalendar()


def _money(amount, currency="CNY"):
    return Money.of(amount, currency)


def _item(name="INV-1", *, amount="100.00", currency="CNY", due=DUE, issued=date(2026, 4, 1)):
    return customer_books.OpenItem(
        instalment_id=name,
        document=name,
        issued_date=issued,
        due_date=due,
        open_amount=_money(amount, currency),
    )


def _books(*items, **more):
    return customer_books.CustomerBooks(customer_id="C-1", items=items or (_item(),), **more)


def _decide(strategy, books, *, days):
    return dunning.decide(strategy=strategy, books=books, calendar=CALENDAR, as_of=DUE + timedelta(days=days))


def _said(verdict):
    return [
        (line.item.instalment_id, notice.step.code) for notice in verdict.notices for line in notice.lines
    ]


def _skipped(verdict):
    return [(skip.instalment_id, skip.reason.code) for skip in verdict.skipped]


class TestDecide:
    @pytest.mark.parametrize(
        ("days", "code"),
        [(-8, None), (-7, "due-7"), (-3, "due-3"), (0, "due-3"), (1, "stage-1"), (7, "stage-1"), (8, "stage-2"),
         (30, "stage-2"), (31, "stage-3")],
    )  # fmt: skip
    def test_says_the_step_of_the_day(self, five_pillars, days, code):
        verdict = _decide(five_pillars, _books(), days=days)

        assert _said(verdict) == ([("INV-1", code)] if code else [])

    @pytest.mark.parametrize(
        ("days", "freezes", "is_high_risk"),
        [(0, set(), False), (1, set(), False), (7, set(), False), (8, {"orders"}, False), (30, {"orders"}, False),
         (31, {"orders", "shipments"}, True)],
    )  # fmt: skip
    def test_freezes_and_marks_by_the_days_overdue(self, five_pillars, days, freezes, is_high_risk):
        standing = _decide(five_pillars, _books(), days=days).standing

        assert (set(standing.freezes), standing.is_high_risk) == (freezes, is_high_risk)

    def test_keeps_the_freeze_when_everything_was_said(self, five_pillars):
        books = _books(said=frozenset({("INV-1", "stage-2")}))

        verdict = _decide(five_pillars, books, days=20)

        assert _said(verdict) == []
        assert _skipped(verdict) == [("INV-1", "already_said")]
        assert verdict.standing.freezes == {"orders"}

    def test_says_stage_two_although_stage_one_was_never_said(self, five_pillars):
        assert _said(_decide(five_pillars, _books(), days=15)) == [("INV-1", "stage-2")]

    def test_puts_items_of_one_step_into_one_letter_and_currencies_apart(self, five_pillars):
        books = _books(
            _item("late", due=DUE + timedelta(days=2)),
            _item("early", amount="50.00"),
            _item("dollars", amount="7.00", currency="USD"),
        )

        verdict = _decide(five_pillars, books, days=5)

        assert [(notice.currency, notice.total.text()) for notice in verdict.notices] == [
            ("CNY", "150.00"),
            ("USD", "7.00"),
        ]
        assert [line.item.instalment_id for line in verdict.notices[0].lines] == ["early", "late"]

    def test_puts_the_gravest_letter_first(self, five_pillars):
        books = _books(_item("young", due=DUE + timedelta(days=39)), _item("old"))

        verdict = _decide(five_pillars, books, days=40)

        assert [notice.step.code for notice in verdict.notices] == ["stage-3", "stage-1"]

    def test_asks_for_payment_after_workdays(self, five_pillars):
        verdict = _decide(five_pillars, _books(), days=1)

        # Tuesday 2 June 2026 and five workdays.
        assert verdict.notices[0].pay_by_date == date(2026, 6, 9)

    def test_leaves_a_paid_item_alone(self, five_pillars):
        verdict = _decide(five_pillars, _books(_item(amount="0")), days=40)

        assert (_said(verdict), _skipped(verdict)) == ([], [("INV-1", "paid")])
        assert verdict.standing.freezes == frozenset()

    def test_leaves_a_disputed_line_alone_and_dunning_of_the_others_goes_on(self, five_pillars):
        books = _books(_item("contested"), _item("clear"), disputes=(Dispute(instalment_id="contested"),))

        verdict = _decide(five_pillars, books, days=40)

        assert _said(verdict) == [("clear", "stage-3")]
        assert _skipped(verdict) == [("contested", "disputed")]

    def test_does_not_freeze_for_disputed_items_only(self, five_pillars):
        books = _books(disputes=(Dispute(instalment_id="INV-1"),))

        assert _decide(five_pillars, books, days=40).standing.freezes == frozenset()

    def test_asks_for_the_uncontested_rest_where_the_policy_says_so(self, payment_record):
        books = _books(
            _item(amount="1000.00"), disputes=(Dispute(instalment_id="INV-1", amount=_money("400.00")),)
        )

        verdict = _decide(payment_record, books, days=5)

        assert verdict.notices[0].total == _money("600.00")

    def test_holds_the_whole_line_of_a_partial_dispute_by_default(self, five_pillars):
        books = _books(disputes=(Dispute(instalment_id="INV-1", amount=_money("1.00")),))

        assert _skipped(_decide(five_pillars, books, days=5)) == [("INV-1", "disputed")]

    def test_does_not_dun_what_unapplied_cash_covers(self, five_pillars):
        books = _books(unapplied=(_money("100.00"),))

        verdict = _decide(five_pillars, books, days=40)

        assert (_said(verdict), _skipped(verdict)) == ([], [("INV-1", "unapplied_cash")])
        assert verdict.standing.is_high_risk is False

    def test_uses_unapplied_cash_up_from_the_oldest_item(self, five_pillars):
        books = _books(
            _item("second", due=DUE + timedelta(days=1)), _item("first"), unapplied=(_money("130.00"),)
        )

        verdict = _decide(five_pillars, books, days=5)

        assert _said(verdict) == [("second", "stage-1")]
        assert verdict.notices[0].total == _money("70.00")

    def test_never_covers_one_currency_with_another(self, five_pillars):
        books = _books(unapplied=(_money("500.00", "USD"),))

        assert _said(_decide(five_pillars, books, days=5)) == [("INV-1", "stage-1")]

    def test_leaves_small_amounts_alone(self, five_pillars):
        assert _skipped(_decide(five_pillars, _books(_item(amount="0.99")), days=5)) == [
            ("INV-1", "below_minimum")
        ]
        assert _said(_decide(five_pillars, _books(_item(amount="1.00")), days=5)) == [("INV-1", "stage-1")]
        assert five_pillars.minimum_amounts == {"CNY": Decimal("1.00")}

    def test_keeps_letters_back_until_a_promised_day_has_passed_but_not_the_freeze(self, five_pillars):
        promise = Promise(promised_date=DUE + timedelta(days=10), amount=_money("100.00"))
        books = _books(promises=(promise,))

        waiting = _decide(five_pillars, books, days=10)
        broken = _decide(five_pillars, books, days=11)

        assert (_said(waiting), _skipped(waiting)) == ([], [("INV-1", "promised")])
        assert waiting.standing.freezes == {"orders"}
        assert _said(broken) == [("INV-1", "stage-2")]

    def test_lets_a_promise_cover_only_the_items_it_names(self, five_pillars):
        promise = Promise(
            promised_date=DUE + timedelta(days=10),
            amount=_money("100.00"),
            instalment_ids=frozenset({"other"}),
        )

        assert _said(_decide(five_pillars, _books(promises=(promise,)), days=5)) == [("INV-1", "stage-1")]

    def test_writes_nothing_to_customers_who_opted_out(self, five_pillars):
        verdict = _decide(five_pillars, _books(is_opted_out=True), days=40)

        assert (_said(verdict), _skipped(verdict)) == ([], [("INV-1", "opted_out")])

    def test_does_not_remind_of_a_day_before_the_invoice(self, five_pillars):
        books = _books(_item(issued=DUE - timedelta(days=5)))

        assert _skipped(_decide(five_pillars, books, days=-5)) == [("INV-1", "reminder_before_issue")]
        assert _said(_decide(five_pillars, books, days=-3)) == [("INV-1", "due-3")]

    def test_waits_for_the_quiet_days_to_pass(self, payment_record):
        books = _books(_item(amount="1000.00"), latest_letter_date=DUE + timedelta(days=4))

        assert _skipped(_decide(payment_record, books, days=5)) == [("INV-1", "quiet_days")]
        assert _said(_decide(payment_record, books, days=6)) == [("INV-1", "stage-2")]

    def test_lets_the_final_demand_go_out_in_quiet_days(self, payment_record):
        books = _books(_item(amount="1000.00"), latest_letter_date=DUE + timedelta(days=30))

        assert _said(_decide(payment_record, books, days=31)) == [("INV-1", "stage-3")]

    def test_freezes_shipments_of_the_lowest_grade_first(self, payment_record):
        lowest = _decide(payment_record, _books(_item(amount="1000.00"), grade="D"), days=3)
        best = _decide(payment_record, _books(_item(amount="1000.00"), grade="A"), days=3)

        assert (lowest.standing.freezes, best.standing.freezes) == ({"shipments"}, frozenset())


class TestStillDue:
    def _lines(self, strategy, books):
        return [
            (line.item.instalment_id, line.asked.text())
            for line in dunning.still_due(
                strategy=strategy,
                books=books,
                instalment_ids=frozenset({"INV-1", "INV-2"}),
                as_of=DUE + timedelta(days=9),
            )
        ]

    def test_drops_what_was_paid_or_contested_since_and_keeps_what_was_said(self, five_pillars):
        books = _books(
            _item("INV-1", amount="40.00"),
            _item("INV-2"),
            _item("INV-3"),
            disputes=(Dispute(instalment_id="INV-2"),),
            said=frozenset({("INV-1", "stage-2")}),
        )

        assert self._lines(five_pillars, books) == [("INV-1", "40.00")]

    def test_asks_for_nothing_once_cash_covers_it(self, five_pillars):
        assert self._lines(five_pillars, _books(unapplied=(_money("100.00"),))) == []

    def test_asks_for_nothing_after_a_promise(self, five_pillars):
        promise = Promise(promised_date=DUE + timedelta(days=20), amount=_money("100.00"))

        assert self._lines(five_pillars, _books(promises=(promise,))) == []

    def test_asks_for_nothing_after_an_opt_out(self, five_pillars):
        assert self._lines(five_pillars, _books(is_opted_out=True)) == []
