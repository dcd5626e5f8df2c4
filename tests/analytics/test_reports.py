"""Every report by its name, as a table."""

from datetime import date

import pytest

from factories import customers, receivables
from factories.receivables import SYSTEM, invoice_row, payment_row
from tradecredit.analytics import reports
from tradecredit.analytics.reports import ReportRequest
from tradecredit.plumbing import tables
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def books(company):
    with scope.entered(SYSTEM):
        customers.customer(company, salesperson="王芳", region="华东")
        receivables.invoices(
            company, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "7.00", currency="USD")
        )
        receivables.payments(company, payment_row(amount="60.00", invoice_number="INV-1"))
        yield


def made(name: str, **more):
    return tables.as_records(reports.make(name=name, request=ReportRequest(as_of=TODAY, **more)))


class TestMake:
    def test_makes_an_aging_by_currency(self) -> None:
        rows = made("aging", by=("salesperson",))

        assert [(row["salesperson"], row["currency"], row["open"], row["1-30"]) for row in rows] == [
            ("王芳", "CNY", "40.00", "40.00"),
            ("王芳", "USD", "7.00", "7.00"),
        ]

    def test_makes_dso(self) -> None:
        (yuan, _) = made("dso")

        assert (yuan["company"], yuan["open"], yuan["credit_sales"]) == ("DEMO", "40.00", "100.00")
        assert yuan["dso"] == "146.0"
        assert yuan["best_possible_dso"] == "0.0"

    def test_makes_collection_rates(self) -> None:
        (yuan, _) = made("collection-rate")

        assert yuan["on_time_collection_rate"] == "0.6000"
        assert yuan["overdue_rate"] == "1.0000"

    def test_lists_overdue_items(self) -> None:
        rows = made("overdue")

        assert [(row["invoice"], row["days_overdue"], row["open"]) for row in rows] == [
            ("INV-1", 30, "40.00"),
            ("INV-2", 30, "7.00"),
        ]

    def test_shows_exposure_by_stage(self) -> None:
        rows = made("exposure")

        assert [(row["customer"], row["currency"], row["billed"], row["exposure"]) for row in rows] == [
            ("C001", "CNY", "40.00", "40.00"),
            ("C001", "USD", "7.00", "7.00"),
        ]

    def test_counts_grades(self) -> None:
        assert made("grades") == []

    def test_names_the_reports_that_exist(self) -> None:
        with pytest.raises(reports.UnableToReportError, match="collection-rate"):
            made("horoscope")
