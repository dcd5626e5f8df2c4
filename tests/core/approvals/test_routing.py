from __future__ import annotations

import copy

import pytest

from factories.credit_facts import asking, authority_of, cny, credit_facts, order_control, section
from tradecredit.core.approvals import authority, routing
from tradecredit.core.approvals.authority import Mode
from tradecredit.core.decisions.facts import RatingFacts
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import PolicyError

FIVE_PILLARS = authority_of()


def route(grade, amount, kind="order_release", table=FIVE_PILLARS):
    return routing.route(kind=kind, grade=grade, amount=amount, authority=table)


class TestRoute:
    @pytest.mark.parametrize(
        ("grade", "amount", "mode", "roles"),
        [
            ("A", "499999.99", Mode.SINGLE, ("sales_director",)),
            ("A", "500000.00", Mode.SINGLE, ("risk_director",)),
            ("B", "199999.99", Mode.ANY, ("credit_manager", "risk_director")),
            ("B", "200000.00", Mode.SINGLE, ("risk_director",)),
            ("B", "2000000.00", Mode.SINGLE, ("risk_director",)),
            ("B", "2000000.01", Mode.COUNTERSIGN, ("risk_director", "cfo")),
            ("C", "1.00", Mode.COUNTERSIGN, ("risk_director", "cfo")),
            ("D", "1.00", Mode.COUNTERSIGN, ("risk_director", "cfo")),
            (None, "49999.99", Mode.ANY, ("credit_manager", "risk_director")),
            (None, "50000.00", Mode.COUNTERSIGN, ("risk_director", "cfo")),
        ],
    )
    def test_follows_the_table_of_the_five_pillars(self, grade, amount, mode, roles):
        found = route(grade, cny(amount))

        assert (found.mode, found.roles) == (mode, roles)

    def test_gives_no_small_authority_to_a_foreign_currency(self):
        assert route("A", Money.of("100.00", "USD")).roles == ("risk_director",)

    def test_tells_why_each_is_asked(self):
        why = route("A", cny("120000.00")).why

        assert why.zh == "订单放行，评级 A，金额 ¥120,000.00：按授权表“A级 50万以下”由销售总监审批。"
        assert why.en == (
            "Release of an order, grade A, ¥120,000.00: the authority table's row “Grade A below 500,000”"
            " asks Sales director to decide."
        )

    @pytest.mark.parametrize(
        ("kind", "roles"), [("grade_override", ("risk_director",)), ("policy", ("risk_director", "cfo"))]
    )
    def test_routes_other_kinds(self, kind, roles):
        assert route("A", cny("1.00"), kind).roles == roles


class TestDecide:
    def test_names_who_may_release_a_held_order(self):
        decision = routing.decide(facts=credit_facts(), policy=order_control(), authority=FIVE_PILLARS)

        assert [decider.role for decider in decision.deciders] == ["credit_manager", "risk_director"]

    def test_names_nobody_where_it_passes_or_is_rejected(self):
        passing = asking(credit_facts(), "30000.00")
        refused = credit_facts(rating=RatingFacts(grade="D"))

        for facts in (passing, refused):
            decision = routing.decide(facts=facts, policy=order_control(), authority=FIVE_PILLARS)
            assert decision.deciders == ()


class TestParse:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"mode": "any"}, "single names one role"),
            ({"roles": []}, "name at least one role"),
            ({"up_to": "1.00"}, "either below or up_to"),
            ({"mode": "whoever"}, "is not one of"),
            ({"belw": "1.00"}, "unknown belw"),
        ],
    )
    def test_names_what_is_wrong(self, change, message):
        document = copy.deepcopy(section("five-pillars", "authority"))
        document["rules"][0].update(change)

        with pytest.raises(PolicyError, match=message):
            authority.parse(document)
