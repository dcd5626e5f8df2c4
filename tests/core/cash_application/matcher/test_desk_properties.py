"""Whatever is paid and open: the matcher never gives out more than either, and never depends on how the books are sorted."""

from hypothesis import given
from hypothesis import strategies as st

from core.cash_application.matcher.desks import desk, item, paid

cents = st.integers(min_value=1, max_value=500).map(lambda number: f"{number / 100:.2f}")
books = st.lists(cents, max_size=8).map(
    lambda amounts: [item(f"INV-{place}", amount) for place, amount in enumerate(amounts, start=1000)]
)
texts = st.sampled_from(["", "INV-1000", "INV-1000、1002", "INV-9999"])


class TestMatch:
    @given(amount=cents, items=books, text=texts)
    def test_shares_are_within_what_is_open_and_what_was_paid(self, amount, items, text) -> None:
        payment = paid(amount, text=text)

        match = desk(*items).match(payment)

        is_open = {one.item_id: one.open for one in items}
        for way in match.ways:
            assert len(way.items) == len(way.shares)
            assert all(0 < share.amount <= is_open[share.item_id] for share in way.shares)
            assert sum(share.amount for share in way.shares) <= payment.amount

    @given(amount=cents, items=books, text=texts, data=st.data())
    def test_does_not_depend_on_the_order_of_the_books(self, amount, items, text, data) -> None:
        payment = paid(amount, text=text)

        assert desk(*data.draw(st.permutations(items))).match(payment) == desk(*items).match(payment)
