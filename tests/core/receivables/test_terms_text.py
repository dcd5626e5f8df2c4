from decimal import Decimal

import pytest

from tradecredit.core.receivables import terms_text


def parts(text: str) -> list[tuple[str, str, int]]:
    return [(one.part.kind, f"{one.part.percent}", one.part.days) for one in terms_text.read(text).found]


class TestRead:
    def test_reads_three_parts_of_a_chinese_clause(self) -> None:
        text = "合同签订后7日内支付30%预付款，货到验收合格后30日内支付60%，余款10%作为质保金，质保期满12个月后支付。"

        assert parts(text) == [("prepayment", "30", 7), ("milestone", "60", 30), ("retention", "10", 360)]
        assert terms_text.read(text).is_whole

    def test_reads_an_english_clause(self) -> None:
        text = (
            "30% advance upon signing, 60% within 30 days of acceptance, balance as retention after 12 months"
        )

        assert parts(text) == [("prepayment", "30", 0), ("milestone", "60", 30), ("retention", "10", 360)]

    def test_reads_percentages_written_out(self) -> None:
        assert parts("百分之三十定金；发货前百分之六十五；余款验收后付") == [
            ("prepayment", "30", 0), ("milestone", "65", 0), ("milestone", "5", 0),
        ]  # fmt: skip

    def test_reads_terms_for_the_whole(self) -> None:
        (finding,) = terms_text.read("付款方式为月结60天").found

        assert (finding.part.days, finding.part.is_from_month_end, finding.part.percent) == (
            60,
            True,
            Decimal(100),
        )
        assert parts("Payment: net 45") == [("instalment", "100", 45)]

    def test_quotes_what_it_read_and_says_how_much_of_the_whole_it_is(self) -> None:
        found = terms_text.read("签订后预付30%。其他条款双方另议。")

        assert found.percent == Decimal(30)
        assert not found.is_whole
        assert "预付30%" in found.found[0].quote

    @pytest.mark.parametrize(
        "text", ["", "双方友好协商", "0% now", "120% later", "%%%，，，百分之", "一" * 30_000]
    )
    def test_finds_nothing_where_nothing_stands(self, text) -> None:
        assert terms_text.read(text).found == ()
