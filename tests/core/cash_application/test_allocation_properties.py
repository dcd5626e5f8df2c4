from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.cash_application.open_books import candidate
from tradecredit.core.cash_application import allocation
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money

cents = st.integers(min_value=1, max_value=500).map(lambda n: str(Decimal(n).scaleb(-2)))
books = st.lists(cents, max_size=8).map(
    lambda amounts: [candidate(f"i{index}", amount) for index, amount in enumerate(amounts)]
)


class TestAllocate:
    @given(paid=cents, items=books)
    def test_shares_and_rest_are_the_payment(self, paid, items) -> None:
        amount = Money.of(paid, "CNY")

        allocated = allocation.allocate(payment=amount, items=items)

        assert money.total((s.amount for s in allocated.shares), "CNY") + allocated.unapplied == amount
        open_by_id = {item.item_id: item.open for item in items}
        assert all(share.amount <= open_by_id[share.item_id] for share in allocated.shares)
        assert allocated.unapplied >= Money.zero("CNY")

    @given(paid=cents, items=books, data=st.data())
    def test_applies_the_same_total_in_every_order(self, paid, items, data) -> None:
        amount = Money.of(paid, "CNY")

        other = allocation.allocate(payment=amount, items=data.draw(st.permutations(items)))

        assert other.unapplied == allocation.allocate(payment=amount, items=items).unapplied
