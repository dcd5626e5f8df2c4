"""Any facts at all, for properties that hold for every one of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from factories.credit_facts import DAY, PACKS, authority_of, credit_facts, order_control, request
from tradecredit.core.decisions.facts import (
    ControlPoint,
    CustomerFacts,
    LineFacts,
    OpenItem,
    RatingFacts,
    ReceivableFacts,
    WatchFacts,
)
from tradecredit.core.exposure.components import ExposureParts
from tradecredit.core.kernel.limit import Amount, NotSet, Unlimited
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity

POLICIES = {path.parent.name: order_control(path.parent.name) for path in sorted(PACKS.glob("*/pack.yaml"))}
AUTHORITY = authority_of()


def cents(least: int = 0, most: int = 10**8):
    return st.integers(least, most).map(lambda units: Money(Decimal(units).scaleb(-2), "CNY"))


limits = st.one_of(st.just(NotSet()), st.just(Unlimited()), cents().map(Amount))
validities = st.none() | st.builds(
    lambda begin, length: Validity(DAY + timedelta(days=begin), DAY + timedelta(days=begin + length)),
    st.integers(-400, 30),
    st.integers(1, 800),
)
parts = st.builds(
    ExposureParts,
    ordered=cents(),
    delivered=cents(),
    billed=cents(),
    bill=cents(),
    unapplied=cents().map(lambda money: -money),
    reserved=cents(),
    disputed=cents(),
)
items = st.builds(
    lambda number, days, amount, disputed: OpenItem(
        reference=f"INV-{number}",
        due_date=DAY - timedelta(days=days),
        days_overdue=days,
        open_amount=amount,
        disputed=disputed,
    ),
    st.integers(1, 10**6),
    st.integers(-90, 400),
    cents(1),
    st.booleans(),
)


@st.composite
def receivables(draw):
    found = tuple(draw(st.lists(items, max_size=4, unique_by=lambda one: one.reference)))
    overdue = [one for one in found if one.is_overdue]
    hidden = draw(st.integers(0, 2))
    return ReceivableFacts(
        open_amount=Money(sum((one.open_amount.amount for one in found), Decimal(0)), "CNY"),
        open_count=len(found) + hidden,
        overdue_amount=Money(sum((one.open_amount.amount for one in overdue), Decimal(0)), "CNY"),
        overdue_count=len(overdue) + hidden,
        overdue_days_max=max((one.days_overdue for one in overdue), default=0),
        oldest_open_days=draw(st.integers(0, 500)),
        items=found,
    )


facts_strategy = st.builds(
    credit_facts,
    request=st.builds(
        request,
        control_point=st.sampled_from(ControlPoint),
        amount=cents(),
        terms_days=st.none() | st.integers(0, 200),
        prepaid=st.none() | cents(),
    ),
    customer=st.builds(
        CustomerFacts,
        code=st.just("C001"),
        name=st.text(max_size=5),
        lifecycle=st.none() | st.sampled_from(["trading", "restricted", "watch", "anything"]),
    ),
    line=st.builds(
        LineFacts,
        limit=limits,
        validity=validities,
        days=st.none() | st.integers(0, 120),
        prepayment_share=st.none() | st.sampled_from([Decimal("0.1"), Decimal("0.55")]),
        temporary=st.none() | cents(),
        temporary_validity=validities,
    ),
    exposure=parts,
    own=st.builds(credit_facts).map(lambda facts: facts.own),
    receivables=receivables(),
    rating=st.builds(
        RatingFacts,
        grade=st.none() | st.sampled_from(["A", "B", "C", "D", "五星"]),
        rated_on=st.none() | st.just(DAY - timedelta(days=500)),
    ),
    watch=st.builds(
        WatchFacts,
        freezes=st.frozensets(st.sampled_from(["orders", "shipments", "limit"])),
        alert_level=st.none() | st.sampled_from(["yellow", "orange", "red"]),
        is_high_risk=st.booleans(),
        cured_by_payment=st.frozensets(st.sampled_from(["orders", "shipments", "limit", "high_risk"])),
    ),
    unknowns=st.frozensets(
        st.sampled_from(["limit", "exposure", "receivables", "rating", "watch"]), max_size=2
    ),
)
packs = st.sampled_from(sorted(POLICIES))
