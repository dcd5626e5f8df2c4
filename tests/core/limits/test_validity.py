"""Which line holds on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tradecredit.core.kernel.limit import Amount, NotSet, Unlimited
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.limits import recommend, validity
from tradecredit.core.limits.validity import Line, UnableToGrantTemporaryLineError
from tradecredit.core.scoring.attributes import REGISTRY


def amount(text: str) -> Amount:
    return Amount(Money.of(text, "CNY"))


def line(limit, start, end=None, *, kind="base", recorded=datetime(2026, 1, 1, tzinfo=UTC), reference=""):
    return Line(
        line_id=f"{kind}-{start}",
        kind=kind,
        limit=limit,
        validity=Validity(start, end),
        recorded_at=recorded,
        origin="approval",
        reference=reference,
    )


BASE = line(amount("500000"), date(2026, 1, 1), date(2027, 1, 1))
EXTRA = line(amount("100000"), date(2026, 6, 1), date(2026, 6, 15), kind="temporary")


class TestEffective:
    def test_is_not_set_without_any_line(self):
        assert validity.effective([], as_of=date(2026, 6, 1)).limit == NotSet()

    @pytest.mark.parametrize(
        ("day", "limit"),
        [
            (date(2025, 12, 31), NotSet()),
            (date(2026, 1, 1), amount("500000")),
            (date(2026, 6, 1), amount("600000")),
            (date(2026, 6, 14), amount("600000")),
            (date(2026, 6, 15), amount("500000")),
            (date(2026, 12, 31), amount("500000")),
            (date(2027, 1, 1), NotSet()),
        ],
    )
    def test_adds_the_temporary_line_and_reverts_by_itself(self, day, limit):
        assert validity.effective([BASE, EXTRA], as_of=day).limit == limit

    def test_names_the_next_day_on_which_it_changes_by_itself(self):
        assert validity.effective([BASE, EXTRA], as_of=date(2026, 6, 2)).ends_on == date(2026, 6, 15)
        assert validity.effective([BASE, EXTRA], as_of=date(2026, 7, 2)).ends_on == date(2027, 1, 1)

    def test_a_later_base_line_supersedes_and_an_expired_one_wakes_no_older_one(self):
        shorter = line(amount("50000"), date(2026, 3, 1), date(2026, 4, 1))

        assert validity.effective([BASE, shorter], as_of=date(2026, 3, 15)).limit == amount("50000")
        assert validity.effective([BASE, shorter], as_of=date(2026, 4, 1)).limit == NotSet()

    def test_of_one_day_the_one_recorded_last_counts_and_earlier_knowledge_can_be_asked_for(self):
        corrected = line(amount("400000"), date(2026, 1, 1), recorded=datetime(2026, 5, 1, tzinfo=UTC))

        now = validity.effective([corrected, BASE], as_of=date(2026, 2, 1))
        as_known = validity.effective(
            [corrected, BASE], as_of=date(2026, 2, 1), known_at=datetime(2026, 4, 1, tzinfo=UTC)
        )

        assert now.limit == amount("400000")
        assert as_known.limit == amount("500000")

    def test_a_line_for_one_order_counts_for_that_order_only(self):
        for_one = line(
            amount("30000"), date(2026, 6, 1), date(2026, 7, 1), kind="temporary", reference="SO-7"
        )

        assert validity.effective([BASE, for_one], as_of=date(2026, 6, 2)).limit == amount("500000")
        assert validity.effective([BASE, for_one], as_of=date(2026, 6, 2), reference="SO-7").limit == amount(
            "530000"
        )
        assert validity.effective([BASE, for_one], as_of=date(2026, 6, 2), reference="SO-8").limit == amount(
            "500000"
        )

    def test_zero_stays_zero_and_unlimited_stays_unlimited(self):
        zero = line(amount("0"), date(2026, 1, 1))
        free = line(Unlimited(), date(2026, 1, 1))

        assert validity.effective([zero], as_of=date(2026, 6, 2)).limit == amount("0")
        assert validity.effective([free, EXTRA], as_of=date(2026, 6, 2)).limit == Unlimited()

    def test_a_temporary_line_without_a_base_grants_only_itself(self):
        assert validity.effective([EXTRA], as_of=date(2026, 6, 2)).limit == amount("100000")
        assert validity.effective([EXTRA], as_of=date(2026, 6, 15)).limit == NotSet()


LABEL = {"zh": "甲", "en": "A"}
GRADES = {
    "grades": [
        {
            "grade": "A",
            "label": LABEL,
            "from": "0",
            "policy": {
                "trade": "credit",
                "terms_days": "30",
                "prepayment_percent": "0",
                "review_months": "3",
                "figures": {"months": "2"},
            },
        }
    ]
}
LIMITS = {
    "currency": "CNY",
    "formula": [
        {"name": "sales", "label": LABEL, "start": {"attribute": "average_monthly_sales", "figure": "months"}}
    ],
    "validity_months": "12",
    "temporary": {"days_most": "30", "share_most": "0.50"},
}


class TestCheckTemporary:
    def check(self, *, asked="250000", base=BASE.limit, end=date(2026, 7, 1)):
        policy = recommend.parse(LIMITS, grades=GRADES, known=REGISTRY)
        validity.check_temporary(
            policy, amount=Money.of(asked, "CNY"), base=base, validity=Validity(date(2026, 6, 1), end)
        )

    def test_accepts_the_most_that_policy_allows(self):
        self.check()

    @pytest.mark.parametrize(
        "change",
        [
            {"asked": "250000.01"},
            {"asked": "0"},
            {"end": date(2026, 7, 2)},
            {"end": None},
            {"base": NotSet()},
            {"base": Unlimited()},
        ],
    )
    def test_refuses_more_longer_and_lines_on_nothing(self, change):
        with pytest.raises(UnableToGrantTemporaryLineError):
            self.check(**change)


class TestParse:
    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"formula": []}, "limits.formula"),
            (
                {"formula": [{"name": "x", "label": LABEL, "at_most": {"figure": "months"}}]},
                "limits.formula",
            ),
            (
                {
                    "formula": [
                        {
                            "name": "x",
                            "label": LABEL,
                            "start": {"attribute": "average_monthly_sales", "figure": "weeks"},
                        }
                    ]
                },
                "limits.formula[0].start.figure",
            ),
            ({"validity_months": "0"}, "limits.validity_months"),
            ({"surprise": "1"}, "limits"),
        ],
    )
    def test_names_the_place_of_a_mistake(self, change, path):
        with pytest.raises(PolicyError) as caught:
            recommend.parse({**LIMITS, **change}, grades=GRADES, known=REGISTRY)

        assert caught.value.path == path
