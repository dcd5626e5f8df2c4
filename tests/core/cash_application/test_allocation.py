import pytest

from core.cash_application.open_books import candidate, cny
from tradecredit.core.cash_application import allocation
from tradecredit.core.cash_application.allocation import Share


class TestAllocate:
    def test_goes_through_the_items_until_the_payment_is_used_up(self) -> None:
        allocated = allocation.allocate(
            payment=cny("100.00"),
            items=[candidate("a", "60.00"), candidate("b", "70.00"), candidate("c", "1.00")],
        )

        assert allocated.shares == (
            Share(item_id="a", amount=cny("60.00")),
            Share(item_id="b", amount=cny("40.00")),
        )
        assert allocated.unapplied == cny("0.00")

    def test_leaves_the_rest_unapplied(self) -> None:
        allocated = allocation.allocate(payment=cny("150.00"), items=[candidate("a", "60.00")])

        assert allocated.unapplied == cny("90.00")

    def test_skips_an_item_with_nothing_open(self) -> None:
        assert allocation.allocate(payment=cny("1.00"), items=[candidate("a", "0.00")]).shares == ()


class TestCheckShare:
    def test_lets_pass_what_is_open_and_unapplied(self) -> None:
        allocation.check_share(asked=cny("50.00"), open_amount=cny("50.00"), unapplied=cny("50.00"))

    @pytest.mark.parametrize(
        ("asked", "open_amount", "unapplied", "word"),
        [
            ("50.01", "50.00", "60.00", "still open"),
            ("50.01", "60.00", "50.00", "left of this payment"),
            ("0.00", "60.00", "50.00", "above zero"),
            ("-1.00", "60.00", "50.00", "above zero"),
        ],
    )
    def test_refuses_with_the_amounts(self, asked, open_amount, unapplied, word) -> None:
        with pytest.raises(allocation.UnableToAllocateError, match=word) as refusal:
            allocation.check_share(asked=cny(asked), open_amount=cny(open_amount), unapplied=cny(unapplied))

        assert refusal.value.facts == {"asked": asked, "open": open_amount, "unapplied": unapplied}
