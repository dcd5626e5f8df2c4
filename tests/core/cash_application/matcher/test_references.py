import pytest

from tradecredit.core.cash_application.matcher import references
from tradecredit.core.cash_application.matcher.references import Mentions

KNOWN = {
    "INV20260041",
    "INV20260042",
    "INV20260043",
    "INV20260044",
    "INV20260051",
    "SO77",
    "25442000000012345678",
}


def numbers(text: str) -> list[str]:
    return [one.removeprefix("INV2026") for one in references.find(text, known=KNOWN).numbers]


class TestFind:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("货款 INV-2026-0042 谢谢", ["0042"]),
            ("ｉｎｖ－２０２６－００４２", ["0042"]),
            ("付INV20260042、INV20260051款", ["0042", "0051"]),
            ("INV-2026-0041~0044", ["0041", "0042", "0043", "0044"]),
            ("INV20260041至INV20260043", ["0041", "0042", "0043"]),
            ("INV-2026-0041 - INV-2026-0043", ["0041", "0042", "0043"]),
            ("INV-2026-0041、42、44", ["0041", "0042", "0044"]),
            ("INV-2026-0041/0043 + 0051", ["0041", "0043", "0051"]),
            ("发票25442000000012345678", ["25442000000012345678"]),
        ],
    )
    def test_reads_whole_numbers_ranges_and_lists(self, text, expected) -> None:
        assert numbers(text) == expected

    @pytest.mark.parametrize("text", ["INV-2026-00421", "XINV-2026-0042", "2026 0042", "INV-2026-9999", ""])
    def test_reads_no_number_out_of_a_longer_or_unknown_one(self, text) -> None:
        assert numbers(text) == []

    def test_leaves_the_ends_of_numbers_for_whoever_knows_the_customer(self) -> None:
        assert references.find("尾号0042、51", known=KNOWN) == Mentions(numbers=(), loose=("0042",))

    def test_takes_no_range_of_more_than_sixty(self) -> None:
        known = {f"A{number:04d}" for number in range(100)}

        assert references.find("A0001~A0061", known=known).numbers == (
            *("A0001",),
            *(f"A{number:04d}" for number in range(2, 61)),
            "A0061",
        )
        assert references.find("A0001~A0062", known=known).numbers == ("A0001", "A0062")


class TestCompactWords:
    def test_joins_neighbouring_runs(self) -> None:
        assert references.compact_words("INV-42/7") == ("INV42", "INV427")

    def test_leaves_out_what_is_too_short_to_tell(self) -> None:
        assert references.compact_words("3件 A1 12345") == ("3A112345", "A112345")
