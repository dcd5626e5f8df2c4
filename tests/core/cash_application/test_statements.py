from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.cash_application import statements
from tradecredit.core.cash_application.statements import Entry, Statement, StatementKind
from tradecredit.core.kernel.money import Money

DAY = date(2026, 3, 2)


def entry(amount: str = "20.00", currency: str = "CNY", **more) -> Entry:
    values = {"place": "row 1", "booking_date": DAY, "amount": Money(Decimal(amount), currency), **more}
    return Entry(**values)


def statement(*entries: Entry, opening: str | None = None, closing: str | None = None, **more) -> Statement:
    return Statement(
        kind=StatementKind.STATEMENT,
        account="1",
        currency="CNY",
        opening=None if opening is None else Money(Decimal(opening), "CNY"),
        closing=None if closing is None else Money(Decimal(closing), "CNY"),
        entries=entries,
        **more,
    )


class TestCheck:
    @pytest.mark.parametrize(
        ("closing", "difference", "is_balanced"), [("115.00", "0.00", True), ("116.00", "1.00", False)]
    )
    def test_opening_and_movements_make_the_closing_balance(self, closing, difference, is_balanced):
        found = statements.check(statement(entry("20.00"), entry("-5.00"), opening="100.00", closing=closing))

        assert (found.difference, found.is_balanced) == (Decimal(difference), is_balanced)
        assert (found.credit, found.debit, found.credits, found.debits) == (20, 5, 1, 1)

    def test_without_balances_nothing_is_known(self):
        found = statements.check(statement(entry(), opening="1.00"))

        assert (found.difference, found.is_balanced) == (None, None)

    def test_two_currencies_never_balance(self):
        usd = Money(Decimal("100.00"), "USD")
        mixed = statement(entry("0.00", "USD"), opening="100.00", closing="100.00")

        assert statements.check(replace(mixed, entries=(), closing=usd)).is_balanced is False
        assert statements.check(mixed).is_balanced is False

    @pytest.mark.parametrize(
        "control", [{"stated_count": 2}, {"stated_credit": Decimal(21)}, {"stated_debit": Decimal(1)}]
    )
    def test_control_figures_that_are_not_met_are_a_difference(self, control):
        assert statements.check(statement(entry("20.00"), **control)).is_balanced is False

    def test_control_figures_that_are_met_make_it_whole(self):
        found = statement(entry("20.00"), stated_count=1, stated_credit=Decimal(20), stated_debit=Decimal(0))

        assert statements.check(found).is_balanced is True


class TestTransactions:
    def test_a_batch_that_adds_up_is_split(self):
        parts = (entry("100.00"), entry("200.00"))

        assert statements.transactions(entry("300.00", parts=parts)) == parts

    @pytest.mark.parametrize("second", [entry("150.00"), entry("200.00", "USD")])
    def test_a_batch_that_does_not_stays_whole(self, second):
        whole = entry("300.00", parts=(entry("100.00"), second))

        assert statements.transactions(whole) == (whole,)


class TestFingerprint:
    def test_the_banks_reference_identifies_whatever_else_is_said(self):
        one = entry(bank_reference="REF00001", text="a")

        assert statements.fingerprint(one) == statements.fingerprint(replace(one, text="b"))

    @pytest.mark.parametrize("reference", ["NONREF", "0000000000", "12", ""])
    def test_a_reference_that_says_nothing_leaves_it_to_the_words(self, reference):
        one = entry(bank_reference=reference, text="a")

        assert statements.fingerprint(one) != statements.fingerprint(replace(one, text="b"))

    def test_the_running_balance_tells_equal_entries_apart(self):
        one = entry(text="a", balance=Decimal("10.00"))

        assert statements.fingerprint(one) != statements.fingerprint(replace(one, balance=Decimal("30.00")))
        assert statements.fingerprint(one) == statements.fingerprint(replace(one, balance=Decimal("10.0")))

    def test_writing_more_zeros_or_wider_letters_changes_nothing(self):
        assert statements.fingerprint(entry("20.0", text="ＡＢ 1")) == statements.fingerprint(
            entry("20.00", text="ab1")
        )


class TestAccountTail:
    @pytest.mark.parametrize(
        ("number", "tail", "is_whole"),
        [("1234****9876", "9876", False), ("3167", "3167", False), ("DE89 3704", "DE893704", True)],
    )
    def test_a_shortened_number_is_known_by_its_end(self, number, tail, is_whole):
        assert (statements.account_tail(number), statements.is_whole_account(number)) == (tail, is_whole)
