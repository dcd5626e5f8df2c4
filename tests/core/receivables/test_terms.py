from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.kernel.calendar import WorkCalendar
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables import terms
from tradecredit.core.receivables.terms import DaysFromInvoice, DueOn, Instalments, MonthEnd, Part, Rolling

ISSUED = date(2025, 1, 31)


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


class TestDueDate:
    def test_counts_days_from_the_invoice(self) -> None:
        assert terms.due_date(terms=DaysFromInvoice(days=30), invoice_date=ISSUED) == date(2025, 3, 2)

    def test_counts_days_from_the_invoice_in_a_leap_year(self) -> None:
        due = terms.due_date(terms=DaysFromInvoice(days=30), invoice_date=date(2024, 1, 31))

        assert due == date(2024, 3, 1)

    def test_counts_days_after_the_month_end(self) -> None:
        assert terms.due_date(terms=MonthEnd(days=10), invoice_date=date(2025, 1, 5)) == date(2025, 2, 10)

    def test_goes_to_the_end_of_a_later_month(self) -> None:
        due = terms.due_date(terms=MonthEnd(months=1), invoice_date=ISSUED)

        assert due == date(2025, 2, 28)

    def test_takes_the_day_written_on_the_document(self) -> None:
        assert terms.due_date(terms=DueOn(due_date=ISSUED), invoice_date=ISSUED) == ISSUED

    def test_takes_a_written_day_even_before_the_invoice(self) -> None:
        written = date(2025, 1, 30)

        assert terms.due_date(terms=DueOn(due_date=written), invoice_date=ISSUED) == written

    def test_refuses_terms_that_lead_to_a_day_before_the_invoice(self) -> None:
        with pytest.raises(terms.UnableToScheduleError) as refusal:
            terms.due_date(terms=DaysFromInvoice(days=-1), invoice_date=ISSUED)

        assert refusal.value.facts == {"due": "2025-01-30", "issued": "2025-01-31"}
        assert "2025-01-30" in refusal.value.words.zh

    def test_rolls_a_day_off_to_the_next_workday(self) -> None:
        rolling = Rolling(rule="forward", calendar=WorkCalendar(holidays=frozenset({date(2025, 3, 3)})))

        due = terms.due_date(terms=DaysFromInvoice(days=30), invoice_date=ISSUED, rolling=rolling)

        assert due == date(2025, 3, 4)


class TestSchedule:
    def test_makes_one_line_of_simple_terms(self) -> None:
        (line,) = terms.schedule(terms=DaysFromInvoice(days=0), amount=cny("100.00"), invoice_date=ISSUED)

        assert (line.sequence, line.due_date, line.amount) == (1, ISSUED, cny("100.00"))

    def test_splits_by_percentages_and_keeps_the_sum(self) -> None:
        parts = Instalments(
            parts=(
                Part(percent=Decimal("33.33"), terms=DaysFromInvoice(days=0)),
                Part(percent=Decimal("33.33"), terms=DaysFromInvoice(days=30)),
                Part(percent=Decimal("33.34"), terms=MonthEnd(days=15)),
            )
        )

        lines = terms.schedule(terms=parts, amount=cny("100.01"), invoice_date=ISSUED)

        assert [line.amount for line in lines] == [cny("33.33"), cny("33.33"), cny("33.35")]
        assert [line.due_date for line in lines] == [ISSUED, date(2025, 3, 2), date(2025, 2, 15)]
        assert [line.sequence for line in lines] == [1, 2, 3]


class TestInstalments:
    def test_refuses_percentages_that_do_not_sum_to_hundred(self) -> None:
        with pytest.raises(terms.UnableToScheduleError, match="sum to 100"):
            Instalments(parts=(Part(percent=Decimal("99.99"), terms=DaysFromInvoice(days=0)),))

    def test_refuses_a_part_of_nothing(self) -> None:
        now = DaysFromInvoice(days=0)

        with pytest.raises(terms.UnableToScheduleError, match="above zero"):
            Instalments(parts=(Part(percent=Decimal(100), terms=now), Part(percent=Decimal(0), terms=now)))
