"""A planted cent is found and named."""

from decimal import Decimal

import psycopg
import pytest
from django.db import connections

from factories import companies, customers, receivables
from factories.receivables import SYSTEM, credit_row, invoice_row, payment_row
from tradecredit.analytics.receivables import verification
from tradecredit.plumbing.access import scope

PLANTED = [
    (
        "UPDATE receivables_instalment SET settled_amount = settled_amount - 0.01 WHERE settled_amount > 50",
        {"line settled", "account billed"},
        "INV-1",
    ),
    (
        "UPDATE cash_application_payment SET allocated_amount = allocated_amount - 0.01",
        {"payment allocated", "account unapplied"},
        "PAY-1",
    ),
    ("UPDATE exposure_creditaccount SET billed = billed + 0.01", {"account billed"}, "C001"),
    ("UPDATE exposure_creditaccount SET unapplied = unapplied - 0.01", {"account unapplied"}, "C001"),
    (
        "UPDATE receivables_instalment SET amount = amount + 0.01 WHERE settled_amount > 50",
        {"lines sum to the document", "account billed"},
        "INV-1",
    ),
    (
        "UPDATE receivables_instalment SET disputed_amount = 0.01 WHERE settled_amount > 50",
        {"line disputed"},
        "INV-1",
    ),
]


@pytest.fixture
def books(own_database):
    """Really committed books, so that the owner can plant an error beside the application."""
    company = companies.company()
    customers.customer(company)
    receivables.invoices(company, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "30.00"))
    receivables.payments(company, payment_row("PAY-1", "60.00", invoice_number="INV-1"))
    receivables.credits_(company, credit_row("CN-1", "10.00", invoice_number="INV-2"))
    return own_database


class TestVerify:
    def test_finds_nothing_in_sound_books(self, books) -> None:
        with scope.entered(SYSTEM):
            verified = verification.verify()

        assert (verified.lines, verified.payments, verified.accounts) == (3, 1, 1)
        assert verified.differences == ()

    @pytest.mark.parametrize(("planted", "checks", "place"), PLANTED)
    def test_names_a_planted_cent(self, books, planted, checks, place) -> None:
        connections["default"].close()
        with psycopg.connect(books) as owner:
            owner.execute(planted)

        with scope.entered(SYSTEM):
            verified = verification.verify()

        assert {found.check for found in verified.differences} == checks
        assert {abs(found.difference) for found in verified.differences} == {Decimal("0.01")}
        assert any(place in found.words.en for found in verified.differences)
