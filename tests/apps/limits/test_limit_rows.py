"""The database keeps lines as they were approved, by four eyes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from factories import companies, customers, limits
from factories.limits import cny
from tradecredit.apps.limits import operations, queries
from tradecredit.apps.limits.models import LimitProposal
from tradecredit.apps.limits.operations import NewLine, NewProposal
from tradecredit.core.kernel.periods import Validity
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)
YEAR = Validity(DAY, date(2027, 3, 2))


@pytest.fixture
def customer(company):
    return customers.customer(company)


@pytest.fixture
def person(company):
    return companies.person(company, Role.RISK_DIRECTOR)


def line(customer, requested_by, approved_by, **fields):
    made = NewLine(
        customer_id=customer.pk,
        line_kind="base",
        limit=cny("1000"),
        currency="CNY",
        days=30,
        validity=YEAR,
        requested_by_id=requested_by.user_id,
        approved_by_id=approved_by.user_id,
        origin="approval",
        reason="",
    )
    return replace(made, **fields)


def known(company, customer):
    with scope.entered(SYSTEM):
        return queries.lines(company_id=company.pk, customer_ids=[customer.pk])


class TestTheDatabase:
    def refused(self, company, new, *, match):
        with pytest.raises(IntegrityError, match=match), db.unit_of_work(SYSTEM), transaction.atomic():
            operations.open_lines(company_id=company.pk, new=[new])

    def test_refuses_a_line_approved_by_the_person_who_asked(self, company, customer, person):
        self.refused(company, line(customer, person, person), match="line_four_eyes")

        assert known(company, customer) == {}

    def test_lets_an_opening_balance_in_by_one_person(self, company, customer, person):
        with db.unit_of_work(SYSTEM):
            operations.open_lines(
                company_id=company.pk, new=[line(customer, person, person, origin="opening")]
            )

        assert len(known(company, customer)[customer.pk, "CNY"]) == 1

    def test_refuses_a_temporary_line_without_an_end(self, company, customer, person):
        endless = line(customer, SYSTEM, person, line_kind="temporary", validity=Validity(DAY))

        self.refused(company, endless, match="line_temporary_ends")

    def test_refuses_a_negative_limit(self, company, customer, person):
        self.refused(company, line(customer, SYSTEM, person, limit=cny("-1")), match="line_limit_is_tagged")

    @pytest.mark.parametrize(
        "statement", ["UPDATE limits_creditline SET limit_amount = 9", "DELETE FROM limits_creditline"]
    )
    def test_refuses_to_change_a_line(self, company, customer, statement):
        limits.opening(company, limit="500000")

        with (
            pytest.raises(DatabaseError),
            db.unit_of_work(SYSTEM),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

        (record,) = known(company, customer)[customer.pk, "CNY"]
        assert record.line.limit == cny("500000")

    def test_refuses_a_decision_by_the_person_who_asked(self, company, customer, person):
        with db.unit_of_work(SYSTEM):
            proposal = operations.open_proposal(
                company_id=company.pk,
                actor=person,
                proposal=NewProposal(
                    customer_id=customer.pk,
                    line_kind="base",
                    limit=cny("1000"),
                    currency="CNY",
                    days=30,
                    validity=YEAR,
                    reason="",
                ),
            )

        with (
            pytest.raises(IntegrityError, match="proposal_four_eyes"),
            db.unit_of_work(SYSTEM),
            transaction.atomic(),
        ):
            operations.decide_proposal(proposal_id=proposal.id, status="approved", actor=person, reason="")

        with scope.entered(SYSTEM):
            assert LimitProposal.objects.get(pk=proposal.id).status == "open"


class TestEndingLines:
    def test_names_lines_that_end_by_themselves_once(self, company, customer):
        limits.opening(company, limit="500000", valid_to=date(2026, 3, 10))

        def ending(since, until):
            with scope.entered(SYSTEM):
                found = queries.ending_lines(company_id=company.pk, since=since, until=until)
            return [each.customer_id for each in found]

        assert ending(date(2026, 3, 9), date(2026, 3, 10)) == [customer.pk]
        assert ending(date(2026, 3, 10), date(2026, 3, 11)) == []
