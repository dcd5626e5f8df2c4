"""From our own paid invoices to the day on which each open one is expected."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import customers, policies, receivables
from tradecredit.analytics import reports
from tradecredit.analytics.learning import expected_payments, own_invoices
from tradecredit.analytics.learning.expected_payments import UnableToForecastError
from tradecredit.flows.ratings import learn_from_books, learned_models
from tradecredit.flows.ratings.learn_from_books import UnableToLearnFromBooksError
from tradecredit.plumbing.access import Actor, scope

pytest.importorskip("lightgbm", reason="needs the extra ml: pip install 'tradecredit[ml]'")
pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
TODAY = date(2026, 3, 2)
WEEKS = 40
BEGIN = TODAY - timedelta(weeks=WEEKS)
# Days after the due day on which each customer pays, always.
HABITS = {"C-PROMPT": -3, "C-USUAL": 2, "C-LATE": 21}


@pytest.fixture
def books(company):
    """Three customers with an invoice a week; what their habits pay later than today is open."""
    policies.published(company, valid_from=date(2025, 1, 1))
    invoices, payments = [], []
    for code, habit in HABITS.items():
        customers.customer(company, code=code)
        for week in range(WEEKS):
            issued = BEGIN + timedelta(weeks=week)
            due, number = issued + timedelta(days=14), f"{code}-{week}"
            row = receivables.invoice_row(
                number, "100.00", customer_code=code, invoice_date=issued, due_date=due
            )
            invoices.append(row)
            if due + timedelta(days=habit) <= TODAY:
                payments.append(
                    receivables.payment_row(
                        f"P-{number}", "100.00", customer_code=code,
                        payment_date=due + timedelta(days=habit), invoice_number=number,
                    )
                )  # fmt: skip
    receivables.invoices(company, *invoices)
    receivables.payments(company, *payments)
    return company


def learned(company):
    return learn_from_books.learn_lateness(company=company, actor=SYSTEM, name="ours", test_from=None)


class TestInstalments:
    def test_say_when_each_was_paid_in_full_and_what_is_open(self, books):
        with scope.entered(SYSTEM):
            found = {one.number: one for one in own_invoices.instalments(company_id=books.pk, as_of=TODAY)}

        late = found["C-LATE-0"]
        assert late.history.settled_on == BEGIN + timedelta(days=35)
        assert (late.history.days_late, late.open) == (21, Decimal("0.00"))
        assert found[f"C-LATE-{WEEKS - 1}"].history.settled_on is None
        assert found[f"C-LATE-{WEEKS - 1}"].open == Decimal("100.00")

    def test_do_not_know_what_came_later(self, books):
        with scope.entered(SYSTEM):
            found = own_invoices.instalments(company_id=books.pk, as_of=BEGIN + timedelta(days=20))

        assert {one.number for one in found} == {f"{code}-{week}" for code in HABITS for week in range(3)}
        settled = {one.number for one in found if one.history.settled_on is not None}
        assert settled == {"C-PROMPT-0", "C-PROMPT-1", "C-USUAL-0"}


class TestLearnLateness:
    def test_tells_the_day_on_which_each_habit_pays(self, books):
        document = learned(books)
        stored = learned_models.keep_model(company=books, document=document, trained_on=TODAY, actor=SYSTEM)
        learned_models.promote_model(
            company=books,
            name="ours",
            number=stored.number,
            standing="champion",
            reason="first",
            actor=SYSTEM,
        )
        with scope.entered(SYSTEM):
            _, found = expected_payments.expected(company_id=books.pk, as_of=TODAY)
            table = reports.make(
                name="expected-payments", request=reports.ReportRequest(as_of=TODAY, company_id=books.pk)
            )

        assert document["source"] == "own_books"
        assert Decimal(document["figures"]["auc"]) > Decimal("0.9")
        told = {one.invoice.number: one for one in found}
        assert len(told) == len(table.rows) == 7
        assert (
            told["C-PROMPT-39"].chance_late < Decimal("0.3") < Decimal("0.7") < told["C-LATE-39"].chance_late
        )
        days = {number: (one.expected_on - one.invoice.history.due_on).days for number, one in told.items()}
        assert days["C-PROMPT-39"] < 0 < days["C-LATE-39"]
        # Whatever is expected by now and still open: no day in the past is told.
        assert all(one.expected_on >= TODAY for one in found)
        assert [row[9] for row in table.rows] == sorted(row[9] for row in table.rows)
        assert {row[-1] for row in table.rows} == {"ours:1"}

    def test_too_little_history_is_refused(self, company):
        policies.published(company, valid_from=date(2025, 1, 1))

        with pytest.raises(UnableToLearnFromBooksError) as refused:
            learned(company)

        assert "at least 50" in refused.value.words.en

    def test_without_a_champion_the_report_says_what_to_run(self, books):
        with scope.entered(SYSTEM), pytest.raises(UnableToForecastError) as refused:
            expected_payments.expected(company_id=books.pk, as_of=TODAY)

        assert "train-own-lateness" in refused.value.words.en
