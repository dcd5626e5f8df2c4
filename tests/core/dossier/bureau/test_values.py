from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.dossier.bureau import values
from tradecredit.core.dossier.bureau.values import UnreadableValueError


class TestDay:
    @pytest.mark.parametrize(
        ("sent", "day"),
        [
            ("1532275200000", date(2018, 7, 23)),
            (1519920000000, date(2018, 3, 2)),
            ("1372262400000", date(2013, 6, 27)),
            (1712345678, date(2024, 4, 6)),
            ("-500000000000", date(1954, 2, 27)),
            ("2001-06-05 00:00:00.0", date(2001, 6, 5)),
            ("2015-07-14", date(2015, 7, 14)),
            ("2015年7月4日", date(2015, 7, 4)),
            ("2015/7/4", date(2015, 7, 4)),
            ("20150714", date(2015, 7, 14)),
            ("2020-01-01T00:00:00+08:00", date(2020, 1, 1)),
            # Summer time was in force: midnight there was 15:00 UTC the day before.
            ("642438000000", date(1990, 5, 12)),
        ],
    )
    def test_is_the_day_in_shanghai(self, sent, day):
        assert values.day(sent) == day

    @pytest.mark.parametrize("sent", [None, "", "-", "0", "暂无"])
    def test_is_absent_where_nothing_was_said(self, sent):
        assert values.day(sent) is None

    @pytest.mark.parametrize("sent", ["soon", "2015-13-40", "99999999999999", True])
    def test_is_never_guessed(self, sent):
        with pytest.raises(UnreadableValueError):
            values.day(sent)


class TestAmount:
    @pytest.mark.parametrize(
        ("sent", "text"),
        [
            ("77800.32万人民币", "778003200 CNY"),
            ("1342128万人民币", "13421280000 CNY"),
            ("3735.1363万人民币", "37351363 CNY"),
            ("500万美元", "5000000 USD"),
            ("1.2亿元", "120000000 CNY"),
            ("10217元", "10217 CNY"),
            ("1,800,000.50", "1800000.5 CNY"),
            ("１００万元", "1000000 CNY"),
            (Decimal("449800.00"), "449800 CNY"),
            (35, "35 CNY"),
        ],
    )
    def test_takes_units_and_currencies_from_words(self, sent, text):
        assert str(values.amount(sent)) == text

    def test_takes_them_from_beside(self):
        assert str(values.amount("5000", unit="万", currency="USD")) == "50000000 USD"

    @pytest.mark.parametrize("sent", [None, "-", "万元", "万人民币", "万美元"])
    def test_is_absent_where_there_is_only_a_unit(self, sent):
        assert values.amount(sent) is None

    @pytest.mark.parametrize("sent", ["若干", "100万至200万元"])
    def test_is_never_guessed(self, sent):
        with pytest.raises(UnreadableValueError):
            values.amount(sent)


class TestText:
    def test_loses_markup_and_entities(self):
        assert values.text("<em>示例甲</em>有限公司&nbsp;") == "示例甲有限公司"
        assert values.text("<a href=&singlequote&x&singlequote&>示例乙</a>") == "示例乙"


class TestNames:
    def test_splits_parties_and_drops_their_role(self):
        assert values.names("被告-示例甲公司,示例乙公司") == ("示例甲公司", "示例乙公司")

    def test_takes_objects(self):
        assert values.names([{"Name": "示例甲"}, {"name": "示例乙"}]) == ("示例甲", "示例乙")


class TestShare:
    @pytest.mark.parametrize(
        ("sent", "share"), [("35%", "0.35"), ("35.00", "0.35"), (Decimal("0.35"), "0.35"), ("100%", "1")]
    )
    def test_lies_between_nothing_and_all(self, sent, share):
        assert values.share(sent) == Decimal(share)

    def test_refuses_more_than_all(self):
        with pytest.raises(UnreadableValueError):
            values.share("135%")
