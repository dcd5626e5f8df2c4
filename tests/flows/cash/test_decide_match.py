"""At the cash desk a person accepts, applies by hand, undoes; the matcher learns and never overrides."""

from datetime import date
from decimal import Decimal

import pytest

from factories import bank_files, customers, receivables
from factories.bank_files import csv_file
from factories.receivables import SYSTEM, invoice_row
from tradecredit.analytics.receivables import verification
from tradecredit.apps.cash_application import match_queries
from tradecredit.apps.cash_application.models import Allocation, BankLine, MatchOutcome, Payment
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.receivables.models import Instalment
from tradecredit.core.cash_application.matcher.odds import Tally
from tradecredit.core.cash_application.matcher.values import AdviceLine
from tradecredit.flows.cash import decide_match, import_bank_statement, match_again, undo_match
from tradecredit.flows.cash.apply_cash import Wanted
from tradecredit.flows.cash.desk_lines import UnableToDecideMatchError
from tradecredit.flows.cash.unapply_cash import UnableToUnapplyCashError
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db

NAME = "示例五金甲有限公司"


@pytest.fixture(autouse=True)
def in_scope():
    with scope.entered(SYSTEM):
        yield


@pytest.fixture
def customer(company):
    return customers.customer(company)


@pytest.fixture
def books(company, customer):
    """Three open invoices, two of them of 100.00."""
    receivables.invoices(
        company, invoice_row("INV-1001", "100.00"), invoice_row("INV-1002", "100.00"),
        invoice_row("INV-1003", "37.50"),
    )  # fmt: skip


def take(company, *rows: str) -> list[BankLine]:
    import_bank_statement.import_bank_statement(
        company=company, file=csv_file(*rows), files=bank_files.InThisProcess(), actor=SYSTEM
    )
    return list(BankLine.objects.order_by("pk"))


def row(amount: str, text: str = "往来款", *, name: str = NAME, number: str = "1", account: str = "") -> str:
    return f"2026-03-02,,{amount},,{name},{account},{text},EX000{number}"


def open_amounts() -> dict[str, Decimal]:
    rows = Instalment.objects.select_related("invoice").order_by("invoice__number")
    return {one.invoice.number: one.amount - one.settled_amount for one in rows}


def again(line: BankLine) -> BankLine:
    line.refresh_from_db()
    return line


class TestCreditNotes:
    def test_a_payment_less_a_credit_note_settles_the_invoice_with_both(self, company, books) -> None:
        receivables.credits_(company, receivables.credit_row("CN-1", "37.50"))
        (line,) = take(company, row("62.50", "INV-1001 CN-1"))

        decide_match.accept(company=company, line_id=line.pk, rank=1, actor=SYSTEM)

        assert {number: open_amounts()[number] for number in ("INV-1001", "CN-1")} == {
            "INV-1001": 0,
            "CN-1": 0,
        }
        found = Allocation.objects.order_by("amount").values_list("method", "amount")
        assert list(found) == [("credit_note", Decimal("37.50")), ("manual", Decimal("62.50"))]
        assert Payment.objects.get().allocated_amount == Decimal("62.50")
        assert again(line).status == "matched"
        assert verification.verify().differences == ()


class TestSuggestions:
    def test_what_fits_two_invoices_is_suggested_with_evidence_and_probability(self, company, books) -> None:
        (line,) = take(company, row("100.00"))

        ways = match_queries.suggestions(line_ids=[line.pk])[line.pk]

        assert (line.status, Payment.objects.get().allocated_amount) == ("suggested", 0)
        assert [way.fit for way in ways] == ["single", "single"]
        assert all(0 < way.probability < Decimal("0.6") for way in ways)
        assert "the amount is what is open on INV-1001; other sets fit as well" in ways[0].words.en

    def test_a_sum_that_fits_one_way_only_is_booked(self, company, books) -> None:
        (line,) = take(company, row("237.50"))

        assert line.status == "matched"
        assert set(open_amounts().values()) == {0}
        assert MatchOutcome.objects.get().end == "booked"


