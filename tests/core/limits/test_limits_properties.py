"""What holds of every proposal and every day, whatever the figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradecredit.core.kernel.limit import Amount, NotSet
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.limits import grade_policy, recommend, validity
from tradecredit.core.limits.validity import Line
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.core.scoring.values import Known

LABEL = {"zh": "甲", "en": "A"}
CAP = Decimal(500000)
STEP = Decimal(1000)
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
                "figures": {"months": "3", "cap": str(CAP)},
            },
        }
    ]
}
POLICY = recommend.parse(
    {
        "currency": "CNY",
        "formula": [
            {
                "name": "sales",
                "label": LABEL,
                "start": {"attribute": "average_monthly_sales", "figure": "months"},
            },
            {"name": "equity", "label": LABEL, "at_most": {"attribute": "equity", "share": "0.10"}},
            {"name": "cap", "label": LABEL, "at_most": {"figure": "cap"}},
            {"name": "rounding", "label": LABEL, "round_down_to": str(STEP)},
        ],
        "validity_months": "12",
        "temporary": {"days_most": "30", "share_most": "0.50"},
    },
    grades=GRADES,
    known=REGISTRY,
)
GRADE = grade_policy.parse(GRADES)[0]
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
START = date(2026, 1, 1)
# A busy machine makes generation slow; that says nothing about the rules.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def proposed(sales: Decimal, equity: Decimal) -> Decimal:
    values = {"average_monthly_sales": Known(value=sales), "equity": Known(value=equity)}
    amount = recommend.propose(POLICY, grade=GRADE, values=values, currency="CNY").amount
    assert amount is not None
    return amount.amount


@PATIENT
@given(AMOUNTS, AMOUNTS)
def test_a_proposal_stays_under_every_cap_and_is_a_whole_multiple(sales, equity):
    amount = proposed(sales, equity)

    assert 0 <= amount <= min(CAP, sales * 3, equity / 10)
    assert amount % STEP == 0


@PATIENT
@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_more_sales_never_propose_less(sales, more, equity):
    assert proposed(sales + more, equity) >= proposed(sales, equity)


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    made = []
    for index in range(draw(st.integers(0, 6))):
        begins = START + timedelta(days=draw(st.integers(0, 60)))
        lasts = draw(st.integers(1, 40))
        made.append(
            Line(
                line_id=str(index),
                kind=draw(st.sampled_from(["base", "temporary"])),
                limit=Amount(Money.of(draw(st.integers(0, 1000)), "CNY")),
                validity=Validity(begins, begins + timedelta(days=lasts)),
                recorded_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=index),
                origin="approval",
            )
        )
    return made


@PATIENT
@given(lines(), st.integers(0, 110), st.randoms())
def test_the_order_in_which_lines_are_read_does_not_matter(found, offset, random):
    day = START + timedelta(days=offset)
    shuffled = list(found)
    random.shuffle(shuffled)

    assert validity.effective(found, as_of=day).limit == validity.effective(shuffled, as_of=day).limit


@PATIENT
@given(lines(), st.integers(0, 110))
def test_the_limit_changes_by_itself_only_on_the_day_named(found, offset):
    day = START + timedelta(days=offset)
    today = validity.effective(found, as_of=day)
    tomorrow = day + timedelta(days=1)
    begins_tomorrow = any(line.validity.valid_from == tomorrow for line in found)

    if not begins_tomorrow and today.ends_on != tomorrow:
        assert validity.effective(found, as_of=tomorrow).limit == today.limit


@PATIENT
@given(lines())
def test_when_every_line_has_ended_nothing_is_granted(found):
    assert validity.effective(found, as_of=START + timedelta(days=200)).limit == NotSet()
