from __future__ import annotations

from datetime import date, timedelta

import pytest

from factories import customers, policies, receivables
from tradecredit.analytics import reports
from tradecredit.flows.watch import close_day
from tradecredit.plumbing import tables
from tradecredit.plumbing.access import Actor, scope

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
def books(company):
    policies.published(company)
    customers.customer(company, "C001", email="a@example.com")
    receivables.invoices(
        company, receivables.invoice_row("INV-1", "82000.00", due_date=DAY - timedelta(days=7))
    )
    for offset in range(2):
        close_day.close_day(company=company, as_of=DAY + timedelta(days=offset), actor=SYSTEM)
    return company


def _records(**request):
    with scope.entered(SYSTEM):
        return tables.as_records(reports.make(name="letters", request=reports.ReportRequest(**request)))


class TestLettersTable:
    def test_shows_every_line_as_it_was_written(self, books):
        records = _records(as_of=DAY + timedelta(days=1), company_id=books.pk)

        assert [
            (one["customer"], one["stage"], one["invoice"], one["days_overdue"], one["amount"], one["as_of"])
            for one in records
        ] == [
            ("C001", "stage-2", "INV-1", 8, "82000.00", "2026-03-03"),
            ("C001", "stage-1", "INV-1", 7, "82000.00", "2026-03-02"),
        ]

    def test_knows_only_letters_up_to_its_day(self, books):
        assert [one["stage"] for one in _records(as_of=DAY)] == ["stage-1"]
