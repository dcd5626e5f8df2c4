from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.receivables.books import ALL_HISTORY, cny, entry, instalment
from tradecredit.core.receivables import payment_behaviour

TODAY = date(2025, 6, 30)
cents = st.integers(min_value=1, max_value=10**7).map(lambda n: Decimal(n).scaleb(-2))


@st.composite
def histories(draw):
    books = []
    for index in range(draw(st.integers(0, 8))):
        amount = draw(cents)
        due = TODAY - timedelta(days=draw(st.integers(-40, 300)))
        issued = min(due, TODAY) - timedelta(days=draw(st.integers(0, 60)))
        entries = []
        if draw(st.booleans()):
            share = draw(st.sampled_from(["1", "0.5"]))
            part = (amount * Decimal(share)).quantize(Decimal("0.01"))
            entries.append(entry(str(part), issued + timedelta(days=draw(st.integers(0, 90)))))
        books.append(instalment(str(amount), *entries, number=f"INV-{index}", issued=issued, due=due))
    return books


class TestMeasure:
    @given(books=histories(), data=st.data())
    def test_does_not_depend_on_the_order(self, books, data) -> None:
        arguments = {"policy": ALL_HISTORY, "as_of": TODAY, "currency": "CNY"}

        shuffled = payment_behaviour.measure(instalments=data.draw(st.permutations(books)), **arguments)

        assert shuffled == payment_behaviour.measure(instalments=books, **arguments)

    @given(books=histories())
    def test_keeps_rates_between_none_and_all(self, books) -> None:
        behaviour = payment_behaviour.measure(
            instalments=books, policy=ALL_HISTORY, as_of=TODAY, currency="CNY"
        )

        assert behaviour.sample_size <= len(books)
        if behaviour.sample_size == 0:
            assert behaviour.on_time_rate_by_amount is None
        else:
            assert 0 <= behaviour.on_time_rate_by_amount <= 1
            assert behaviour.weighted_days_late <= behaviour.weighted_days_delinquent
            assert behaviour.open_overdue_count <= behaviour.overdue_count
            assert behaviour.open_overdue_amount >= cny("0")
