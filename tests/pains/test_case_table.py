"""The table of cases: every row through the real flows, in two companies, two currencies and three generations."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from pains import case_table, case_world
from tradecredit.analytics.order_checks import exposures
from tradecredit.flows.orders import replay_decisions, verify_exposure
from tradecredit.plumbing.access import scope

CASES = case_table.every()
# What the table and the named cases beside it must cover.
PAINS = frozenset(f"P-{number:02}" for number in (*range(1, 28), *range(33, 38), 39, 42, 47, 49))


@pytest.fixture(scope="module")
def pair(django_db_setup, django_db_blocker):
    """The world, built once for the whole table."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield case_world.build()
        transaction.set_rollback(True)


@pytest.fixture
def world(pair, db):
    """The world as it was built: what a case does is undone at its end."""
    found = case_world.World(companies=pair.companies, customers=dict(pair.customers), people=pair.people)
    found.set_day(case_world.DAY)
    yield found
    found.clock_.close()


def family_of(world):
    """What the family owes, account by account, in CNY: the reference for its level."""
    total = Decimal(0)
    with scope.entered(case_world.SYSTEM):
        for customer in world.customers.values():
            for company in world.companies.values():
                found = exposures.of_customer(customer_id=customer.pk, company_id=company.pk, as_of=world.day)
                total += case_world.in_family({one.currency: one.parts.total.amount for one in found})
    return total


class TestCases:
    @pytest.mark.parametrize("case", CASES, ids=[f"{case.pain} {case.name}" for case in CASES])
    def test_stands_as_the_table_says_and_not_as_others_had_it(self, world, case):
        case_table.play(world, case)

        for subject, statement in case.then.items():
            stands = case_table.stands(world, subject, statement)
            assert case_table.holds(world, subject, statement), f"{subject}: {statement}; stands {stands}"
        for subject, statement in case.others.items():
            assert not case_table.holds(world, subject, statement), (
                f"the error of others: {subject} {statement}"
            )
        self.books_are_whole(world)

    def books_are_whole(self, world):
        """Whatever happened: no drift, every decision replays, the deferred rules of the database hold."""
        assert verify_exposure.verify_exposure(actor=case_world.SYSTEM).is_whole
        assert replay_decisions.replay_decisions(actor=case_world.SYSTEM).different == ()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestTable:
    def test_has_sixty_cases_and_more(self):
        assert len(CASES) >= 60

    def test_names_each_case_once(self):
        names = [case.name for case in CASES]

        assert len(set(names)) == len(names)

    def test_every_case_says_what_others_had(self):
        assert [case.name for case in CASES if not case.others or not case.then] == []

    def test_most_cases_cross_companies_currencies_or_generations(self):
        """The table is for combinations: a case of one account alone is the exception."""
        crossing = [case for case in CASES if len(self.worlds_of(case)) > 1]

        assert len(crossing) * 10 >= len(CASES) * 8

    def worlds_of(self, case):
        text = "\n".join((*case.happens, *case.then, *case.others))
        accounts = re.findall(r"\b(TOP|CHILD|GRAND)(?: at)? (HOME|AWAY)\b", text)
        return {*accounts, *re.findall(r"\bUSD\b", text), *re.findall(r"^FAMILY$", text, re.MULTILINE)}

    def test_every_pain_of_the_ledger_has_a_case(self):
        """A row of the table, or a named test beside it."""
        named = {
            f"P-{number}"
            for path in Path(__file__).parent.glob("test_*.py")
            for number in re.findall(r"def test_p(\d\d)_", path.read_text(encoding="utf-8"))
        }

        assert PAINS - named - {case.pain for case in CASES} == set()
