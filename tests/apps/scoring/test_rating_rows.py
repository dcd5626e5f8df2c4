"""The database keeps ratings as they were recorded."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from factories import companies, customers, policies
from tradecredit.apps.scoring import operations, queries
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.scoring.overrides import Override
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
def rated(company):
    policies.published(company)
    customer = customers.customer(company)
    rerate_customer.rerate_customers(
        company=company, customer_ids=[customer.pk], cause="test", actor=SYSTEM, as_of=DAY
    )
    return customer


def latest(company, customer):
    with scope.entered(SYSTEM):
        return queries.latest(company_id=company.pk, customer_ids=[customer.pk], as_of=DAY)[customer.pk]


class TestTheDatabase:
    @pytest.mark.parametrize(
        "statement",
        ["UPDATE scoring_rating SET grade = 'A'", "DELETE FROM scoring_rating", "TRUNCATE scoring_rating"],
    )
    def test_refuses_to_change_a_rating(self, company, rated, statement):
        with (
            pytest.raises(DatabaseError),
            db.unit_of_work(SYSTEM),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

        assert latest(company, rated).grade == "C"

    def test_refuses_an_override_approved_by_its_proposer(self, company, rated):
        person = companies.person(company, Role.RISK_DIRECTOR)
        own = Override(
            grade="A",
            reason="friend",
            validity=Validity(DAY, date(2026, 4, 1)),
            proposed_by=str(person.user_id),
            approved_by=str(person.user_id),
        )

        with (
            pytest.raises(IntegrityError, match="override_four_eyes"),
            db.unit_of_work(SYSTEM),
            transaction.atomic(),
        ):
            operations.record_override(company_id=company.pk, customer_id=rated.pk, override=own)

        with scope.entered(SYSTEM):
            assert queries.overrides(company_id=company.pk, customer_ids=[rated.pk]) == {}

    def test_hides_ratings_of_other_companies(self, company, rated):
        other = companies.company("OTHER", "示例贸易有限公司")
        stranger = companies.person(other, Role.RISK_DIRECTOR)

        with scope.entered(stranger), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM scoring_rating")
            (count,) = cursor.fetchone()

        assert count == 0


class TestQueries:
    def test_reads_back_what_was_recorded(self, company, rated):
        record = latest(company, rated)

        assert record.result["grade"] == "C"
        assert record.result["most_worth_getting"] == "debt_ratio"
        assert record.recorded_by == "test"

    def test_knows_only_what_was_known_then(self, company, rated):
        recorded = latest(company, rated).recorded_at

        with scope.entered(SYSTEM):
            before = queries.latest(
                company_id=company.pk,
                customer_ids=[rated.pk],
                as_of=DAY,
                known_at=recorded.replace(year=recorded.year - 1),
            )

        assert before == {}

    def test_leaves_out_customers_never_rated(self, company):
        with scope.entered(SYSTEM):
            assert queries.latest(company_id=company.pk, customer_ids=[uuid4()], as_of=DAY) == {}
