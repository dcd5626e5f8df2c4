"""However a day or an amount is written, it is read back as what it was, or not at all."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.integrations.erp_csv import amounts, days, error_files

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2069, 12, 31))
AMOUNTS = st.decimals(min_value=Decimal(-(10**12)), max_value=Decimal(10**12), places=2)
WRITTEN = {
    "y/m/d": lambda day: f"{day.year % 100:02}/{day.month}/{day.day}",
    "d/m/y": lambda day: f"{day.day}.{day.month}.{day.year}",
    "m/d/y": lambda day: f"{day.month}/{day.day}/{day.year}",
}


class TestDays:
    @given(DAYS)
    def test_are_read_back_from_every_unmistakable_way(self, day):
        ways = [
            day.isoformat(),
            f"{day:%Y.%m.%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y%m%d}",
            f"{day:%Y%m%d}.0",
            f"{day:%Y/%m/%d} 00:00:00",
        ]

        assert [days.read(text, order=None) for text in ways] == [day] * len(ways)

    @given(DAYS, st.sampled_from(sorted(WRITTEN)))
    def test_are_read_back_in_the_order_that_is_given(self, day, order):
        assert days.read(WRITTEN[order](day), order=order) == day

    @given(st.lists(DAYS, min_size=1), st.sampled_from(["d/m/y", "m/d/y"]))
    def test_are_never_taken_in_another_order(self, written, order):
        column = {"date": [WRITTEN[order](day) for day in written]}
        try:
            decided = days.decide_order(column, given=None, chinese=False)
        except days.UnableToReadFileError:
            return

        assert [days.read(text, order=decided) for text in column["date"]] == written

    @given(DAYS)
    def test_are_the_same_counted_by_either_spreadsheet(self, day):
        since_1900 = (day - date(1899, 12, 30)).days
        since_1904 = (day - date(1904, 1, 1)).days

        assert days.read(float(since_1900), order=None) == day
        assert days.read(float(since_1904), order=None, day_one_is_1904=True) == day

    @given(st.text(max_size=30))
    def test_are_read_from_any_text_without_failing(self, text):
        for order in (None, "y/m/d", "d/m/y", "m/d/y"):
            days.read(text, order=order)


class TestAmounts:
    @given(AMOUNTS)
    def test_are_read_back_from_every_way_of_writing(self, amount):
        grouped = f"{abs(amount):,.2f}"
        sign = "-" if amount < 0 else ""
        ways = [
            f"{amount:f}",
            f"{sign}{grouped}",
            f"{sign}¥{grouped}",
            f"{grouped}{sign}",
            f"{sign}{grouped}元",
        ]
        ways += [f"({grouped})"] if amount < 0 else []

        assert [amounts.read(text, style="1,234.56").number for text in ways] == [amount] * len(ways)

    @given(AMOUNTS)
    def test_are_read_back_from_european_writing(self, amount):
        text = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))

        assert amounts.decide_style([text], given=None) == "1.234,56"
        assert amounts.read(text, style="1.234,56").number == amount

    @given(st.decimals(min_value=0, max_value=Decimal(10**12), places=2))
    def test_lose_no_cent_in_a_spreadsheets_binary_number(self, amount):
        assert amounts.from_float(float(amount)) == amount

    @given(st.text(max_size=30))
    def test_are_read_from_any_text_without_failing(self, text):
        amounts.read(text, style="1,234.56")
        amounts.read(text, style="1.234,56")


class TestGuarded:
    @given(st.sampled_from("=+-@\t\r\0＝＋－＠"), st.text(max_size=20))
    def test_never_begins_like_a_formula_unless_it_is_a_number(self, mark, rest):
        written = error_files.guarded(mark + rest)

        assert written.startswith("'") or written[1:].replace(",", "").replace(".", "", 1).isdecimal()
