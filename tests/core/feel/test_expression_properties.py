"""Properties: the parser never crashes, arithmetic is Decimal's, logic has three values, what is written is read."""

from __future__ import annotations

import decimal
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.feel_texts import mutated
from tradecredit.core.feel import expression, tree
from tradecredit.core.feel.run import UnableToEvaluateError, UnableToParseError
from tradecredit.core.feel.values import days, host, reading, texts
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.decimals import CONTEXT
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6)


def outcome(work):
    """Return what came of it: a value, or one of the two expected refusals."""
    try:
        return work()
    except (UnableToParseError, UnableToEvaluateError) as error:
        return error


def told(found):
    """Say a result with its reasons."""
    return texts.short(found.value) + "".join(one.words.zh + one.words.en for one in found.diagnostics)


class TestParse:
    @PATIENT
    @given(mutated())
    def test_reads_or_says_where_it_cannot(self, text):
        found = outcome(lambda: told(expression.evaluate(text, {"逾期 天数": Decimal(31)})))

        if isinstance(found, UnableToParseError):
            assert 0 <= found.start <= len(text)
            assert found.line >= 1
        else:
            assert isinstance(found, str | UnableToEvaluateError)

    @PATIENT
    @given(mutated())
    def test_reads_cells_or_says_where_it_cannot(self, text):
        found = outcome(lambda: expression.parse_cell(text))

        assert isinstance(found, tree.Cell | UnableToParseError)

    @PATIENT
    @given(st.text())
    def test_survives_any_text(self, text):
        found = outcome(lambda: expression.parse(text))

        assert isinstance(found, tree.Node | UnableToParseError)


class TestArithmetic:
    @PATIENT
    @given(numbers, numbers)
    def test_is_that_of_decimals_with_34_digits(self, left, right):
        facts = {"a": left, "b": right}

        assert expression.evaluate("a + b", facts).value == CONTEXT.add(left, right)
        assert expression.evaluate("a - b", facts).value == CONTEXT.subtract(left, right)
        assert expression.evaluate("a * b", facts).value == CONTEXT.multiply(left, right)
        if right:
            assert expression.evaluate("a / b", facts).value == CONTEXT.divide(left, right)

    @PATIENT
    @given(st.lists(numbers, min_size=1, max_size=20))
    def test_sums_are_exact(self, listed):
        with decimal.localcontext() as exact:
            exact.prec = 60
            assert expression.evaluate("sum(x)", {"x": listed}).value == sum(listed)

    @PATIENT
    @given(numbers, numbers.filter(bool))
    def test_a_remainder_has_the_divisors_sign_and_completes_the_quotient(self, left, right):
        found = expression.evaluate("modulo(a, b)", {"a": left, "b": right}).value

        assert abs(found) < abs(right)
        assert found == 0 or (found < 0) == (right < 0)
        with decimal.localcontext() as exact:
            exact.prec = 80
            assert (left - found) % right == 0


class TestLogic:
    @PATIENT
    @given(st.sampled_from((True, False, None)), st.sampled_from((True, False, None)))
    def test_has_three_values(self, left, right):
        facts = {"a": left, "b": right}
        both = False if False in (left, right) else None if None in (left, right) else True
        either = True if True in (left, right) else None if None in (left, right) else False

        assert expression.evaluate("a and b", facts).value is both
        assert expression.evaluate("a or b", facts).value is either

    @PATIENT
    @given(numbers, numbers)
    def test_of_two_numbers_exactly_one_order_holds(self, left, right):
        facts = {"a": left, "b": right}
        found = [expression.evaluate(f"a {sign} b", facts).value for sign in ("<", "=", ">")]

        assert found.count(True) == 1


class TestDays:
    @PATIENT
    @given(st.integers(-400_000_000, 400_000_000))
    def test_every_day_is_counted_once(self, number):
        day = days.from_epoch_day(number)

        assert days.epoch_day(day) == number
        assert reading.date(str(day)) == day

    @PATIENT
    @given(st.dates(), st.integers(-3000, 3000))
    def test_agree_with_the_hosts_calendar(self, day, shift):
        try:
            expected = day + timedelta(days=shift)
        except OverflowError:
            return

        found = expression.evaluate('d + n * @"P1D"', {"d": day, "n": shift}).value

        assert found == Date(expected.year, expected.month, expected.day)
        assert expression.evaluate("week of year(d)", {"d": expected}).value == expected.isocalendar().week
        assert days.day_of_year(found) == (expected - date(expected.year, 1, 1)).days + 1

    @PATIENT
    @given(st.integers(-(10**9), 10**9), st.integers(-(10**18), 10**18))
    def test_durations_are_read_as_they_are_written(self, months, nanos):
        assert reading.duration(str(YearsMonths(months))) == YearsMonths(months)
        assert reading.duration(str(DaysTime(nanos))) == DaysTime(nanos)

    @PATIENT
    @given(st.datetimes(timezones=st.timezones() | st.none()))
    def test_moments_are_read_as_they_are_written(self, moment):
        found = host.from_host(moment)

        if found.time.offset is None or found.time.offset % 60 == 0:
            assert reading.moment(str(found)) == found
