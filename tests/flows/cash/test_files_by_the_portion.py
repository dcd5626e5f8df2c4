"""Files cost statements by the portion, never by the row."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import bank_files, customers, receivables
from factories.receivables import SYSTEM, invoice_row
from tradecredit.analytics.receivables import verification
from tradecredit.apps.cash_application.models import BankLine
from tradecredit.flows.cash import import_bank_statement
from tradecredit.flows.orders import verify_exposure
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
NAMES = ("示例五金甲有限公司", "示例五金乙有限公司")


@pytest.fixture(autouse=True)
def _firms(company):
    with scope.entered(SYSTEM):
        for number, name in enumerate(NAMES, start=1):
            customers.customer(company, f"C00{number}", name=name)
        yield


def _statements(work) -> int:
    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


def _invoices(company, first: int, count: int):
    rows = [
        invoice_row(f"INV-{number}", "100.00", customer_code=f"C00{number % 2 + 1}")
        for number in range(first, first + count)
    ]
    return lambda: receivables.invoices(company, *rows)


def _lines(company, first: int, count: int):
    rows = [
        f"2026-03-02,,100.00,,{NAMES[number % 2]},62000000000001{number % 2:02d},货款 INV-{number},EX{number:04d}"
        for number in range(first, first + count)
    ]
    file = bank_files.csv_file(*rows)
    return lambda: import_bank_statement.import_bank_statement(
        company=company, file=file, files=bank_files.InThisProcess(), actor=SYSTEM
    )


class TestStatements:
    def test_twenty_lines_of_a_bank_cost_what_four_do(self, company):
        _invoices(company, 1000, 50)()
        _lines(company, 1000, 2)()

        few = _statements(_lines(company, 1010, 4))
        many = _statements(_lines(company, 1030, 20))

        assert many == few
        assert set(BankLine.objects.values_list("status", flat=True)) == {"matched"}
        assert verification.verify().differences == ()
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole
