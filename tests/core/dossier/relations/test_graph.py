from datetime import date
from decimal import Decimal

from tradecredit.core.dossier.relations import graph
from tradecredit.core.dossier.relations.graph import Tie
from tradecredit.core.kernel.reasons import Words

DAY = date(2026, 3, 2)
TROUBLE = Words(zh="失信", en="dishonest")


def backs(source, target, **fields):
    return Tie(source=source, target=target, kind="guarantee", **fields)


def owns(source, target, share):
    return Tie(source=source, target=target, kind="shareholder", share=Decimal(share))


class TestControllers:
    def test_more_than_half_is_control_all_the_way_up(self):
        ties = [owns("P", "H", "0.6"), owns("H", "C", "0.51"), owns("Q", "C", "0.49")]

        assert graph.controllers(ties=ties, party="C") == (("P", Decimal(1)), ("Q", Decimal("0.49")))

    def test_shares_over_several_paths_are_added(self):
        ties = [owns("P", "A", "0.9"), owns("P", "C", "0.2"), owns("A", "C", "0.3")]

        assert graph.controllers(ties=ties, party="C") == (("P", Decimal("0.5")),)

    def test_owning_each_other_ends(self):
        ties = [owns("A", "B", "0.4"), owns("B", "A", "0.4")]

        assert graph.controllers(ties=ties, party="A") == (("B", Decimal("0.4")),)


class TestRings:
    def test_finds_each_ring_once(self):
        ties = [backs("A", "B"), backs("B", "C"), backs("C", "A"), backs("C", "D"), backs("B", "A")]

        found = [ring.parties for ring in graph.rings(ties=ties)]

        assert found == [("A", "B"), ("A", "B", "C")]

    def test_a_chain_is_no_ring(self):
        assert graph.rings(ties=[backs("A", "B"), backs("B", "C")]) == ()


class TestBroken:
    def test_names_the_path_to_the_link_that_does_not_hold(self):
        ties = [backs("B", "A"), backs("C", "B"), backs("E", "A", ends=date(2026, 3, 2))]

        found = graph.broken(ties=ties, troubled={"C": TROUBLE}, as_of=DAY, centre="A")

        assert [(one.path, one.words.en) for one in found] == [
            (("A", "E"), "the guarantee ended on 2026-03-02"),
            (("A", "B", "C"), "dishonest"),
        ]

    def test_a_ring_holds_nobody(self):
        ties = [backs("A", "B"), backs("B", "A")]

        (one,) = [
            b for b in graph.broken(ties=ties, troubled={}, as_of=DAY, centre="A") if b.tie.target == "A"
        ]

        assert "ring" in one.words.en


class TestContagion:
    def test_reaches_guarantors_subsidiaries_and_those_it_backs(self):
        ties = [
            backs("G", "X"),
            backs("X", "Y"),
            Tie(source="X", target="S", kind="parent"),
            backs("H", "G"),
            Tie(source="X", target="Z", kind="phone"),
        ]

        hits = {hit.party: hit.steps for hit in graph.contagion(ties=ties, failed="X")}

        assert hits == {"G": 1, "Y": 1, "S": 1, "H": 2}


class TestAround:
    def test_takes_the_ties_within_so_many_steps(self):
        ties = [backs("A", "B"), backs("B", "C"), backs("C", "D")]

        assert graph.around(ties=ties, centre="A", steps=2) == (ties[0], ties[1])
