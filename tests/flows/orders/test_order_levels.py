"""Levels above the account in the order check: groups, families, portfolios, lines shared across currencies."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import accounts, companies, customers, nodes, orders
from factories.companies import MOMENT
from tradecredit.apps.dossier.models import Fact
from tradecredit.apps.exposure import operations
from tradecredit.apps.exposure.models import Reservation
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company(db):
    found = companies.company()
    orders.policy(found)
    return found


def check(company, amount="50000.00", code="C001", reference="SO-1", currency="CNY", **fields):
    request = orders.request(company, amount, customer_code=code, reference=reference, **fields)
    asked = dataclasses.replace(request, amount=Money.of(amount, currency))
    return check_order_credit.check_order_credit(requests=[asked], actor=SYSTEM)[0]


def controlled(customer, name, *, since=date(2026, 1, 1)):
    with scope.entered(SYSTEM):
        Fact.objects.create(
            customer=customer, name="ultimate_controller", value=name, valid_from=since,
            recorded_at=MOMENT, recorded_by="test",
        )  # fmt: skip


def levels(view):
    return {
        result.finding.level: (result.finding.state.value, result.finding.ours, result.finding.limit)
        for result in view.decision.results
        if result.check == "control_nodes" and result.finding.level
    }


class TestGroup:
    def test_holds_what_fits_the_customer_but_not_the_group(self, company):
        child = orders.creditworthy(company, billed="100000.00")
        sister = orders.creditworthy(company, "C002", billed="300000.00")
        nodes.node("G1", "420000.00", members=(child, sister))

        held = check(company, "50000.00")

        assert held.decision.outcome.text == "hold"
        assert levels(held) == {"G1": ("failed", "50000.00", "20000.00")}
        assert [remedy.code for remedy in held.decision.remedies] == ["ship_part", "prepay", "raise_level"]
        assert held.decision.remedies[0].amount == Money.of("20000.00", "CNY")

    def test_counts_what_a_sister_took_a_moment_ago(self, company):
        child = orders.creditworthy(company, billed="100000.00")
        sister = orders.creditworthy(company, "C002", billed="300000.00")
        nodes.node("G1", "450000.00", members=(child, sister))

        first = check(company, "30000.00", "C002", "SO-S")
        second = check(company, "30000.00")

        assert first.lets_through
        assert levels(second) == {"G1": ("failed", "30000.00", "20000.00")}

    def test_of_one_batch_each_sees_what_those_before_it_took(self, company):
        child = orders.creditworthy(company, billed="100000.00")
        sister = orders.creditworthy(company, "C002", billed="300000.00")
        nodes.node("G1", "450000.00", members=(child, sister))
        batch = [
            orders.request(company, "30000.00", customer_code=code, reference=f"SO-{code}")
            for code in ("C001", "C002")
        ]

        views = check_order_credit.check_order_credit(requests=batch, actor=SYSTEM)

        assert [view.lets_through for view in views] == [True, False]
        assert levels(views[1]) == {"G1": ("failed", "30000.00", "20000.00")}

    def test_checks_every_level_above(self, company):
        child = orders.creditworthy(company, billed="100000.00")
        top = nodes.node("TOP", "130000.00")
        nodes.node("MID", "500000.00", members=(child,), parent=top)

        view = check(company, "50000.00")

        assert levels(view) == {
            "MID": ("passed", "50000.00", "400000.00"),
            "TOP": ("failed", "50000.00", "30000.00"),
        }

    def test_a_single_level_decides_alone(self, company):
        child = customers.customer(company, "C001")
        orders.rating(company, child)
        accounts.account(company, child)
        nodes.node("G1", "100000.00", members=(child,), strength="single")
        nodes.node("G2", "1.00", members=(child,))

        view = check(company, "50000.00")

        assert view.lets_through
        found = {result.check: result.finding.sentence for result in view.decision.results}
        assert found["line_set"] == "rule.level_decides"
        assert levels(view)["G2"][0] == "not_applicable"

    def test_an_own_order_is_never_counted_twice(self, company):
        child = orders.creditworthy(company, billed="0.00")
        nodes.node("G1", "60000.00", members=(child,))
        check(company, "50000.00")

        again = check(company, "60000.00")

        assert levels(again) == {"G1": ("passed", "60000.00", "60000.00")}

    def test_replays_identically(self, company):
        child = orders.creditworthy(company, billed="100000.00")
        nodes.node("G1", "420000.00", members=(child,))
        check(company, "50000.00")

        done = replay_decisions.replay_decisions(actor=SYSTEM)

        assert (done.replayed, done.identical) == (1, 1)


class TestMembership:
    def test_a_family_counts_three_levels_below_its_top(self, company):
        top = customers.customer(company, "TOP")
        middle = customers.customer(company, "MID", parent=top)
        accounts.account(company, top, billed="40000.00")
        accounts.account(company, middle, billed="30000.00")
        orders.creditworthy(company, billed="20000.00", parent=middle)
        nodes.node("F", "100000.00", kind="family", value="TOP")

        view = check(company, "10000.01")

        assert levels(view) == {"F": ("failed", "10000.01", "10000.00")}

    @pytest.mark.parametrize(
        ("kind", "field"),
        [
            ("salesperson", "salesperson"),
            ("department", "team"),
            ("region", "region"),
            ("industry", "industry"),
        ],
    )
    def test_what_stands_in_the_dossier_makes_members(self, company, kind, field):
        orders.creditworthy(company, billed="20000.00", **{field: "甲"})
        other = customers.customer(company, "C002", **{field: "乙"})
        accounts.account(company, other, billed="900000.00")
        nodes.node("N", "70000.00", kind=kind, value="甲")

        assert levels(check(company, "50000.01")) == {"N": ("failed", "50000.01", "50000.00")}

    def test_one_controller_makes_members_until_another_one_does(self, company):
        ours = orders.creditworthy(company, billed="20000.00")
        other = customers.customer(company, "C002")
        accounts.account(company, other, billed="30000.00")
        nodes.node("K", "70000.00", kind="controller", value="示例实控人")
        controlled(ours, "示例实控人")
        controlled(other, "示例实控人")
        assert levels(check(company, "20000.01")) == {"K": ("failed", "20000.01", "20000.00")}

        controlled(other, "示例他人", since=orders.DAY)

        assert levels(check(company, "20000.01", reference="SO-2")) == {
            "K": ("passed", "20000.01", "50000.00")
        }

    def test_a_portfolio_counts_everybody_of_its_company(self, company):
        other = companies.company("OTHER", "示例外贸有限公司")
        foreign = customers.customer(other, "C900")
        accounts.account(other, foreign, billed="900000.00")
        orders.creditworthy(company, billed="20000.00")
        nodes.node("P", "70000.00", kind="portfolio", company=company)

        assert levels(check(company, "50000.00")) == {"P": ("passed", "50000.00", "50000.00")}

    def test_all_legal_entities_count_where_no_company_is_named(self, company):
        other = companies.company("OTHER", "示例外贸有限公司")
        member = orders.creditworthy(company, billed="20000.00")
        accounts.account(other, member, billed="30000.00")
        nodes.node("G", "70000.00", members=(member,))

        assert levels(check(company, "20000.01")) == {"G": ("failed", "20000.01", "20000.00")}


class TestSharedLine:
    def test_an_order_in_usd_uses_the_line_in_cny_at_the_dated_rate(self, company):
        orders.creditworthy(company, billed="0.00")
        nodes.rate("USD", "CNY", "7.10")
        nodes.rate("USD", "CNY", "7.20", day=orders.DAY)
        nodes.rate("USD", "CNY", "9.99", day=orders.DAY + timedelta(days=1))

        view = check(company, "60000.00", currency="USD")

        assert view.lets_through
        assert levels(view) == {"line:CNY": ("passed", "432000.00", "500000.00")}
        rate = view.facts.nodes[0].line_in("USD").rate
        assert (rate.rate, rate.day) == (Decimal("7.2"), orders.DAY)

    def test_both_currencies_together_never_pass_the_line(self, company):
        orders.creditworthy(company, billed="0.00")
        nodes.rate("USD", "CNY", "7.00")
        check(company, "50000.00", reference="SO-USD", currency="USD")

        view = check(company, "150000.01", reference="SO-CNY")

        assert levels(view) == {"line:CNY": ("failed", "150000.01", "150000.00")}
        assert view.decision.outcome.text == "hold"

    def test_without_a_rate_a_person_looks(self, company):
        orders.creditworthy(company, billed="0.00")

        view = check(company, "10.00", currency="USD")

        assert view.decision.outcome.text == "review"
        assert levels(view)["line:CNY"][0] == "unknown"

    def test_a_line_of_its_own_is_not_shared(self, company):
        customer = orders.creditworthy(company, billed="0.00")
        orders.line(company, customer, "10000.00", currency="USD")

        view = check(company, "9000.00", currency="USD")

        assert view.lets_through
        assert view.facts.nodes == ()

    def test_a_line_of_zero_is_a_line(self, company):
        customer = orders.creditworthy(company, billed="0.00")
        orders.line(company, customer, "0.00", currency="USD")

        view = check(company, "10.00", currency="USD")

        assert view.decision.outcome.text == "hold"
        assert view.facts.nodes == ()

    def test_a_lapsed_line_is_shared_as_nothing(self, company):
        customer = customers.customer(company, "C001")
        orders.rating(company, customer)
        orders.line(company, customer, valid_to=date(2026, 2, 1))
        nodes.rate("USD", "CNY", "7.00")

        view = check(company, "10.00", currency="USD")

        assert levels(view) == {"line:CNY": ("failed", "70.00", "0.00")}


class TestGroupThatMoves:
    def test_a_posting_elsewhere_in_the_group_is_read_once_more(self, company, monkeypatch):
        child = orders.creditworthy(company, billed="0.00")
        sister = orders.creditworthy(company, "C002", billed="0.00")
        nodes.node("G1", "60000.00", members=(child, sister))
        reserve, calls = operations.reserve, []

        def after_a_posting(*, wanted):
            if not calls:
                accounts.account(company, sister, billed="20000.00")
            calls.append(wanted)
            return reserve(wanted=wanted)

        monkeypatch.setattr(operations, "reserve", after_a_posting)

        view = check(company, "50000.00")

        assert len(calls) == 2
        assert levels(view) == {"G1": ("passed", "50000.00", "60000.00")}
        with scope.entered(SYSTEM):
            assert Reservation.objects.count() == 1