class TestAccept:
    def test_books_the_suggestion_and_learns_from_it(self, company, customer, books) -> None:
        (line,) = take(company, row("100.00"))

        outcome = decide_match.accept(company=company, line_id=line.pk, rank=2, actor=SYSTEM)

        assert (outcome.status, again(line).status) == ("matched", "matched")
        assert open_amounts() == {"INV-1001": 100, "INV-1002": 0, "INV-1003": Decimal("37.5")}
        assert Allocation.objects.get().method == "manual"
        assert match_queries.suggestions(line_ids=[line.pk]) == {}
        tallies = match_queries.tallies(company_id=company.pk)
        assert tallies == {
            "name/none/single/first": Tally(shown=1, right=0),
            "name/none/single/other": Tally(shown=1, right=1),
        }
        assert verification.verify().differences == ()

    def test_moves_exposure_in_the_same_transaction(self, company, customer, books) -> None:
        (line,) = take(company, row("100.00"))
        key = (company.pk, customer.pk, "CNY")

        decide_match.accept(company=company, line_id=line.pk, rank=1, actor=SYSTEM)

        account = exposure_queries.accounts_by_key([key])[key]
        assert (account.billed.text(), account.unapplied.text()) == ("137.50", "0.00")

    def test_refuses_what_is_not_open_any_more(self, company, books) -> None:
        first, second = take(company, row("100.00"), row("100.00", number="2"))
        decide_match.accept(company=company, line_id=first.pk, rank=1, actor=SYSTEM)

        with pytest.raises(UnableToDecideMatchError):
            decide_match.accept(company=company, line_id=second.pk, rank=1, actor=SYSTEM)

        assert Allocation.objects.count() == 1
        assert again(second).status == "suggested"

    def test_refuses_a_rank_that_is_not_there_and_a_line_that_is_settled(self, company, books) -> None:
        (line,) = take(company, row("100.00"))

        with pytest.raises(UnableToDecideMatchError):
            decide_match.accept(company=company, line_id=line.pk, rank=3, actor=SYSTEM)
        decide_match.accept(company=company, line_id=line.pk, rank=1, actor=SYSTEM)
        with pytest.raises(UnableToDecideMatchError):
            decide_match.accept(company=company, line_id=line.pk, rank=1, actor=SYSTEM)

    def test_a_suggestion_for_a_doubted_payer_makes_the_payment(self, company, customer, books) -> None:
        (line,) = take(company, row("60.00", "INV-1001", name="示例代付商行"))
        assert (line.status, Payment.objects.count()) == ("unidentified", 0)

        decide_match.accept(company=company, line_id=line.pk, rank=1, actor=SYSTEM)

        assert again(line).customer_id == customer.pk
        assert open_amounts()["INV-1001"] == 40

    def test_a_payer_confirmed_once_is_known_the_next_time(self, company, books) -> None:
        (line,) = take(company, row("60.00", "INV-1001", name="示例代付商行"))
        decide_match.accept(company=company, line_id=line.pk, rank=1, actor=SYSTEM)

        take(company, row("37.50", name="示例代付商行", number="2"))

        assert open_amounts()["INV-1003"] == 0
        assert "has paid for this customer before" in BankLine.objects.get(amount="37.50").reason_en


