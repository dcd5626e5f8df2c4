from datetime import date
from decimal import Decimal

import pytest

from core.cash_application.open_books import candidate, cny, payment
from tradecredit.core.cash_application import matching
from tradecredit.core.cash_application.matching import MatchingPolicy, Proposal
from tradecredit.core.cash_application.tolerance import Allowance, Tolerance
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import PolicyError

FIFO = MatchingPolicy(by_fifo=True)


def proposed(remittance, *items, policy: MatchingPolicy | None = None) -> Proposal:
    return matching.propose(
        payment=remittance, unapplied=remittance.amount, open_items=items, policy=policy or MatchingPolicy()
    )


def booked(proposal: Proposal) -> list[tuple[str, str, str]]:
    return [(part.item_id, part.amount.text(), part.method) for part in proposal.booked]


class TestPropose:
    def test_books_the_invoice_that_is_named(self) -> None:
        proposal = proposed(
            payment("500.00", "INV-2"), candidate("INV-1", "500.00"), candidate("INV-2", "300.00")
        )

        assert booked(proposal) == [("INV-2", "300.00", "reference")]
        assert proposal.unapplied == cny("200.00")
        assert proposal.booked[0].words.zh == "付款注明发票 INV-2"

    def test_fills_the_instalments_of_a_named_invoice_by_due_day(self) -> None:
        proposal = proposed(
            payment("50.00", "INV-1"),
            candidate("later", "40.00", number="INV-1", due=date(2025, 6, 1)),
            candidate("sooner", "30.00", number="INV-1", due=date(2025, 5, 1)),
        )

        assert booked(proposal) == [("sooner", "30.00", "reference"), ("later", "20.00", "reference")]

    def test_books_the_invoice_quoted_in_the_text(self) -> None:
        proposal = proposed(payment("10.00", text="付 inv-1 款"), candidate("INV-1", "300.00"))

        assert booked(proposal) == [("INV-1", "10.00", "reference")]

    def test_does_not_guess_when_the_named_invoice_has_nothing_open(self) -> None:
        proposal = proposed(payment("300.00", "INV-9"), candidate("INV-1", "300.00"), policy=FIFO)

        assert proposal.booked == ()
        assert proposal.unapplied == cny("300.00")
        assert "INV-9" in proposal.words.en

    def test_applies_a_named_invoice_even_when_disputed(self) -> None:
        proposal = proposed(payment("1.00", "INV-1"), candidate("INV-1", "1.00", is_disputed=True))

        assert booked(proposal) == [("INV-1", "1.00", "reference")]

    def test_books_an_amount_that_fits_one_item(self) -> None:
        proposal = proposed(payment("500.00"), candidate("INV-1", "500.00"), candidate("INV-2", "300.00"))

        assert booked(proposal) == [("INV-1", "500.00", "exact_amount")]

    def test_books_an_amount_that_fits_one_whole_invoice(self) -> None:
        proposal = proposed(
            payment("70.00"),
            candidate("1/1", "30.00", number="INV-1"),
            candidate("1/2", "40.00", number="INV-1"),
            candidate("INV-2", "300.00"),
        )

        assert [part[0] for part in booked(proposal)] == ["1/1", "1/2"]

    def test_books_an_amount_that_settles_the_whole_account(self) -> None:
        proposal = proposed(payment("800.00"), candidate("INV-1", "500.00"), candidate("INV-2", "300.00"))

        assert len(proposal.booked) == 2

    def test_suggests_every_way_when_an_amount_fits_several(self) -> None:
        proposal = proposed(payment("5.00"), candidate("INV-1", "5.00"), candidate("INV-2", "5.00"))

        assert proposal.booked == ()
        assert [way[0].item_id for way in proposal.suggestions] == ["INV-1", "INV-2"]
        assert proposal.unapplied == cny("5.00")

    def test_keeps_to_suggestions_when_ambiguous_even_with_fifo(self) -> None:
        proposal = proposed(
            payment("5.00"), candidate("INV-1", "5.00"), candidate("INV-2", "5.00"), policy=FIFO
        )

        assert proposal.booked == ()

    def test_books_oldest_first_where_policy_says_so(self) -> None:
        proposal = proposed(
            payment("50.00"),
            candidate("new", "40.00", due=date(2025, 6, 1)),
            candidate("old", "30.00", due=date(2025, 4, 1)),
            policy=FIFO,
        )

        assert booked(proposal) == [("old", "30.00", "fifo"), ("new", "20.00", "fifo")]

    def test_leaves_the_payment_unapplied_where_policy_does_not(self) -> None:
        proposal = proposed(payment("50.00"), candidate("INV-1", "40.00"))

        assert (proposal.booked, proposal.suggestions) == ((), ())
        assert proposal.unapplied == cny("50.00")

    def test_passes_over_disputed_items_unless_policy_takes_them(self) -> None:
        contested = candidate("INV-1", "40.00", is_disputed=True)

        assert proposed(payment("40.00"), contested).booked == ()
        assert (
            len(proposed(payment("40.00"), contested, policy=MatchingPolicy(skip_disputed=False)).booked) == 1
        )

    def test_only_suggests_an_amount_within_the_tolerance(self) -> None:
        policy = MatchingPolicy(
            tolerance=Tolerance(short=Allowance(amounts={"CNY": Decimal(5)}, percent=Decimal(1)))
        )

        proposal = proposed(payment("397.00"), candidate("INV-1", "400.00"), policy=policy)

        assert proposal.booked == ()
        assert [(p.item_id, p.method) for p in proposal.suggestions[0]] == [("INV-1", "near_amount")]

    def test_never_touches_an_item_in_another_currency(self) -> None:
        remittance = payment("5.00", "INV-1")

        proposal = matching.propose(
            payment=remittance,
            unapplied=Money.of("5.00", "USD"),
            open_items=[candidate("INV-1", "5.00")],
            policy=FIFO,
        )

        assert proposal.booked == ()


class TestParse:
    def test_reads_the_switches(self) -> None:
        assert matching.parse({"by_fifo": True}) == FIFO

    def test_refuses_a_switch_that_is_no_truth_value(self) -> None:
        with pytest.raises(PolicyError, match=r"receivables\.matching\.by_fifo"):
            matching.parse({"by_fifo": "yes"})
