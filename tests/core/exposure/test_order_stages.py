"""Where an order's obligations stand: its documents alone decide it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.exposure import order_stages
from tradecredit.core.exposure.order_stages import OrderDocuments, Shipment
from tradecredit.core.kernel.money import Money

DAY = date(2026, 3, 2)
cents = st.integers(min_value=0, max_value=10_000_000)


def cny(amount) -> Money:
    return Money.of(amount if isinstance(amount, str) else str(amount), "CNY")


def in_yuan(amount: int) -> str:
    return f"{Decimal(amount).scaleb(-2):f}"


def shipment(number: str, amount, *, returned="0", replaced="0", billed="0", day=DAY) -> Shipment:
    return Shipment(
        number=number,
        day=day,
        amount=cny(amount),
        returned=cny(returned),
        replaced=cny(replaced),
        billed=cny(billed),
    )


def stages(*shipments: Shipment, amount="100000", billed="0", credited="0", under_way=True):
    return order_stages.stages(
        OrderDocuments(
            amount=cny(amount),
            is_under_way=under_way,
            shipments=shipments,
            billed=cny(billed),
            credited=cny(credited),
        )
    )


def texts(found) -> tuple[str, dict[str, str]]:
    return found.ordered.text(), {number: amount.text() for number, amount in found.delivered.items()}


class TestStages:
    def test_the_worked_example(self):
        found = stages(shipment("DN-1", 30000), shipment("DN-2", 40000), billed="50000")

        assert texts(found) == ("30000.00", {"DN-1": "0.00", "DN-2": "20000.00"})

    def test_bills_the_oldest_delivery_first_whatever_order_they_are_given_in(self):
        late, early = shipment("DN-1", 10000, day=date(2026, 3, 9)), shipment("DN-2", 10000)

        assert texts(stages(late, early, billed="10000"))[1] == {"DN-2": "0.00", "DN-1": "10000.00"}

    def test_bills_what_the_invoice_names_before_the_oldest(self):
        found = stages(shipment("DN-1", 10000), shipment("DN-2", 10000, billed="8000"), billed="8000")

        assert texts(found)[1] == {"DN-1": "10000.00", "DN-2": "2000.00"}

    def test_an_order_that_has_ended_has_nothing_left_to_leave(self):
        found = stages(shipment("DN-1", 30000), under_way=False)

        assert texts(found) == ("0.00", {"DN-1": "30000.00"})

    def test_invoices_beyond_the_order_leave_nothing_below_zero(self):
        assert texts(stages(billed="130000")) == ("0.00", {})

    def test_what_was_returned_does_not_leave_again(self):
        assert texts(stages(shipment("DN-1", 30000, returned="10000"))) == ("70000.00", {"DN-1": "20000.00"})

    def test_what_is_replaced_is_still_to_leave(self):
        assert texts(stages(shipment("DN-1", 30000, replaced="10000"))) == ("80000.00", {"DN-1": "20000.00"})

    def test_a_credit_note_counts_as_far_as_goods_came_back(self):
        invoiced = stages(shipment("DN-1", 30000, replaced="10000"), billed="30000")
        credited = stages(shipment("DN-1", 30000, replaced="10000"), billed="30000", credited="25000")

        assert (invoiced.ordered.text(), credited.ordered.text()) == ("70000.00", "80000.00")

    @given(st.lists(cents, max_size=5), cents, cents)
    def test_order_delivery_and_invoice_never_count_one_part_twice(self, shipped, billed, amount):
        found = stages(
            *(shipment(f"DN-{at}", in_yuan(cents_)) for at, cents_ in enumerate(shipped)),
            amount=in_yuan(amount),
            billed=in_yuan(billed),
        )  # fmt: skip
        unbilled = sum(round(one.amount * 100) for one in found.delivered.values())
        ordered = round(found.ordered.amount * 100)

        assert unbilled == max(0, sum(shipped) - billed)
        assert ordered == max(0, amount - max(sum(shipped), billed))
        assert ordered + unbilled + billed == max(amount, sum(shipped), billed)
