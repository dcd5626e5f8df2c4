from decimal import Decimal

from tradecredit.core.cash_application import remittance


class TestNormal:
    def test_compares_full_width_and_small_letters_as_equal(self) -> None:
        assert remittance.normal(" ｉｎｖ-1042 ") == "INV-1042"

    def test_keeps_leading_zeros(self) -> None:
        assert remittance.normal("0000611365") != remittance.normal("611365")


class TestPossibleNumbers:
    def test_finds_what_could_be_a_number_in_the_order_of_the_text(self) -> None:
        found = remittance.possible_numbers("货款INV-1043，inv-1042；合同 8 INV-1043 谢谢")

        assert found == ("INV-1043", "INV-1042", "8")


class TestListed:
    def test_reads_a_number_a_line_with_its_amount(self) -> None:
        found = remittance.listed("INV-1  1,200.50\nINV-2\n\nINV-3;¥80")

        assert [(one.number, one.amount) for one in found] == [
            ("INV-1", Decimal("1200.50")),
            ("INV-2", None),
            ("INV-3", Decimal(80)),
        ]
