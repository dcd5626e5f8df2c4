from copy import deepcopy
from datetime import date, timedelta

import pytest

from core.receivables.books import cny, instalment
from core.receivables.schemes import SCHEMES, SECTION
from tradecredit.core.kernel.money import CurrencyMismatchError, Money
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.receivables import aging, open_items

TODAY = date(2025, 6, 30)


def overdue_by(days: int) -> str:
    position = aging.bucket_position(
        scheme=SCHEMES["overdue"], base=TODAY - timedelta(days=days), as_of=TODAY
    )
    return SCHEMES["overdue"].buckets[position].key


def aged_since(issued: date, *, as_of: date) -> str:
    position = aging.bucket_position(scheme=SCHEMES["age"], base=issued, as_of=as_of)
    return SCHEMES["age"].buckets[position].key


class TestBucketPosition:
    @pytest.mark.parametrize(
        ("days", "key"),
        [
            (-400, "not_due"),
            (0, "not_due"),
            (1, "1-30"),
            (30, "1-30"),
            (31, "31-60"),
            (60, "31-60"),
            (61, "61-90"),
            (90, "61-90"),
            (91, "91-180"),
            (180, "91-180"),
            (181, ">180"),
            (4000, ">180"),
        ],
    )
    def test_holds_both_edges_of_days_overdue(self, days: int, key: str) -> None:
        assert overdue_by(days) == key

    @pytest.mark.parametrize(
        ("as_of", "key"),
        [
            (date(2024, 5, 29), "0-90"),
            (date(2024, 5, 30), "91d-1y"),
            (date(2025, 2, 28), "91d-1y"),
            (date(2025, 3, 1), "1-2y"),
            (date(2026, 2, 28), "1-2y"),
            (date(2026, 3, 1), "2-3y"),
            (date(2027, 3, 1), ">3y"),
        ],
    )
    def test_counts_years_by_the_calendar_from_a_leap_day(self, as_of: date, key: str) -> None:
        assert aged_since(date(2024, 2, 29), as_of=as_of) == key


class TestAge:
    def test_counts_each_open_amount_into_its_bucket(self) -> None:
        books = [
            instalment("50.00", number="INV-1", due=TODAY),
            instalment("70.00", number="INV-2", due=TODAY - timedelta(days=1)),
            instalment("9.99", number="INV-3", due=TODAY - timedelta(days=30)),
        ]
        items = open_items.open_items(instalments=books, as_of=TODAY)

        aged = aging.age(
            items=items,
            scheme=SCHEMES["overdue"],
            as_of=TODAY,
            currency="CNY",
            unapplied_cash=cny("20.00"),
            credit_notes=cny("5.00"),
        )

        assert aged.amounts == (cny("50"), cny("79.99"), cny("0"), cny("0"), cny("0"), cny("0"))
        assert aged.open == cny("129.99")
        assert aged.net == cny("104.99")

    def test_ages_by_the_invoice_day_when_asked(self) -> None:
        old = instalment("50.00", issued=date(2024, 1, 1), due=TODAY)
        items = open_items.open_items(instalments=[old], as_of=TODAY)

        aged = aging.age(items=items, scheme=SCHEMES["age"], as_of=TODAY, currency="CNY")

        assert [str(amount.amount) for amount in aged.amounts] == ["0", "0", "50.00", "0", "0"]

    def test_never_adds_two_currencies(self) -> None:
        items = open_items.open_items(instalments=[instalment("50.00")], as_of=TODAY)

        with pytest.raises(CurrencyMismatchError):
            aging.age(items=items, scheme=SCHEMES["overdue"], as_of=TODAY, currency="USD")

    def test_is_zero_in_every_bucket_without_items(self) -> None:
        aged = aging.age(items=(), scheme=SCHEMES["overdue"], as_of=TODAY, currency="USD")

        assert aged.open == Money.zero("USD")
        assert len(aged.amounts) == 6


class TestParse:
    @pytest.mark.parametrize(
        ("change", "path"),
        [
            (lambda s: s.update(measure="weight"), "receivables.aging.overdue.measure"),
            (lambda s: s.update(buckets=[]), "receivables.aging.overdue.buckets"),
            (lambda s: s["buckets"][1].pop("from"), "receivables.aging.overdue.buckets[1].from"),
            (
                lambda s: s["buckets"][0].update({"from": {"days": 1}}),
                "receivables.aging.overdue.buckets[0].from",
            ),
            (
                lambda s: s["buckets"][2].update({"from": {"days": 1}}),
                "receivables.aging.overdue.buckets[2].from",
            ),
            (
                lambda s: s["buckets"][2].update({"from": {"days": "31"}}),
                "receivables.aging.overdue.buckets[2].from.days",
            ),
            (
                lambda s: s["buckets"][2].update({"label": {"zh": "一"}}),
                "receivables.aging.overdue.buckets[2].label",
            ),
        ],
    )
    def test_names_the_place_of_what_is_wrong(self, change, path: str) -> None:
        section = deepcopy(SECTION)
        change(section["overdue"])

        with pytest.raises(PolicyError) as error:
            aging.parse(section)

        assert error.value.path == path

    def test_refuses_edges_whose_order_depends_on_the_month(self) -> None:
        section = deepcopy(SECTION)
        section["age"]["buckets"] = section["age"]["buckets"][:3]
        section["age"]["buckets"][1]["from"] = {"days": 30}
        section["age"]["buckets"][2]["from"] = {"months": 1}

        with pytest.raises(PolicyError, match="one after the other"):
            aging.parse(section)

    def test_accepts_consecutive_months(self) -> None:
        section = deepcopy(SECTION)
        section["age"]["buckets"][1]["from"] = {"months": 11}
        section["age"]["buckets"][2]["from"] = {"months": 12}

        assert aging.parse(section)["age"].buckets[1].edge == aging.Edge(months=11)
