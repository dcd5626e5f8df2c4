"""Figures as people read them, and pictures that begin at zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tradecredit.analytics.dashboards import finder
from tradecredit.doors.web import figures
from tradecredit.doors.web.charts import bars, heat, lines, svg, waterfall


class TestShort:
    @pytest.mark.parametrize(
        ("amount", "zh", "en"),
        [
            ("123000000", "1.23 亿", "123.00 m"),
            ("456000", "45.60 万", "456.00 k"),
            ("9999.99", "9,999.99", "9,999.99"),
            ("-36000", "-3.60 万", "-36.00 k"),
            ("0", "0.00", "0.00"),
        ],
    )
    def test_writes_cards_in_each_language(self, amount: str, zh: str, en: str):
        assert figures.short(Decimal(amount), "CNY", language="zh") == zh
        assert figures.short(Decimal(amount), "CNY", language="en") == en


class TestExact:
    def test_groups_thousands_and_keeps_every_digit(self):
        assert figures.exact(Decimal("-1234567.5"), "CNY") == "-1,234,567.50"
        assert figures.exact(Decimal(1234567), "JPY") == "1,234,567"

    def test_puts_the_sign_of_currency_after_the_minus(self):
        assert figures.with_sign("-36,000.00", "CNY") == "-¥36,000.00"


class TestDay:
    def test_writes_days_in_each_language(self):
        assert figures.day(date(2026, 11, 22), language="zh") == "2026年11月22日"
        assert figures.day(date(2026, 11, 22), language="en") == "22 Nov 2026"


class TestAmountOf:
    @pytest.mark.parametrize(
        ("text", "amount"),
        [("12.5万", "125000"), ("125,000", "125000"), ("¥1.2亿", "120000000"), ("3k", "3000")],
    )
    def test_reads_amounts_as_people_type_them(self, text: str, amount: str):
        assert finder.amount_of(text) == Decimal(amount)

    def test_knows_what_is_no_amount(self):
        assert finder.amount_of("slwj") is None


class TestNiceTop:
    @pytest.mark.parametrize(
        ("largest", "top"), [("312", "400"), ("0.7", "0.8"), ("1000", "1000"), ("0", "4")]
    )
    def test_ends_an_axis_at_a_round_figure(self, largest: str, top: str):
        assert svg.nice_top(Decimal(largest)) == Decimal(top)


class TestWaterfall:
    def test_table_twin_adds_up_to_the_bars(self):
        place = waterfall.Place(
            limit=Decimal(500), currency="CNY", limit_label="Limit", total_label="Total", finding="f",
            basis="CNY", language="en", headers=("Stage", "Amount"),
        )  # fmt: skip

        chart = waterfall.waterfall(
            [waterfall.Step("A", Decimal(400)), waterfall.Step("B", Decimal(200))], place
        )

        assert chart.table.rows == (
            ("A", "400.00"),
            ("B", "200.00"),
            ("Total", "600.00"),
            ("Limit", "500.00"),
        )
        assert "c-bad" in chart.wide


class TestBars:
    def test_escapes_names_from_outside(self):
        bar = bars.amount_bar("<script>", Decimal(5), "CNY", language="zh")

        assert "<script>" not in bars.bars([bar], finding="f", basis="b", headers=("a", "b")).wide


class TestHeat:
    def test_later_buckets_are_warmer_and_nothing_is_cold(self):
        assert [heat.heat_of(Decimal(1), bucket=at) for at in range(6)] == [1, 2, 3, 4, 5, 6]
        assert heat.heat_of(Decimal(0), bucket=5) == 0


class TestLine:
    def test_the_longest_figure_of_the_axis_finds_room(self):
        points = [
            lines.Point(on=date(2026, 1, 1), value=Decimal(0)),
            lines.Point(on=date(2026, 11, 1), value=Decimal(1500000)),
        ]
        look = lines.Look(
            finding="f",
            basis="b",
            language="zh",
            headers=("日", "占用"),
            write=lambda value: figures.short(value, "CNY", language="zh"),
        )

        narrow, wide = (lines.line(points, replace(look, write=write)).wide for write in (str, look.write))

        assert '<text x="53"' in narrow
        assert '<text x="65" y="18" text-anchor="end" class="t-soft">150.00 万</text>' in wide
