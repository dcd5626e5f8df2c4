from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.cash_application.matcher.desks import POLICY, SISTER, TOOLS, desk, item, paid, sure_of, told
from tradecredit.core.cash_application.matcher.values import AdviceLine

EXACT = "name/invoice/exact/only"


class TestMatch:
    def test_books_what_is_named_when_the_evidence_has_been_right(self) -> None:
        match = desk(item("INV-1", "100.00"), item("INV-2", "50.00"), chances=sure_of(EXACT)).match(
            paid("100.00", text="货款 INV-1")
        )

        assert match.is_sure
        assert told(match) == [(EXACT, [("INV-1", "100.00")])]
        assert match.payer is not None
        assert match.payer.customer == "pumps"
        assert match.words.en == (
            "the payer's name is the customer's; the text names invoice INV-1; the amount is what is open on it"
        )
        assert match.words.zh == "付款户名与客户名称一致；附言写明发票 INV-1；金额正好等于其未清额"

    def test_books_nothing_on_evidence_nobody_has_seen(self) -> None:
        match = desk(item("INV-1", "100.00")).match(paid("100.00", text="INV-1"))

        assert not match.is_sure
        assert match.ways[0].probability == Decimal("0.5000")

    def test_a_sum_that_fits_one_way_only_is_told_from_one_that_fits_several(self) -> None:
        items = (item("INV-1", "300.00"), item("INV-2", "200.00"), item("INV-3", "80.00"))

        alone = desk(*items).match(paid("280.00"))
        several = desk(*items, item("INV-4", "200.00", due=date(2026, 9, 1))).match(paid("280.00"))

        assert told(alone) == [("name/none/sum/only", [("INV-2", "200.00"), ("INV-3", "80.00")])]
        assert [signature for signature, _ in told(several)] == ["name/none/sum/first", "name/none/sum/other"]

    def test_completes_what_the_text_left_out(self) -> None:
        match = desk(item("INV-1", "300.00"), item("INV-2", "200.00"), item("INV-3", "81.00")).match(
            paid("381.00", text="INV-1 等")
        )

        assert told(match)[0] == ("name/invoice/completed/only", [("INV-1", "300.00"), ("INV-3", "81.00")])

    def test_leaves_a_short_payment_partial_and_says_what_is_missing(self) -> None:
        match = desk(item("INV-1", "300.00")).match(paid("120.00", text="INV-1"))

        assert told(match) == [("name/invoice/part/only", [("INV-1", "120.00")])]
        assert match.ways[0].words is not None
        assert match.ways[0].words.en.endswith("a part payment, 180.00 stays open")

    def test_knows_a_discount_a_charge_and_a_tolerated_difference(self) -> None:
        book = (item("INV-1", "10000.00"),)

        found = [
            desk(*book).match(paid(amount, text="INV-1")).ways[0]
            for amount in ("9800.00", "9960.00", "9996.00", "10004.00", "10050.00")
        ]

        assert [way.fit for way in found] == ["discount", "charge", "tolerated", "over_tolerated", "over"]
        assert [way.reason for way in found] == [
            "discount",
            "charge",
            "tolerated",
            "on_account",
            "on_account",
        ]

    def test_says_so_when_the_named_invoice_is_settled(self) -> None:
        book = desk(
            item("INV-1", "100.00"), item("INV-2", "100.00"), chances=sure_of(EXACT, "name/paid/single/only")
        )
        first, again = book.match_all([paid("100.00", text="INV-1"), paid("100.00", text="INV-1")])

        assert first.is_sure
        assert told(again) == [("name/paid/single/only", [("INV-2", "100.00")])]
        assert not again.is_sure

    def test_follows_a_remittance_advice_line_by_line(self) -> None:
        advice = (AdviceLine(number="INV-2", amount=500000), AdviceLine(number="inv-1", amount=700000))
        book = desk(item("INV-1", "100.00"), item("INV-2", "50.00"))

        match = book.match(paid("120.00", advice=(advice[0], replace(advice[1], number="INV-1"))))

        assert told(match) == [("name/advice/exact/only", [("INV-1", "70.00"), ("INV-2", "50.00")])]

    def test_reads_the_end_of_a_number_among_the_payers_invoices_only(self) -> None:
        book = desk(item("INV-2026-0042", "10.00"), item("INV-2025-0042", "10.00", customer="tools"))

        assert told(book.match(paid("10.00", text="尾号0042"))) == [
            ("name/cut/exact/only", [("INV-2026-0042", "10.00")])
        ]

    def test_names_by_order_and_contract_too(self) -> None:
        book = desk(
            item("INV-1", "10.00", order_number="SO-77", contract_number="HT-99"),
            item("INV-2", "20.00", contract_number="HT-99"),
        )

        assert told(book.match(paid("10.00", text="订单SO77")))[0][0] == "name/order/exact/only"
        assert told(book.match(paid("20.00", text="合同HT-99")))[0] == (
            "name/contract/part_of_named/only",
            [("INV-2", "20.00")],
        )

    def test_passes_over_disputed_items_unless_they_are_named(self) -> None:
        book = desk(item("INV-1", "10.00", is_disputed=True))

        assert book.match(paid("10.00")).ways == ()
        assert told(book.match(paid("10.00", text="INV-1")))[0][0] == "name/invoice/exact/only"


