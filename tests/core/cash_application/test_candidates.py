from datetime import date

from core.cash_application.open_books import candidate, cny
from tradecredit.core.cash_application import candidates


class TestEligible:
    def test_puts_the_oldest_due_day_first(self) -> None:
        new = candidate("new", "1.00", due=date(2025, 6, 1))
        old = candidate("old", "1.00", due=date(2025, 4, 1))
        settled = candidate("settled", "0.00", due=date(2025, 1, 1))

        assert candidates.eligible(candidates=[new, old, settled], currency="CNY") == (old, new)
        assert candidates.eligible(candidates=[new, old], currency="USD") == ()


class TestOfExactAmount:
    def test_counts_one_item_that_is_a_whole_account_once(self) -> None:
        only = candidate("a", "5.00")

        assert candidates.of_exact_amount(candidates=[only], amount=cny("5.00")) == ((only,),)

    def test_finds_nothing_among_nothing(self) -> None:
        assert candidates.of_exact_amount(candidates=[], amount=cny("0.00")) == ()


class TestAfter:
    def test_leaves_what_was_not_taken(self) -> None:
        books = [candidate("a", "5.00"), candidate("b", "5.00"), candidate("c", "5.00")]

        left = candidates.after(candidates=books, taken={"a": cny("5.00"), "b": cny("2.00")})

        assert [(item.item_id, item.open) for item in left] == [("b", cny("3.00")), ("c", cny("5.00"))]
