from __future__ import annotations

import pytest

from factories.credit_facts import authority_of, cny
from tradecredit.core.approvals import four_eyes, routing
from tradecredit.core.approvals.four_eyes import Standing, UnableToApproveError, Vote

AUTHORITY = authority_of()
ALONE = routing.route(kind="order_release", grade="A", amount=cny("120000.00"), authority=AUTHORITY)
TOGETHER = routing.route(kind="order_release", grade="C", amount=cny("120000.00"), authority=AUTHORITY)
RISK_AGREES = Vote(person="lin", role="risk_director", agrees=True)


def fill(route, person, *roles, votes=(), requester="wang"):
    return four_eyes.role_to_fill(
        route=route, authority=AUTHORITY, requester=requester, votes=votes, person=person, roles=roles
    )


class TestRoleToFill:
    def test_lets_the_named_role_decide(self):
        assert fill(ALONE, "zhao", "sales_director") == "sales_director"

    def test_lets_a_role_stand_in(self):
        assert fill(ALONE, "lin", "risk_director") == "sales_director"

    @pytest.mark.parametrize(
        ("person", "roles", "votes", "reason"),
        [
            ("wang", ("sales_director",), (), "own_request"),
            ("zhao", ("sales",), (), "no_authority"),
            ("zhao", (), (), "no_authority"),
        ],
    )
    def test_refuses_with_the_reason(self, person, roles, votes, reason):
        with pytest.raises(UnableToApproveError) as refusal:
            fill(ALONE, person, *roles, votes=votes)

        assert refusal.value.facts["reason"] == reason

    def test_nobody_fills_two_places(self):
        with pytest.raises(UnableToApproveError) as refusal:
            fill(TOGETHER, "lin", "risk_director", "cfo", votes=(RISK_AGREES,))

        assert refusal.value.facts["reason"] == "already_voted"

    def test_the_second_place_goes_to_the_other_role(self):
        assert fill(TOGETHER, "he", "cfo", votes=(RISK_AGREES,)) == "cfo"
        with pytest.raises(UnableToApproveError):
            fill(TOGETHER, "sun", "risk_director", votes=(RISK_AGREES,))

    def test_refuses_when_it_is_decided(self):
        with pytest.raises(UnableToApproveError) as refusal:
            fill(
                ALONE,
                "lin",
                "risk_director",
                votes=(Vote(person="zhao", role="sales_director", agrees=False),),
            )

        assert refusal.value.facts["reason"] == "closed"


class TestStanding:
    def test_needs_everybody_where_it_is_countersigned(self):
        cfo_agrees = Vote(person="he", role="cfo", agrees=True)

        assert four_eyes.standing(route=TOGETHER, votes=()) is Standing.PENDING
        assert four_eyes.standing(route=TOGETHER, votes=(RISK_AGREES,)) is Standing.PENDING
        assert four_eyes.standing(route=TOGETHER, votes=(RISK_AGREES, cfo_agrees)) is Standing.APPROVED

    def test_one_no_ends_it(self):
        cfo_refuses = Vote(person="he", role="cfo", agrees=False)

        assert four_eyes.standing(route=TOGETHER, votes=(RISK_AGREES, cfo_refuses)) is Standing.REJECTED

    def test_one_yes_is_enough_where_anyone_may_decide(self):
        any_of = routing.route(kind="order_release", grade="B", amount=cny("1.00"), authority=AUTHORITY)

        assert four_eyes.standing(route=any_of, votes=(RISK_AGREES,)) is Standing.APPROVED


class TestEnsureStillCovered:
    def test_refuses_an_amount_that_has_grown(self):
        four_eyes.ensure_still_covered(approved=cny("120000.00"), amount=cny("120000.00"))
        with pytest.raises(UnableToApproveError):
            four_eyes.ensure_still_covered(approved=cny("120000.00"), amount=cny("120000.01"))