class TestApplyByHand:
    def test_splits_over_several_invoices_and_keeps_the_rest_on_account(self, company, books) -> None:
        (line,) = take(company, row("150.00"))
        wanted = [
            Wanted(invoice_number="INV-1002", amount=Decimal("80.00")),
            Wanted(invoice_number="INV-1003", amount=None),
        ]

        decide_match.apply_by_hand(
            company=company, line_id=line.pk, customer_code="C001", wanted=wanted, actor=SYSTEM
        )

        assert open_amounts() == {"INV-1001": 100, "INV-1002": 20, "INV-1003": 0}
        assert Payment.objects.get().allocated_amount == Decimal("117.50")
        assert again(line).status == "matched"

    def test_moves_a_line_to_the_customer_that_really_paid(self, company, books) -> None:
        other = customers.customer(company, code="C002", name="示例五金乙有限公司")
        receivables.invoices(company, invoice_row("INV-2001", "100.00", customer_code="C002"))
        (line,) = take(company, row("100.00"))

        decide_match.apply_by_hand(
            company=company, line_id=line.pk, customer_code="C002", wanted=[Wanted(invoice_number="INV-2001")],
            actor=SYSTEM,
        )  # fmt: skip

        assert again(line).customer_id == other.pk
        assert sorted(Payment.objects.values_list("allocated_amount", "returned_amount")) == [
            (0, 100),
            (100, 0),
        ]
        assert verification.verify().differences == ()


class TestFollowAdvice:
    def test_applies_as_the_payer_lists_it(self, company, books) -> None:
        (line,) = take(company, row("120.00"))
        advice = [
            AdviceLine(number="INV-1001", amount=900_000),
            AdviceLine(number="INV-1003", amount=300_000),
        ]

        decide_match.follow_advice(
            company=company, line_id=line.pk, customer_code="C001", advice=advice, actor=SYSTEM
        )

        assert open_amounts() == {"INV-1001": 10, "INV-1002": 100, "INV-1003": Decimal("7.5")}


class TestUndo:
    def test_what_was_booked_waits_again_and_is_not_booked_by_itself(self, company, books) -> None:
        (line,) = take(company, row("100.00", "INV-1001"))
        assert line.status == "matched"

        undo_match.undo(company=company, line_id=line.pk, reason="错配", actor=SYSTEM)
        counts = match_again.match_again(company=company, actor=SYSTEM)

        assert again(line).status == "suggested"
        assert dict(counts) == {"suggested": 1}
        assert open_amounts()["INV-1001"] == 100
        assert match_queries.tallies(company_id=company.pk) == {
            "name/invoice/exact/only": Tally(shown=1, right=0)
        }
        assert match_queries.suggestions(line_ids=[line.pk])[line.pk][0].fit == "exact"

    def test_needs_a_reason(self, company, books) -> None:
        (line,) = take(company, row("100.00", "INV-1001"))

        with pytest.raises(UnableToUnapplyCashError):
            undo_match.undo(company=company, line_id=line.pk, reason=" ", actor=SYSTEM)

        assert again(line).status == "matched"


class TestDenyPayer:
    def test_takes_the_line_away_from_the_customer(self, company, customer, books) -> None:
        (line,) = take(company, row("100.00", "INV-1001"))

        undo_match.deny_payer(company=company, line_id=line.pk, reason="同名", actor=SYSTEM)

        assert (again(line).status, line.customer_id, line.payment_id) == ("unidentified", None, None)
        assert open_amounts()["INV-1001"] == 100
        assert verification.verify().differences == ()
        decide_match.apply_by_hand(
            company=company, line_id=line.pk, customer_code="C001", wanted=[Wanted(invoice_number="INV-1002")],
            actor=SYSTEM,
        )  # fmt: skip
        assert Payment.objects.latest("recorded_at").number.endswith("-r1")


class TestLeaveOnAccount:
    def test_takes_the_line_off_the_list_unapplied(self, company, books) -> None:
        (line,) = take(company, row("100.00"))

        decide_match.leave_on_account(company=company, line_id=line.pk, actor=SYSTEM)

        assert (again(line).status, Payment.objects.get().allocated_amount) == ("matched", 0)


class TestMatchAgain:
    def test_books_what_an_invoice_that_came_later_makes_certain(self, company, customer) -> None:
        (line,) = take(company, row("100.00", "INV-1001"))
        assert line.status == "suggested"
        receivables.invoices(company, invoice_row("INV-1001", "100.00", invoice_date=date(2026, 3, 1)))

        match_again.match_again(company=company, actor=SYSTEM)

        assert again(line).status == "matched"
        assert open_amounts() == {"INV-1001": 0}
