from datetime import UTC, date, datetime

import pytest

from factories import customers
from tradecredit.analytics.monitoring import customer_signals
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
NAME = "pending_lawsuits"


def learn(company, actor, value, *, source="", day=date(2026, 1, 1), moment=1):
    with clock.at(datetime(2026, 3, moment, tzinfo=UTC)):
        row = FactRow(customer_code="C001", fact=NAME, value=value, valid_from=day, source=source)
        record_facts.record_facts(rows=[row], company=company, actor=actor)


def signal(company, customer):
    found = customer_signals.gather(
        company_id=company.pk, customer_ids=[customer.pk], names={NAME}, as_of=date(2026, 3, 20)
    )
    one = found[customer.pk].known[NAME]
    return one.value, one.previous


@pytest.fixture
def customer(company, system_actor):
    with scope.entered(system_actor):
        yield customers.customer(company)


class TestGather:
    def test_of_bureaus_that_disagree_the_worse_word_counts(self, company, system_actor, customer) -> None:
        learn(company, system_actor, "7", source="tianyancha", moment=1)
        learn(company, system_actor, "2", source="qichacha", day=date(2026, 2, 1), moment=2)

        assert signal(company, customer) == (7, None)

    def test_tells_what_was_known_before_it_was_learned(self, company, system_actor, customer) -> None:
        learn(company, system_actor, "1", moment=1)
        learn(company, system_actor, "4", day=date(2025, 6, 1), moment=2)
        learn(company, system_actor, "9", day=date(2026, 2, 1), moment=3)

        assert signal(company, customer) == (9, 1)

    def test_tells_what_held_before_where_both_were_learned_at_once(
        self, company, system_actor, customer
    ) -> None:
        learn(company, system_actor, "1", moment=1)
        learn(company, system_actor, "3", day=date(2026, 2, 1), moment=1)

        assert signal(company, customer) == (3, 1)