class TestPayer:
    def test_an_invoice_paid_by_another_customer_is_for_a_person(self) -> None:
        match = desk(item("INV-1", "10.00"), chances=sure_of("contradicted/invoice/exact/only")).match(
            paid("10.00", text="INV-1", name=TOOLS.name)
        )

        assert not match.is_sure
        assert match.payer is None
        assert "C1, C2" in match.words.en

    def test_a_member_of_the_group_may_pay(self) -> None:
        match = desk(item("INV-1", "10.00"), chances=sure_of("group/invoice/exact/only")).match(
            paid("10.00", text="INV-1", name=SISTER.name)
        )

        assert match.is_sure
        assert match.payer is not None
        assert (match.payer.customer, match.payer.kind) == ("pumps", "group")

    def test_a_third_party_may_pay_what_it_names(self) -> None:
        match = desk(item("INV-1", "10.00")).match(paid("10.00", text="INV-1", name="示例支付服务"))

        assert told(match)[0][0] == "third/invoice/exact/only"
        assert match.payer is None

    def test_learned_accounts_and_names_tell_who_paid(self) -> None:
        learned = {"accounts": {"622": frozenset({"tools"})}, "aliases": {"老王": frozenset({"tools"})}}
        book = (item("INV-1", "10.00", customer="tools"),)

        by_account = desk(*book, **learned).match(paid("10.00", name="", payer_account="622"))
        by_name = desk(*book, **learned).match(paid("10.00", name="老王"))

        assert told(by_account)[0][0] == "account/none/single/only"
        assert told(by_name)[0][0] == "alias/none/single/only"

    def test_an_account_that_paid_for_several_tells_nobody_for_certain(self) -> None:
        learned = {"accounts": {"622": frozenset({"tools", "pumps"})}}
        match = desk(item("INV-1", "10.00"), **learned).match(paid("10.00", name="", payer_account="622"))

        assert match.payer is None
        assert told(match)[0][0] == "shared/none/single/only"

    def test_says_so_when_nobody_is_known(self) -> None:
        match = desk(item("INV-1", "10.00")).match(paid("10.00", name="示例无名"))

        assert (match.ways, match.payer) == ((), None)
        assert match.words.en.startswith("no invoice number")


class TestPolicy:
    def test_switches_keep_kinds_of_match_for_a_person(self) -> None:
        book = (item("INV-1", "10.00"),)
        chances = sure_of(EXACT, "name/none/single/only")
        careful = replace(POLICY, by_reference=False, by_exact_amount=False)

        assert desk(*book, chances=chances).match(paid("10.00")).is_sure
        assert not desk(*book, chances=chances, policy=careful).match(paid("10.00")).is_sure
        assert not desk(*book, chances=chances, policy=careful).match(paid("10.00", text="INV-1")).is_sure

    def test_a_higher_precision_books_less(self) -> None:
        book = (item("INV-1", "10.00"),)
        strict = replace(POLICY, precision=Decimal(1))

        assert (
            not desk(*book, chances=sure_of(EXACT), policy=strict).match(paid("10.00", text="INV-1")).is_sure
        )

    def test_books_the_oldest_first_only_where_policy_says_so(self) -> None:
        book = (item("INV-1", "10.00", due=date(2026, 5, 1)), item("INV-2", "90.00"))
        by_age = replace(POLICY, by_fifo=True)

        assert not desk(*book).match(paid("30.00")).is_sure
        match = desk(*book, policy=by_age).match(paid("30.00"))
        assert match.is_sure
        assert told(match) == [("name/none/oldest_first/only", [("INV-2", "30.00")])]


class TestCreditNotes:
    """Payers deduct what we credited them; what the credit note takes is set off, what is left is paid."""

    BOOK = (
        item("INV-1", "300.00"),
        item("INV-2", "200.00", due=date(2026, 4, 1)),
        item("CN-1", "80.00", is_credit=True),
    )

    def _shares(self, match):
        return [(share.item_id, share.amount // 10_000, share.credit_id) for share in match.ways[0].shares]

    def test_sets_off_the_credit_note_that_the_text_names(self) -> None:
        match = desk(*self.BOOK).match(paid("420.00", text="INV-1 INV-2 CN-1"))

        assert match.ways[0].signature == "name/invoice/net/only"
        assert self._shares(match) == [("INV-1", 80, "CN-1"), ("INV-1", 220, ""), ("INV-2", 200, "")]
        assert match.ways[0].needed == {"INV-1": 3_000_000, "CN-1": 800_000, "INV-2": 2_000_000}
        assert match.ways[0].paid == 4_200_000
        assert "less credit note CN-1" in match.words.en or "CN-1" in match.ways[0].words.en

    def test_finds_the_credit_note_that_explains_what_is_missing(self) -> None:
        match = desk(*self.BOOK).match(paid("220.00", text="INV-1"))

        assert self._shares(match) == [("INV-1", 80, "CN-1"), ("INV-1", 220, "")]

    def test_takes_the_net_of_the_whole_account(self) -> None:
        match = desk(*self.BOOK).match(paid("420.00"))

        assert match.ways[0].signature == "name/none/net_account/only"

    def test_a_named_credit_note_that_does_not_fit_is_left_aside(self) -> None:
        match = desk(*self.BOOK).match(paid("300.00", text="INV-1 CN-1"))

        assert self._shares(match) == [("INV-1", 300, "")]

    def test_credit_notes_alone_are_nothing_to_pay(self) -> None:
        match = desk(item("CN-1", "80.00", is_credit=True)).match(paid("80.00", text="CN-1"))

        assert match.ways == ()

    def test_a_credit_note_is_used_once(self) -> None:
        works = desk(*self.BOOK, chances=sure_of("name/invoice/net/only", "name/invoice/exact/only"))

        first = works.match_next(paid("220.00", text="INV-1 CN-1"))
        second = works.match_next(paid("120.00", text="INV-2 CN-1"))

        assert first.is_sure
        assert [(way.fit, way.gap) for way in second.ways] == [("part", 800_000)]
