from datetime import date
from decimal import Decimal

from tradecredit.core.kernel import limit
from tradecredit.core.kernel.money import Money
from tradecredit.core.sources import tallies
from tradecredit.core.sources.standings import Standing
from tradecredit.core.sources.tallies import Document, Side

DAY = date(2026, 3, 2)


def document(number, amount, *, day=DAY, currency="CNY"):
    return Document(number=number, day=day, currency=currency, amount=Decimal(amount))


class TestCompare:
    def test_counts_and_sums_by_day_and_currency(self):
        theirs = [document("A", "10.00"), document("B", "5.50"), document("C", "7.00", currency="USD")]

        cny, usd = tallies.compare(theirs=theirs, ours=theirs)

        assert (cny.theirs, cny.ours, cny.is_equal) == (Side(count=2, total=Decimal("15.50")),) * 2 + (True,)
        assert (usd.currency, usd.ours.count) == ("USD", 1)

    def test_equal_sums_of_different_documents_are_no_agreement(self):
        (day,) = tallies.compare(theirs=[document("A", "10.00")], ours=[document("B", "10.00")])

        assert day.theirs == day.ours
        assert (day.is_equal, day.missing, day.surplus) == (False, ("A",), ("B",))

    def test_a_document_on_another_day_is_missing_here_and_surplus_there(self):
        moved = document("A", "10.00", day=date(2026, 3, 3))

        first, second = tallies.compare(theirs=[document("A", "10.00")], ours=[moved])

        assert (first.missing, second.surplus) == (("A",), ("A",))

    def test_differing_amounts_are_named(self):
        (day,) = tallies.compare(theirs=[document("A", "10.00")], ours=[document("A", "10.01")])

        assert day.differing == ("A",)


class TestStanding:
    def test_says_zero_unlimited_and_not_set_apart(self):
        limits = (limit.Amount(Money.of("0", "CNY")), limit.Unlimited(), limit.NotSet())
        found = [Standing(customer_code="C1", is_held=False, limit=one, currency="CNY") for one in limits]

        assert [one.content()["limit"] for one in found] == ["0.00", "unlimited", "not set"]
        assert len({one.digest() for one in found}) == 3
