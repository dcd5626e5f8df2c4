from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.cash_application.open_books import candidate, payment
from tradecredit.core.cash_application import allocation, matching
from tradecredit.core.cash_application.matching import MatchingPolicy
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money

cents = st.integers(min_value=1, max_value=500).map(lambda n: str(Decimal(n).scaleb(-2)))
books = st.lists(cents, max_size=8).map(
    lambda amounts: [candidate(f"i{index}", amount) for index, amount in enumerate(amounts)]
)
policies = st.builds(
    MatchingPolicy, by_reference=st.booleans(), by_exact_amount=st.booleans(), by_fifo=st.booleans()
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


class TestPropose:
    @given(paid=cents, items=books, policy=policies, names=st.booleans())
    def test_books_at_most_what_is_open_and_what_was_paid(self, paid, items, policy, names) -> None:
        amount = Money.of(paid, "CNY")
        numbers = tuple(item.invoice_number for item in items[:2]) if names else ()

        proposal = matching.propose(
            payment=payment(paid, *numbers), unapplied=amount, open_items=items, policy=policy
        )

        booked = money.total((part.amount for part in proposal.booked), "CNY")
        assert booked + proposal.unapplied == amount
        open_by_id = {item.item_id: item.open for item in items}
        for way in (proposal.booked, *proposal.suggestions):
            assert all(part.amount <= open_by_id[part.item_id] for part in way)
            assert money.total((part.amount for part in way), "CNY") <= amount

    @given(paid=cents, items=books, policy=policies, data=st.data())
    def test_does_not_depend_on_the_order_of_the_books(self, paid, items, policy, data) -> None:
        amount = Money.of(paid, "CNY")

        def proposed(books):
            return matching.propose(
                payment=payment(paid), unapplied=amount, open_items=books, policy=policy
            ).booked

        assert proposed(data.draw(st.permutations(items))) == proposed(items)
