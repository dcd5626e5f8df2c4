from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.exposure import components, headroom
from tradecredit.core.exposure.components import ExposureParts
from tradecredit.core.exposure.measure import MeasurePolicy
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money

cents = st.integers(min_value=0, max_value=10**12).map(lambda units: Money(Decimal(units).scaleb(-2), "CNY"))
flags = st.booleans()
policies = st.builds(
    MeasurePolicy,
    counts_ordered=flags,
    counts_delivered=flags,
    counts_billed=flags,
    counts_disputed=flags,
    counts_bill=flags,
    counts_unapplied=flags,
)
exposures = st.builds(
    ExposureParts,
    ordered=cents,
    delivered=cents,
    billed=cents,
    bill=cents,
    unapplied=cents.map(lambda money: -money),
    reserved=cents,
    disputed=cents,
)


class TestHeadroomProperties:
    @given(base=cents, temporary=st.none() | cents, parts=exposures, policy=policies, prepaid=cents)
    def test_the_equation_adds_up(self, base, temporary, parts, policy, prepaid):
        found = headroom.headroom(
            base=Amount(base), temporary=temporary, parts=parts, policy=policy, prepaid=prepaid
        )

        assert found.adds_up
        assert isinstance(found.limit, Amount)
        assert found.available == Amount(found.limit.money - found.exposure)

    @given(parts=exposures, own=exposures)
    def test_taking_out_and_adding_again_changes_nothing(self, parts, own):
        assert components.none_in("CNY").plus(parts) == parts
        assert parts.plus(components.none_in("CNY")).total == parts.total
