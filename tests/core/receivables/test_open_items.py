from datetime import UTC, date, datetime

from core.receivables.books import RECORDED, cny, entry, instalment
from tradecredit.core.receivables import open_items
from tradecredit.core.receivables.open_items import Dispute

TENTH = date(2025, 5, 10)
LATER = datetime(2025, 6, 1, 9, tzinfo=UTC)


class TestOpenItems:
    def test_opens_in_full_the_day_before_the_money_came(self) -> None:
        invoice = instalment("100.00", entry("60.00", TENTH))

        (item,) = open_items.open_items(instalments=[invoice], as_of=date(2025, 5, 9))

        assert item.open == cny("100.00")

    def test_counts_money_on_the_day_it_came(self) -> None:
        invoice = instalment("100.00", entry("60.00", TENTH))

        (item,) = open_items.open_items(instalments=[invoice], as_of=TENTH)

        assert item.open == cny("40.00")

    def test_leaves_out_what_is_settled(self) -> None:
        assert (
            open_items.open_items(instalments=[instalment("5.00", entry("5.00", TENTH))], as_of=TENTH) == ()
        )

    def test_leaves_out_an_invoice_of_a_later_day(self) -> None:
        invoice = instalment(issued=date(2025, 5, 11), due=date(2025, 6, 11))

        assert open_items.open_items(instalments=[invoice], as_of=TENTH) == ()
        assert len(open_items.open_items(instalments=[invoice], as_of=date(2025, 5, 11))) == 1

    def test_leaves_out_what_was_recorded_later_than_the_moment(self) -> None:
        invoice = instalment("100.00", recorded_at=LATER)

        assert open_items.open_items(instalments=[invoice], as_of=TENTH, known_at=RECORDED) == ()
        assert len(open_items.open_items(instalments=[invoice], as_of=TENTH, known_at=LATER)) == 1

    def test_gives_the_old_answer_for_a_moment_before_a_reversal(self) -> None:
        invoice = instalment("100.00", entry("60.00", TENTH), entry("-60.00", TENTH, recorded_at=LATER))

        (known_then,) = open_items.open_items(instalments=[invoice], as_of=TENTH, known_at=RECORDED)
        (known_now,) = open_items.open_items(instalments=[invoice], as_of=TENTH)

        assert known_then.open == cny("40.00")
        assert known_now.open == cny("100.00")


class TestStand:
    def test_counts_a_dispute_from_its_first_day_to_its_last(self) -> None:
        dispute = Dispute(
            amount=cny("30.00"), opened_date=TENTH, closed_date=date(2025, 5, 20), recorded_at=RECORDED
        )
        invoice = instalment("100.00", disputes=(dispute,))

        disputed = [
            open_items.stand(instalment=invoice, as_of=day).disputed
            for day in (date(2025, 5, 9), TENTH, date(2025, 5, 19), date(2025, 5, 20))
        ]

        assert disputed == [cny("0"), cny("30.00"), cny("30.00"), cny("0")]

    def test_disputes_no_more_than_is_open(self) -> None:
        dispute = Dispute(amount=cny("30.00"), opened_date=TENTH, closed_date=None, recorded_at=RECORDED)
        invoice = instalment("100.00", entry("90.00", TENTH), disputes=(dispute,))

        assert open_items.stand(instalment=invoice, as_of=TENTH).disputed == cny("10.00")


class TestOpenItem:
    def test_is_overdue_from_the_day_after_the_due_day(self) -> None:
        item = open_items.stand(instalment=instalment(due=TENTH), as_of=TENTH)

        assert not item.is_overdue(TENTH)
        assert item.is_overdue(date(2025, 5, 11))
        assert item.days_overdue(date(2025, 5, 11)) == 1
        assert item.days_overdue(date(2025, 5, 9)) == -1

    def test_is_not_overdue_once_settled(self) -> None:
        item = open_items.stand(instalment=instalment("5.00", entry("5.00", TENTH)), as_of=TENTH)

        assert not item.is_overdue(date(2025, 12, 31))
