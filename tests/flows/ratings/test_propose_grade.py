"""A grade that people set: asked for, decided by others, kept beside the system's, gone when its time is over."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, customers, policies
from tradecredit.apps.scoring import queries
from tradecredit.core.approvals.four_eyes import UnableToApproveError
from tradecredit.core.scoring.overrides import UnableToOverrideGradeError
from tradecredit.flows import reactions
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.ratings import propose_grade, rating_ends, rating_told, rerate_customer
from tradecredit.flows.ratings.propose_grade import UnableToProposeGradeError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.audit.models import LogEntry

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)
UNTIL = date(2026, 5, 31)


@pytest.fixture
def customer(company):
    policies.published(company)
    found = customers.customer(company)
    rerate_customer.rerate_customers(company=company, customer_ids=[found.pk], cause="test", actor=SYSTEM)
    return found


@pytest.fixture
def asker(company):
    return companies.person(company, Role.CREDIT_SPECIALIST)


def asked(company, asker, **changes):
    wanted = {"customer_code": "C001", "grade": "B", "reason": "新客户, 母公司担保", "until": UNTIL}
    return propose_grade.propose_grade(company=company, actor=asker, **(wanted | changes))


def decided(company, request, *, approves=True):
    for role in request.roles:
        person = companies.person(company, Role(role))
        decide_approval.decide_approval(request_id=request.id, approves=approves, reason="同意", actor=person)
        if not approves:
            return


def rating_of(company, customer):
    with scope.entered(SYSTEM):
        return queries.latest(company_id=company.pk, customer_ids=[customer.pk], as_of=UNTIL)[customer.pk]


class TestProposeGrade:
    def test_holds_beside_the_systems_once_others_agreed(self, company, customer, asker):
        request = asked(company, asker)
        assert rating_of(company, customer).grade == "C"

        decided(company, request)

        record = rating_of(company, customer)
        assert (record.suggested_grade, record.grade, record.old_grade) == ("C", "B", "C")
        assert record.cause == "grade.approved"
        with scope.entered(SYSTEM):
            told = rating_told.tell([record], company_id=company.pk, as_of=DAY)
            kinds = LogEntry.objects.filter(stream=f"customer:{customer.pk}").values_list("kind", flat=True)
            assert "grade.approved" in kinds
        assert told.override.grade == "B"
        assert told.asked is None

    def test_the_system_takes_over_again_when_its_time_is_over(self, company, customer, asker):
        decided(company, asked(company, asker))
        reactions.drain(actor=SYSTEM, company=company)

        with db.unit_of_work(SYSTEM):
            assert rating_ends.tell_ended(company=company, since=UNTIL, as_of=date(2026, 6, 1)) == 1
            assert (
                rating_ends.tell_ended(company=company, since=date(2026, 6, 1), as_of=date(2026, 6, 2)) == 0
            )

        rerate_customer.rerate_customers(
            company=company, customer_ids=[customer.pk], cause=rating_ends.GRADE_ENDED, actor=SYSTEM,
            as_of=date(2026, 6, 1),
        )  # fmt: skip
        with scope.entered(SYSTEM):
            (latest, *_) = queries.history(company_id=company.pk, customer_id=customer.pk)
        assert (latest.grade, latest.cause) == ("C", "grade.ended")

    def test_a_refusal_leaves_everything_as_it_was(self, company, customer, asker):
        request = asked(company, asker)

        decided(company, request, approves=False)

        assert rating_of(company, customer).grade == "C"
        with scope.entered(SYSTEM):
            assert queries.overrides(company_id=company.pk, customer_ids=[customer.pk]) == {}

    def test_nobody_agrees_to_what_they_asked_for(self, company, customer):
        director = companies.person(company, Role.RISK_DIRECTOR)
        request = asked(company, director)
        assert Role.RISK_DIRECTOR in request.roles

        with pytest.raises(UnableToApproveError):
            decide_approval.decide_approval(request_id=request.id, approves=True, reason="是", actor=director)

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"customer_code": "C999"}, UnableToProposeGradeError),
            ({"until": DAY}, UnableToProposeGradeError),
            ({"grade": "Z"}, UnableToOverrideGradeError),
            ({"reason": " "}, UnableToOverrideGradeError),
        ],
    )
    def test_refuses_what_cannot_be_asked(self, company, customer, asker, changes, refusal):
        with pytest.raises(refusal):
            asked(company, asker, **changes)

    def test_refuses_a_second_question_about_the_same_customer(self, company, customer, asker):
        asked(company, asker)

        with pytest.raises(UnableToProposeGradeError):
            asked(company, asker, grade="A")
