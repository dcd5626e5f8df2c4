from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from factories.credit_facts import cny
from tradecredit.core.exposure import components, nodes
from tradecredit.core.exposure.measure import MeasurePolicy
from tradecredit.core.exposure.nodes import Node, NodeLine, Strength
from tradecredit.core.exposure.rates import Rate
from tradecredit.core.kernel.limit import Amount, NotSet
from tradecredit.core.kernel.money import Money

NOTHING = components.none_in("CNY")
SAME = Rate(source="CNY", target="CNY", rate=Decimal(1), day=date(2026, 3, 2))
COVERED = MeasurePolicy(cover_uses={"guarantee": "exposure", "collateral": "line"})


def node(limit="1000000.00", kind="group", **parts):
    line = NodeLine(parts=components.of(parts, "CNY"), rate=SAME)
    return Node(
        code="G1",
        name="G1",
        kind=kind,
        currency="CNY",
        strength=Strength.JOINT,
        limit=Amount(cny(limit)),
        lines=(line,),
    )


def left(level, asked="100.00", own=NOTHING, account=NOTHING, policy=COVERED, **fields):
    found = nodes.room(level, asked=cny(asked), own=own, account=account, policy=policy, **fields)
    return found.available.money.text()


class TestRoom:
    def test_leaves_out_what_is_disputed_where_policy_does(self):
        level = node(billed="400000.00", disputed="90000.00")

        assert left(level, policy=MeasurePolicy(counts_disputed=False)) == "690000.00"
        assert left(level, policy=MeasurePolicy()) == "600000.00"

    def test_gives_no_room_from_cash_that_is_for_other_orders(self):
        level = node(billed="400000.00", unapplied="-50000.00", earmarked="30000.00")

        assert left(level) == "620000.00"

    def test_gives_the_document_its_own_earmarked_cash(self):
        level = node(billed="400000.00", unapplied="-50000.00", earmarked="30000.00")
        own = components.of({"earmarked": "30000.00"}, "CNY")

        assert left(level, own=own) == "650000.00"

    def test_counts_cash_for_the_document_where_policy_counts_no_other(self):
        level = node(billed="400000.00", unapplied="-50000.00")
        policy = MeasurePolicy(counts_unapplied=False)

        assert left(level, policy=policy, prepaid=cny("20000.00")) == "620000.00"

    def test_weighs_bills_by_their_acceptor(self):
        level = node(**{"bill": "400000.00", "bill.state_bank.held": "300000.00"})
        policy = MeasurePolicy(bill_weights={"state_bank.held": Decimal("0.1")})

        assert left(level, policy=policy) == "870000.00"

    def test_takes_off_what_covers_the_other_members(self):
        level = node(**{"billed": "400000.00", "cover.guarantee": "150000.00"})

        assert left(level) == "750000.00"

    @pytest.mark.parametrize(
        ("owed", "asked", "expected"),
        [
            # Nothing owed: the guarantee of 100,000 covers 60,000 of the document itself.
            ("0", "60000.00", "660000.00"),
            # 70,000 owed and 60,000 asked: 100,000 covered.
            ("70000.00", "60000.00", "700000.00"),
            # What the member does not owe makes no room for others.
            ("20000.00", "10000.00", "630000.00"),
        ],
    )
    def test_covers_the_member_up_to_what_it_owes_with_the_document(self, owed, asked, expected):
        account = components.of({"billed": owed, "cover.guarantee": "100000.00"}, "CNY")
        level = node(**{"billed": "400000.00", "cover.guarantee": "0"})

        assert left(level, asked=asked, account=account) == expected

    def test_knows_no_cover_where_none_was_gathered(self):
        account = components.of({"billed": "70000.00", "cover.guarantee": "100000.00"}, "CNY")

        assert left(node(billed="400000.00"), account=account) == "600000.00"

    def test_is_none_without_a_rate(self):
        assert (
            nodes.room(node(), asked=Money.of("1.00", "USD"), own=NOTHING, account=NOTHING, policy=COVERED)
            is None
        )


class TestMoved:
    def test_moves_stages_and_leaves_covers_and_bills(self):
        level = node(**{"billed": "400000.00", "cover.guarantee": "5.00", "bill.commercial.held": "7.00"})
        loses = components.of({"billed": "100000.00", "cover.guarantee": "3.00"}, "CNY")
        gains = components.of({"ordered": "40000.00"}, "CNY")

        moved = level.moved(loses=loses, gains=gains).lines[0].parts

        assert (moved.billed.text(), moved.ordered.text()) == ("300000.00", "40000.00")
        assert moved.covers == {"guarantee": cny("5.00")}
        assert moved.bills == {"commercial.held": cny("7.00")}

    def test_moves_no_earmarked_cash_that_the_level_does_not_know_of(self):
        moved = node(billed="400000.00").moved(loses=components.of({"earmarked": "9.00"}, "CNY"))

        assert moved.lines[0].parts.earmarked is None


class TestWithCover:
    def test_raises_a_shared_line_by_cover_of_that_use(self):
        level = node(**{"cover.collateral": "100000.00", "cover.guarantee": "9.00"})

        raised = nodes.with_cover(Amount(cny("500000.00")), level.lines, policy=COVERED)

        assert raised == Amount(cny("600000.00"))

    def test_grants_no_line_by_itself(self):
        assert nodes.with_cover(NotSet(), node().lines, policy=COVERED) == NotSet()
