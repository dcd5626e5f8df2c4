"""What the database itself refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from factories import companies, customers
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.apps.receivables.models import Invoice
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import db as plumbing_db
from tradecredit.plumbing.access import Role, scope
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.audit.models import LogEntry

pytestmark = pytest.mark.django_db


def _invoice(company, customer, number="INV-1"):
    return Invoice.objects.create(
        company=company, customer=customer, number=number, invoice_date=date(2026, 1, 5), currency="CNY",
        amount="100.00", content_hash="x", recorded_at=companies.MOMENT,
    )  # fmt: skip


class TestScope:
    def test_refuses_rows_outside_any_scope(self, company):
        with pytest.raises(scope.UnscopedQueryError):
            list(Invoice.objects.all())

    def test_hides_another_companys_rows_even_from_raw_sql(self, company, system_actor):
        other = companies.company(code="OTHER", name="示例外贸有限公司")
        ours, theirs = customers.customer(company), customers.customer(other, code="C900", name="示例别家")
        with scope.entered(system_actor):
            _invoice(company, ours)
            _invoice(other, theirs)
        member = companies.person(company, Role.CREDIT_SPECIALIST)

        with scope.entered(member), connection.cursor() as cursor:
            cursor.execute("SELECT number, company_id FROM receivables_invoice")
            rows = cursor.fetchall()
            cursor.execute("SELECT code FROM dossier_customer")
            codes = [code for (code,) in cursor.fetchall()]
            through_manager = list(Customer.objects.values_list("code", flat=True))

        assert rows == [("INV-1", company.pk)]
        assert codes == ["C001"]
        assert through_manager == ["C001"]

    def test_refuses_a_row_written_for_a_foreign_company(self, company, system_actor):
        other = companies.company(code="OTHER", name="示例外贸有限公司")
        ours = customers.customer(company)
        member = companies.person(company, Role.CREDIT_SPECIALIST)

        with (
            scope.entered(member),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            _invoice(other, ours)

        with scope.entered(system_actor):
            assert Invoice.objects.count() == 0

    def test_shows_no_customer_to_raw_sql_outside_any_scope(self, company):
        customers.customer(company)

        with transaction.atomic(), connection.cursor() as cursor:
            for setting in ("", None):
                if setting is not None:
                    cursor.execute("SELECT set_config('tradecredit.companies', %s, true)", [setting])
                cursor.execute("SELECT count(*) FROM dossier_customer")
                assert cursor.fetchone() == (0,)

    def test_refuses_a_customer_written_for_a_foreign_company(self, company):
        other = companies.company(code="OTHER", name="示例外贸有限公司")
        ours = customers.customer(company)
        member = companies.person(company, Role.CREDIT_SPECIALIST)

        with (
            scope.entered(member),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "UPDATE dossier_customer SET company_ids = ARRAY[%s]::uuid[] WHERE id = %s",
                [other.pk, ours.pk],
            )

    def test_shows_a_salesperson_only_their_own_customers(self, company):
        customers.customer(company, code="C001", salesperson="李销售")
        customers.customer(company, code="C002", name="示例电子乙", salesperson="王销售")
        member = companies.person(company, Role.SALES, row_kind="own", row_value="李销售")

        with scope.entered(member):
            assert list(Customer.objects.values_list("code", flat=True)) == ["C001"]


class TestAppendOnly:
    def _entry(self, company, actor):
        with plumbing_db.unit_of_work(actor):
            log.append(
                company_id=company.pk,
                actor=actor,
                entries=[log.NewEntry(stream="customer:1", kind="note", words=Words(zh="记", en="note"))] * 3,
            )

    def test_refuses_an_update_and_a_deletion(self, company, system_actor):
        self._entry(company, system_actor)

        with scope.entered(system_actor):
            with pytest.raises(DatabaseError), transaction.atomic():
                LogEntry.objects.update(text_en="other")
            with pytest.raises(DatabaseError), transaction.atomic():
                LogEntry.objects.all().delete()
            assert list(LogEntry.objects.values_list("text_en", flat=True)) == ["note"] * 3

    def test_chain_verifies(self, company, system_actor):
        self._entry(company, system_actor)
        with scope.entered(system_actor):
            assert log.verify() == (3, ())


class TestBalances:
    def test_are_not_written_directly(self, company, system_actor):
        customer = customers.customer(company)
        with (
            scope.entered(system_actor),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            CreditAccount.objects.create(
                company=company, customer=customer, currency="CNY", opened_at=companies.MOMENT
            )

    def test_limit_without_amount_is_refused_when_tagged_amount(self, company, system_actor):
        from tradecredit.apps.limits.models import CreditLine

        customer = customers.customer(company)
        with (
            scope.entered(system_actor),
            pytest.raises(IntegrityError, match="line_limit_is_tagged"),
            transaction.atomic(),
        ):
            CreditLine.objects.create(
                company=company, customer=customer, line_kind="base", limit_kind="amount", currency="CNY",
                valid_from=date(2026, 1, 1), requested_by_id=company.pk, approved_by_id=customer.pk,
                recorded_at=companies.MOMENT,
            )  # fmt: skip
