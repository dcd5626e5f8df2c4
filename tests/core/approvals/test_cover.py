from __future__ import annotations

import pytest

from tradecredit.core.approvals import authority, cover, routing
from tradecredit.core.approvals.diagrams.assignment import Together
from tradecredit.core.approvals.diagrams.voting import Ballot
from tradecredit.core.approvals.four_eyes import UnableToApproveError, Vote
from tradecredit.core.approvals.seats import Bench, Person, seat
from tradecredit.core.kernel.money import Money
from tradecredit.integrations import policy_packs

TABLE = authority.parse(policy_packs.load_pack("authority-matrix")["authority"])


def missing(amount, *roles, no=()):
    route = routing.route(kind="credit_limit", grade="B", amount=Money.of(amount, "CNY"), authority=TABLE)
    votes = [Vote(person=role, role=role, agrees=role not in no) for role in roles]
    return cover.missing(route=route, authority=TABLE, votes=votes)


class TestMissing:
    @pytest.mark.parametrize(
        ("amount", "roles", "expected"),
        [
            ("49999.99", ["sales_manager"], ()),
            ("50000.00", ["sales_manager"], ("finance_manager",)),
            ("200000.00", ["sales_manager", "finance_manager"], ()),
            ("200000.01", ["sales_manager", "finance_manager"], ("risk_director",)),
            ("200000.01", ["risk_director"], ()),
            ("100000.00", ["sales_director", "finance_manager"], ()),
            ("100000.00", ["cfo"], ("sales_manager",)),
            ("100000.00", [], ("sales_manager", "finance_manager")),
        ],
    )
    def test_names_the_roles_whose_yes_the_table_still_wants(self, amount, roles, expected):
        assert missing(amount, *roles) == expected

    def test_counts_no_vote_against(self):
        assert missing("49999.99", "sales_manager", no=["sales_manager"]) == ("sales_manager",)


def filled(*, roles=("risk_director",), own=("risk_director",), together=Together.ANY, **changes):
    bench = Bench(
        roles=tuple(roles),
        people=frozenset(changes.pop("people", ())),
        reserved_for=changes.pop("reserved_for", None),
        ballot=Ballot(together=together, seats=len(roles)),
        filled=frozenset(changes.pop("filled", ())),
    )
    given = {"delegators": (), "requester": "r", "voters": frozenset(), "stands_in": {}, **changes}
    return seat(bench, voter=Person(id="me", roles=frozenset(own)), **given)


class TestSeat:
    def test_is_the_free_role_of_a_countersignature(self):
        found = filled(
            roles=("cfo", "risk_director"),
            own=("cfo", "risk_director"),
            together=Together.ALL,
            filled=["cfo"],
        )
        assert (found.place, found.role) == ("risk_director", "risk_director")

    def test_is_the_persons_own_in_a_vote(self):
        assert filled().place == "me"

    def test_is_filled_for_somebody_who_has_delegated(self):
        boss = Person(id="boss", roles=frozenset({"risk_director"}))
        found = filled(own=("sales",), delegators=(boss,))
        assert (found.place, found.behalf_of) == ("boss", "boss")

    @pytest.mark.parametrize(
        "changes",
        [
            {"requester": "me"},
            {"voters": frozenset({"me"})},
            {"own": ("sales",)},
            {"reserved_for": "another"},
            {"own": ("sales",), "delegators": (Person(id="r", roles=frozenset({"risk_director"})),)},
            {
                "own": ("sales",),
                "delegators": (Person(id="boss", roles=frozenset({"risk_director"})),),
                "voters": frozenset({"boss"}),
            },
        ],
        ids=["own-request", "twice", "another-role", "handed-over", "for-who-asked", "for-who-voted"],
    )
    def test_is_refused(self, changes):
        with pytest.raises(UnableToApproveError):
            filled(**changes)
