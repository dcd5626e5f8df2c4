from tradecredit.core.cash_application import remittance


class TestNormal:
    def test_compares_full_width_and_small_letters_as_equal(self) -> None:
        assert remittance.normal(" ｉｎｖ-1042 ") == "INV-1042"

    def test_keeps_leading_zeros(self) -> None:
        assert remittance.normal("0000611365") != remittance.normal("611365")


class TestQuotedNumbers:
    def test_finds_known_numbers_in_the_order_of_the_text(self) -> None:
        found = remittance.quoted_numbers(
            text="货款INV-1043，inv-1042；合同 8", known=["INV-1042", "INV-1043", "INV-1044"]
        )

        assert found == ("INV-1043", "INV-1042")

    def test_takes_whole_words_only(self) -> None:
        assert remittance.quoted_numbers(text="INV-10421 XINV-1042", known=["INV-1042"]) == ()

    def test_names_each_number_once(self) -> None:
        assert remittance.quoted_numbers(text="A1 A1", known=["A1"]) == ("A1",)
