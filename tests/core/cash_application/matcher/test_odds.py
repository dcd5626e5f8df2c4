from decimal import Decimal

from tradecredit.core.cash_application.matcher.odds import Odds, Tally


def odds(**tallies: tuple[int, int]) -> Odds:
    own = {key.replace("_", "/"): Tally(shown=shown, right=right) for key, (shown, right) in tallies.items()}
    return Odds(prior={}, own=own, prior_weight=0)


class TestOf:
    def test_leans_on_the_broader_kinds(self) -> None:
        found = odds(name_invoice_exact_only=(395, 395))

        # Each broader kind holds the same 395: 397.5/400, then (395 + 5 x that)/400, and so on.
        assert found.of("name/invoice/exact/only") == Decimal("0.9999")
        assert found.of("third/invoice/exact/only") == Decimal("0.9999")

    def test_is_a_half_where_nothing_is_known(self) -> None:
        assert odds().of("name/none/sum/first") == Decimal("0.5000")

    def test_falls_with_every_wrong_case(self) -> None:
        good, bad = odds(name_none_sum_first=(100, 100)), odds(name_none_sum_first=(100, 60))

        assert good.of("name/none/sum/first") == Decimal("0.9999")
        assert bad.of("name/none/sum/first") == Decimal("0.5999")

    def test_shipped_cases_weigh_no_more_than_their_weight(self) -> None:
        prior = {"name/none/sum/only": Tally(shown=10_000, right=10_000)}
        own = {"name/none/sum/only": Tally(shown=100, right=0)}

        light = Odds(prior=prior, own=own, prior_weight=100).of("name/none/sum/only")
        heavy = Odds(prior=prior, own=own, prior_weight=900).of("name/none/sum/only")

        assert (light, heavy) == (Decimal("0.5000"), Decimal("0.8999"))

    def test_is_never_nought(self) -> None:
        assert odds(name_none_sum_other=(1_000_000, 0)).of("name/none/sum/other") == Decimal("0.0001")
