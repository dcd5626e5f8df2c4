from __future__ import annotations

from fractions import Fraction

import pytest

from tradecredit.core.approvals.diagrams.assignment import Together, UnableToAssignError, level_up
from tradecredit.core.approvals.diagrams.voting import Ballot, standing
from tradecredit.core.approvals.four_eyes import Standing, Vote


def votes(said):
    return [Vote(person=str(number), role="management", agrees=one == "y") for number, one in enumerate(said)]


class TestStanding:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [("", Standing.PENDING), ("y", Standing.APPROVED), ("n", Standing.REJECTED)],
    )
    def test_of_any_is_the_first_word(self, said, expected):
        assert standing(Ballot(together=Together.ANY, seats=1), votes(said)) is expected

    @pytest.mark.parametrize(
        ("said", "expected"),
        [("y", Standing.PENDING), ("yy", Standing.APPROVED), ("yn", Standing.REJECTED)],
    )
    def test_of_all_wants_every_seat(self, said, expected):
        assert standing(Ballot(together=Together.ALL, seats=2), votes(said)) is expected

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("yyy", Standing.PENDING),
            ("yyyy", Standing.APPROVED),
            ("nyyy", Standing.PENDING),
            ("nyyyy", Standing.APPROVED),
            ("nn", Standing.REJECTED),
        ],
    )
    def test_of_two_thirds_of_five_wants_four(self, said, expected):
        ballot = Ballot(together=Together.RATIO, seats=5, needed=Fraction(2, 3), quorum=4)
        assert standing(ballot, votes(said)) is expected

    def test_of_a_vote_waits_for_its_quorum(self):
        ballot = Ballot(together=Together.RATIO, seats=5, needed=Fraction(2, 5), quorum=4)
        assert standing(ballot, votes("yyn")) is Standing.PENDING
        assert standing(ballot, votes("yynn")) is Standing.APPROVED

    def test_by_a_condition_of_the_policy_language(self):
        ballot = Ballot(together=Together.ALL, seats=3, completion="agreed >= 2 and refused = 0")
        assert standing(ballot, votes("yy")) is Standing.APPROVED
        assert standing(ballot, votes("ny")) is Standing.PENDING
        assert standing(ballot, votes("nyy")) is Standing.REJECTED


class TestLevelUp:
    @pytest.mark.parametrize(
        ("level", "role"), [(1, "sales_manager"), (2, "sales_director"), (3, "management")]
    )
    def test_counts_from_who_asked(self, level, role):
        assert level_up(["sales"], level=level) == role

    def test_refuses_past_the_top(self):
        with pytest.raises(UnableToAssignError):
            level_up(["sales_director"], level=2)
