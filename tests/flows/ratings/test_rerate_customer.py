"""Customers are rated again when something about them is new, and told with the cause."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from factories import companies, customers, policies, receivables
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.apps.scoring import operations, queries
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.scoring.overrides import Override
from tradecredit.flows.imports import import_statements, record_facts
from tradecredit.flows.imports.import_statements import StatementRow
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.audit.models import LogEntry
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
def customer(company):
    policies.published(company)
    return customers.customer(company, customer_since=date(2024, 3, 2))


def rerate(company, *found, cause="test", day=DAY):
    return rerate_customer.rerate_customers(
        company=company, customer_ids=[each.pk for each in found], cause=cause, actor=SYSTEM, as_of=day
    )


def latest(company, customer, day=DAY):
    with scope.entered(SYSTEM):
        return queries.latest(company_id=company.pk, customer_ids=[customer.pk], as_of=day).get(customer.pk)


def told():
    with scope.entered(SYSTEM):
        return list(Event.objects.filter(name="rating.changed").order_by("pk"))


def good_trade(company, customer, *, count=6):
    """Monthly invoices, each paid on its due day."""
    rows, paid = [], []
    for month in range(count):
        issued = date(2025, 7 + month, 1) if month < 6 else date(2026, month - 5, 1)
        due = issued.replace(day=28)
        number = f"{customer.code}-{month}"
        rows.append(
            receivables.invoice_row(
                number, "60000.00", customer_code=customer.code, invoice_date=issued, due_date=due
            )
        )
        paid.append(
            receivables.payment_row(
                f"P-{number}",
                "60000.00",
                customer_code=customer.code,
                payment_date=due,
                invoice_number=number,
            )
        )
    receivables.invoices(company, *rows)
    receivables.payments(company, *paid)


def fact(company, name, value, **fields):
    record_facts.record_facts(
        rows=[FactRow(customer_code="C001", fact=name, value=value, valid_from=DAY, **fields)],
        company=company,
        actor=SYSTEM,
        as_of=DAY,
    )


class TestRerateCustomers:
    def test_gives_a_new_customer_the_default_grade_and_says_why(self, company, customer):
        done = rerate(company, customer, cause="customer.imported")

        record = latest(company, customer)
        assert (done.rated, len(done.changes)) == (1, 1)
        assert (record.grade, record.score, record.completeness) == ("C", None, Decimal(0))
        assert record.cause == "customer.imported"
        assert record.result["fired"] == ["thin_data", "half_known"]
        assert record.result["change"]["direction"] == "first"

    def test_rates_the_ledgers_record_and_names_what_moved(self, company, customer):
        rerate(company, customer)
        good_trade(company, customer)

        done = rerate(company, customer, cause="cash.applied")

        record = latest(company, customer)
        assert (record.old_grade, record.grade, record.score) == ("C", "B", Decimal("100.00"))
        assert done.changes[0].is_grade_change
        assert record.result["change"]["moved"] == [
            "average_days_late",
            "max_overdue_amount",
            "overdue_count",
        ]
        assert record.inputs["on_time_rate"] == {"value": "1", "source": "ledger", "known_on": "2026-03-02"}

    def test_records_nothing_when_nothing_is_new(self, company, customer):
        rerate(company, customer)
        before = told()

        done = rerate(company, customer, cause="again")

        assert (done.rated, done.unchanged, done.changes) == (1, 1, ())
        assert told() == before
        with scope.entered(SYSTEM):
            assert len(queries.history(company_id=company.pk, customer_id=customer.pk)) == 1

    def test_a_lawsuit_marks_high_risk_and_tells_the_others(self, company, customer):
        good_trade(company, customer)
        rerate(company, customer)
        fact(company, "pending_lawsuits", "1", source="court gazette")

        rerate(company, customer, cause="fact.recorded")

        record = latest(company, customer)
        event = told()[-1]
        assert (record.old_grade, record.grade, record.is_high_risk) == ("B", "D", True)
        assert record.inputs["pending_lawsuits"]["source"] == "court gazette"
        assert event.payload["old_grade"] == "B"
        assert event.payload["new_grade"] == "D"
        assert event.payload["is_high_risk"] is True
        assert event.payload["customer_id"] == str(customer.pk)
        with scope.entered(SYSTEM):
            entry = LogEntry.objects.filter(stream=f"customer:{customer.pk}", kind="rating.changed").last()
        # 25 % at 100 points and the lawsuit's 4 % at 30: 2,620 ÷ 29.
        assert entry.text_en == "Grade B → D, score 100.00 → 90.34 (cause: new fact)"

    def test_reads_statement_ratios(self, company, customer):
        items = {
            "total_assets": Decimal(1000),
            "total_liabilities": Decimal(710),
            "equity": Decimal(290),
        }
        import_statements.import_statements(
            rows=[StatementRow(customer_code="C001", period_end=date(2025, 12, 31), items=items)],
            company=company,
            actor=SYSTEM,
        )

        rerate(company, customer, cause="statement.recorded")

        record = latest(company, customer)
        assert record.inputs["debt_ratio"] == {
            "value": "0.71",
            "source": "financial_statement",
            "known_on": "2025-12-31",
        }
        assert (record.grade, record.is_high_risk) == ("D", True)

    def test_keeps_a_persons_grade_beside_the_systems_until_it_ends(self, company, customer):
        risk = companies.person(company, Role.RISK_DIRECTOR)
        manager = companies.person(company, Role.CREDIT_MANAGER)
        override = Override(
            grade="A",
            reason="guarantee of the parent",
            validity=Validity(DAY, date(2026, 3, 10)),
            proposed_by=str(manager.user_id),
            approved_by=str(risk.user_id),
        )
        with db.unit_of_work(SYSTEM):
            operations.record_override(company_id=company.pk, customer_id=customer.pk, override=override)

        rerate(company, customer)
        during = latest(company, customer)
        rerate(company, customer, day=date(2026, 3, 10))
        after = latest(company, customer, day=date(2026, 3, 10))

        assert (during.suggested_grade, during.grade) == ("C", "A")
        assert (after.suggested_grade, after.grade, after.old_grade) == ("C", "C", "A")

    def test_reads_as_of_the_day_asked_for(self, company, customer):
        rerate(company, customer, day=date(2026, 2, 1))
        good_trade(company, customer)
        rerate(company, customer, day=DAY)

        assert latest(company, customer, day=date(2026, 2, 15)).grade == "C"
        assert latest(company, customer, day=DAY).grade == "B"
        assert latest(company, customer, day=date(2026, 1, 1)) is None

    def test_refuses_without_a_policy_and_records_nothing(self, company):
        newcomer = customers.customer(company)

        with pytest.raises(UnableToFindPolicyError):
            rerate(company, newcomer)

        assert latest(company, newcomer) is None

    def test_rates_200_customers_in_two_seconds_with_few_statements(
        self, company, django_assert_max_num_queries
    ):
        policies.published(company)
        many = [customers.customer(company, f"C{number:03}") for number in range(200)]
        rows = [
            receivables.invoice_row(f"I{number}-{each}", "1000.00", customer_code=f"C{number:03}")
            for number in range(200)
            for each in range(4)
        ]
        receivables.invoices(company, *rows)

        with django_assert_max_num_queries(40):
            done = rerate(company, *many)

        assert done.rated == 200
        assert len(done.changes) == 200


def test_another_companys_rows_stay_apart(company, customer):
    other = companies.company("OTHER", "示例贸易有限公司")
    policies.published(other, pack="payment-record")

    rerate(company, customer)
    rerate(other, customer)

    assert latest(company, customer).model_name == "five-pillars"
    assert latest(other, customer).model_name == "payment-record"
