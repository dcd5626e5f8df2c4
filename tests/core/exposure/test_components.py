"""What cash for one order pays for: goods that left first, never more than the order counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.exposure import components, measure
from tradecredit.core.exposure.measure import MeasurePolicy
from tradecredit.core.kernel.money import Money

amounts = st.integers(min_value=0, max_value=10**9).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
switches = st.booleans()


def own(**amounts_by_name):
    return components.with_paid(components.of(amounts_by_name, "CNY"))


def paid(parts):
    return {stage: amount.text() for stage, amount in parts.paid.items()}


class TestWithPaid:
    def test_pays_for_goods_that_left_before_what_is_ordered(self):
        found = own(earmarked="70000.00", delivered="40000.00", ordered="60000.00")

        assert paid(found) == {"delivered": "40000.00", "ordered": "30000.00"}

    def test_pays_for_no_more_than_the_order_is(self):
        assert paid(own(earmarked="70000.00", reserved="50000.00")) == {"reserved": "50000.00"}

    def test_pays_for_nothing_where_nothing_counts(self):
        assert paid(own(earmarked="70000.00")) == {}

    @given(amounts, st.tuples(amounts, amounts, amounts), st.tuples(switches, switches, switches))
    def test_frees_at_most_the_cash_and_what_counts(self, cash, stages, counts):
        goods, orders, loose = counts
        policy = MeasurePolicy(counts_delivered=goods, counts_ordered=orders, counts_unapplied=loose)
        standing = dict(zip(components.PAID_STAGES, stages, strict=True))
        order = own(earmarked=cash, **standing)
        without = components.of(standing, "CNY")

        freed = measure.paid_in_advance(order, policy=policy)

        zero = Money.zero("CNY")
        counted = _exposure(without, policy)
        assert zero <= freed <= min(order.earmarked_cash, counted)
        if goods and orders:
            assert freed == min(order.earmarked_cash, counted)

    @given(amounts, amounts, amounts)
    def test_leaves_others_exactly_what_the_order_does_not_pay_for_in_advance(self, cash, billed, ordered):
        order = own(earmarked=cash, ordered=ordered)
        account = components.of({"billed": billed, "unapplied": f"-{cash}"}, "CNY").plus(order)

        rest = max(order.ordered - order.earmarked_cash, Money.zero("CNY"))
        assert _exposure(account, MeasurePolicy()) == account.billed + rest
        assert _exposure(account.less(order), MeasurePolicy()) == account.billed - order.earmarked_cash


class TestOf:
    def test_reads_back_what_was_written(self):
        parts = own(earmarked="70000.00", delivered="40000.00", ordered="60000.00")

        assert components.of(parts.as_dict(), "CNY") == parts


def _exposure(parts, policy):
    named = measure.parts_of(parts, policy=policy, prepaid=Money.zero("CNY"))
    return measure.total(named, currency="CNY")
