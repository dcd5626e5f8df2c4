"""A line of the bank that names an orderer pays what stands in its payer's account."""

from __future__ import annotations

import pytest

from factories import bank_files, customers, receivables
from factories.bank_files import csv_file
from factories.receivables import SYSTEM, invoice_row
from tradecredit.apps.cash_application.models import BankLine, Payment
from tradecredit.apps.exposure import locks as exposure_locks
from tradecredit.apps.exposure import queries as exposure
from tradecredit.flows.cash import import_bank_statement
from tradecredit.flows.levels import keep_parties
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db

# The orderer pays, and names no document.
LINE = "2026-03-02,,100.00,1100.00,示例五金甲有限公司,6200000000000101,往来款,EX0001"


@pytest.fixture(autouse=True)
def in_scope():
    with scope.entered(SYSTEM):
        yield


class TestPaidByAnother:
    def test_settles_the_payers_invoice(self, company):
        customers.customer(company, "C001")
        payer = customers.customer(company, "PAYER", "示例总部有限公司")
        keep_parties.keep_party(
            company=company,
            customer_code="C001",
            role="payer",
            party_code="PAYER",
            reason="合同",
            actor=SYSTEM,
            since=receivables.ISSUED,
        )
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        import_bank_statement.import_bank_statement(
            company=company, file=csv_file(LINE), files=bank_files.InThisProcess(), actor=SYSTEM
        )

        account = exposure.accounts_by_key([(company.pk, payer.pk, "CNY")])[company.pk, payer.pk, "CNY"]
        assert BankLine.objects.get().status == "matched"
        assert Payment.objects.get().customer_id == payer.pk
        assert (account.billed.text(), account.unapplied.text()) == ("0.00", "0.00")

    def test_locks_the_accounts_of_both_before_anything_else(self, company, monkeypatch):
        customers.customer(company, "C001")
        customers.customer(company, "PAYER", "示例总部有限公司")
        keep_parties.keep_party(
            company=company,
            customer_code="C001",
            role="payer",
            party_code="PAYER",
            reason="合同",
            actor=SYSTEM,
            since=receivables.ISSUED,
        )
        locked: list[set[object]] = []
        lock = exposure_locks.lock_accounts
        monkeypatch.setattr(
            exposure_locks, "lock_accounts", lambda ids: (locked.append(set(ids)), lock(list(ids)))[1]
        )

        import_bank_statement.import_bank_statement(
            company=company, file=csv_file(LINE), files=bank_files.InThisProcess(), actor=SYSTEM
        )

        first, *later = locked
        assert len(first) == 2
        assert later
        assert all(some <= first for some in later)
