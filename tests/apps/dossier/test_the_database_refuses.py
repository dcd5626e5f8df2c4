"""What the database itself refuses about customers and what is known about them."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from factories import companies, customers
from tradecredit.apps.dossier import operations, queries
from tradecredit.apps.dossier.models import Customer, Fact, FinancialStatement, Lifecycle, LifecycleChange
from tradecredit.core.dossier.drafts import CustomerDraft
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Role, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(company, system_actor):
    with scope.entered(system_actor):
        yield customers.customer(company, "C1")


def known(customer, **changes):
    fact = operations.NewFact(
        customer_id=customer.pk, name="pending_lawsuits", value="1", valid_from=date(2026, 1, 1), **changes
    )
    return operations.record_facts(facts=[fact], recorded_by="test")


class TestTheDatabaseRefuses:
    def test_two_customers_of_one_code(self, customer, company):
        with pytest.raises(IntegrityError, match="code"), transaction.atomic():
            customers.customer(company, "C1")

    def test_a_fact_that_ends_before_it_begins(self, customer):
        with pytest.raises(IntegrityError, match="fact_ends_no_earlier_than_it_begins"), transaction.atomic():
            known(customer, valid_to=date(2025, 12, 31))

    @pytest.mark.parametrize("change", [lambda rows: rows.update(value="9"), lambda rows: rows.delete()])
    def test_to_change_or_forget_a_fact(self, customer, change):
        known(customer)

        with pytest.raises(DatabaseError), transaction.atomic():
            change(Fact.objects.all())
        assert Fact.objects.get().value == "1"

    def test_to_change_a_statement(self, customer):
        statement = operations.NewStatement(
            customer_id=customer.pk, period_end=date(2025, 12, 31), currency="CNY", items={"revenue": 5}
        )
        operations.record_statements(statements=[statement], recorded_by="test")

        with pytest.raises(DatabaseError), transaction.atomic():
            FinancialStatement.objects.update(revenue=9)

    def test_to_change_a_transition(self, customer, company):
        operations.change_lifecycle(
            company_id=company.pk, customer_id=customer.pk, new=Lifecycle.WATCH, changed_on=date(2026, 3, 2),
            cause="test", recorded_by="test",
        )  # fmt: skip

        with pytest.raises(DatabaseError), transaction.atomic():
            LifecycleChange.objects.update(new="exit")


class TestWhoSeesACustomer:
    def test_not_another_company(self, customer):
        other = companies.company("OTHER", "示例另一家")
        stranger = companies.person(other, Role.CREDIT_MANAGER)
        known(customer)

        with scope.entered(stranger):
            assert queries.customer_by_code("C1") is None
            assert queries.facts_in_force(customer_ids=[customer.pk], as_of=date(2026, 3, 2)) == {}
            assert queries.search("C1") == ()

    def test_a_salesperson_sees_only_their_own(self, customer, company):
        customers.customer(company, "C2", salesperson="示例张")
        clerk = companies.person(company, Role.SALES, row_kind="own", row_value="示例张")

        with scope.entered(clerk):
            assert sorted(queries.customers_by_code(["C1", "C2"])) == ["C2"]

    def test_a_second_company_adds_itself_and_takes_nothing_away(self, customer, company, system_actor):
        other = companies.company("OTHER", "示例另一家")

        with db.unit_of_work(system_actor):
            done = operations.upsert_customers(
                drafts=[CustomerDraft(code="C1")], company_id=other.pk, source="test"
            )

        assert list(done.changed) == ["C1"]
        assert set(Customer.objects.get(code="C1").company_ids) == {company.pk, other.pk}


class TestChangeLifecycle:
    def test_records_a_transition_once(self, customer, company):
        def change():
            return operations.change_lifecycle(
                company_id=company.pk, customer_id=customer.pk, new=Lifecycle.RESTRICTED,
                changed_on=date(2026, 3, 2), cause="overdue", recorded_by="test",
            )  # fmt: skip

        assert (change(), change()) == (True, False)
        (transition,) = LifecycleChange.objects.all()
        assert (transition.old, transition.new) == ("trading", "restricted")
