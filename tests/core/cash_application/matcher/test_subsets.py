from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.cash_application.matcher import subsets
from tradecredit.core.cash_application.matcher.subsets import Found

AMOUNTS = st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=9)


class TestAddingUp:
    def test_finds_the_only_set(self) -> None:
        assert subsets.adding_up([700, 300, 110], 410, largest=6, most=3) == Found(
            sets=((1, 2),), is_whole=True
        )

    def test_shows_every_set_when_several_fit(self) -> None:
        found = subsets.adding_up([300, 200, 500], 500, largest=6, most=3)

        assert found == Found(sets=((2,), (0, 1)), is_whole=True)

    def test_says_when_there_are_more_than_it_shows(self) -> None:
        found = subsets.adding_up([5, 5, 5, 5], 5, largest=6, most=3)

        assert found == Found(sets=((0,), (1,), (2,)), is_whole=False)

    def test_takes_no_set_larger_than_asked(self) -> None:
        assert subsets.adding_up([1, 2, 4], 7, largest=2, most=3).sets == ()

    def test_says_when_there_were_too_many_amounts_to_look_at_all_sets(self) -> None:
        amounts = [1000 + 7 * place for place in range(30)]

        found = subsets.adding_up(amounts, amounts[28] + amounts[29], largest=6, most=3)

        assert (28, 29) in found.sets
        assert not found.is_whole

    @given(amounts=AMOUNTS, target=st.integers(min_value=1, max_value=200))
    def test_finds_what_trying_every_set_finds(self, amounts, target) -> None:
        every = [
            chosen
            for size in range(1, len(amounts) + 1)
            for chosen in combinations(range(len(amounts)), size)
            if sum(amounts[place] for place in chosen) == target
        ]

        found = subsets.adding_up(amounts, target, largest=9, most=10_000)

        assert sorted(found.sets) == sorted(every)
        assert found.is_whole
