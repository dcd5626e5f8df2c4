from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from factories import customers
from tradecredit.apps.dossier import queries
from tradecredit.flows.imports import import_contacts, import_statements, record_facts
from tradecredit.flows.imports.import_contacts import ContactRow
from tradecredit.flows.imports.import_statements import StatementRow
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def customer(company, system_actor):
    with scope.entered(system_actor):
        yield customers.customer(company, "C1")


def fact(value="3", *, name="pending_lawsuits", code="C1", **fields):
    return FactRow(customer_code=code, fact=name, value=value, **fields)


def statuses(result):
    return [found.status.value for found in result.rows]


class TestRecordFacts:
    def record(self, company, actor, *rows, at=APRIL):
        with clock.at(at):
            return record_facts.record_facts(rows=rows, company=company, actor=actor, as_of=at.date())

    def test_appends_once_and_corrects_by_a_later_record(self, customer, company, system_actor):
        first = fact("3", valid_from=date(2026, 1, 1))

        assert statuses(self.record(company, system_actor, first)) == ["created"]
        assert statuses(self.record(company, system_actor, first)) == ["unchanged"]
        corrected = fact("4", valid_from=date(2026, 1, 1))
        assert statuses(self.record(company, system_actor, corrected, at=MAY)) == ["created"]

        now = queries.facts_in_force(customer_ids=[customer.pk], as_of=date(2026, 5, 1))
        then = queries.facts_in_force(customer_ids=[customer.pk], as_of=date(2026, 5, 1), known_at=APRIL)
        assert now[customer.pk]["pending_lawsuits"].value == "4"
        assert then[customer.pk]["pending_lawsuits"].value == "3"

    def test_knows_an_undated_fact_that_still_holds(self, customer, company, system_actor):
        self.record(company, system_actor, fact("3"))

        assert statuses(self.record(company, system_actor, fact("3"), at=MAY)) == ["unchanged"]
        assert statuses(self.record(company, system_actor, fact("5"), at=MAY)) == ["created"]

    def test_refuses_what_is_wrong_and_records_the_rest(self, customer, company, system_actor):
        result = self.record(
            company,
            system_actor,
            fact("3"),
            fact("maybe", name="dishonest_debtor"),
            fact("3", code="NOBODY"),
            fact("3", valid_from=date(2026, 2, 1), valid_to=date(2026, 2, 1)),
        )

        assert statuses(result) == ["created", "refused", "refused", "refused"]
        assert [found.field for found in result.rows[1:]] == ["value", "customer_code", "valid_to"]

    def test_records_a_fact_that_no_rule_knows_and_says_so(self, customer, company, system_actor):
        (found,) = self.record(company, system_actor, fact("blue", name="colour of the gate")).rows

        assert (found.status.value, found.value) == ("created", "colour_of_the_gate")
        assert "no rule asks" in found.words.en

    def test_emits_an_event_a_recorded_fact(self, customer, company, system_actor):
        self.record(company, system_actor, fact("3"), fact("3"))

        (event,) = Event.objects.filter(name="fact.recorded")
        assert event.payload["fact"] == "pending_lawsuits"
        assert event.payload["value"] == "3"
        assert event.payload["customer_id"] == str(customer.pk)


class TestImportStatements:
    def record(self, company, actor, at=APRIL, **items):
        row = StatementRow(
            customer_code="C1",
            period_end=date(2025, 12, 31),
            items={name: Decimal(amount) for name, amount in items.items()},
        )
        with clock.at(at):
            return import_statements.import_statements(rows=[row], company=company, actor=actor)

    def test_appends_knows_and_corrects(self, customer, company, system_actor):
        assert statuses(self.record(company, system_actor, revenue="100")) == ["created"]
        assert statuses(self.record(company, system_actor, revenue="100")) == ["unchanged"]
        assert statuses(self.record(company, system_actor, revenue="120", at=MAY)) == ["updated"]

        now = queries.statements(customer_ids=[customer.pk], as_of=date(2026, 5, 1))
        then = queries.statements(customer_ids=[customer.pk], as_of=date(2026, 5, 1), known_at=APRIL)
        assert now[customer.pk][0].items == {"revenue": Decimal(120)}
        assert then[customer.pk][0].items == {"revenue": Decimal(100)}

    def test_says_when_a_balance_sheet_does_not_balance(self, customer, company, system_actor):
        result = self.record(company, system_actor, total_assets="100", total_liabilities="60", equity="30")

        assert statuses(result) == ["created"]
        assert "Total assets 100.00, Total liabilities + Equity 90.00" in result.rows[0].words.en

    def test_refuses_a_statement_without_figures(self, customer, company, system_actor):
        assert statuses(self.record(company, system_actor)) == ["refused"]


class TestImportContacts:
    def test_knows_people_by_customer_and_name(self, customer, company, system_actor):
        def record(**fields):
            row = ContactRow(customer_code="C1", name="示例李", **fields)
            return statuses(import_contacts.import_contacts(rows=[row], company=company, actor=system_actor))

        assert record(role="财务") == ["created"]
        assert record(role="财务") == ["unchanged"]
        assert record(phone="13800000000") == ["updated"]
        (person,) = queries.contacts(customer_ids=[customer.pk])[customer.pk]
        assert (person.role, person.phone) == ("财务", "13800000000")
