from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.receivables.books import instalment
from core.receivables.schemes import SCHEMES
from tradecredit.core.kernel import money
from tradecredit.core.receivables import aging, open_items

TODAY = date(2025, 6, 30)

cents = st.integers(min_value=1, max_value=10**9).map(lambda n: f"{n // 100}.{n % 100:02d}")
days = st.integers(min_value=-2000, max_value=2000)


@st.composite
def books(draw) -> list[open_items.OpenItem]:
    rows = draw(st.lists(st.tuples(cents, st.integers(0, 2000), days), max_size=20))
    return list(
        open_items.open_items(
            instalments=[
                instalment(
                    amount,
                    number=f"INV-{index}",
                    issued=TODAY - timedelta(days=age),
                    due=TODAY - timedelta(days=late),
                )
                for index, (amount, age, late) in enumerate(rows)
            ],
            as_of=TODAY,
        )
    )


class TestAge:
    @given(items=books(), scheme=st.sampled_from(list(SCHEMES.values())))
    def test_buckets_sum_to_what_is_open(self, items, scheme) -> None:
        aged = aging.age(items=items, scheme=scheme, as_of=TODAY, currency="CNY")

        assert money.total(aged.amounts, "CNY") == money.total((item.open for item in items), "CNY")
        assert aged.open == money.total(aged.amounts, "CNY")

    @given(items=books(), scheme=st.sampled_from(list(SCHEMES.values())), data=st.data())
    def test_does_not_depend_on_the_order_of_items(self, items, scheme, data) -> None:
        shuffled = data.draw(st.permutations(items))

        assert aging.age(items=shuffled, scheme=scheme, as_of=TODAY, currency="CNY") == aging.age(
            items=items, scheme=scheme, as_of=TODAY, currency="CNY"
        )


class TestBucketPosition:
    @given(
        base=st.dates(date(2000, 1, 1), date(2040, 1, 1)),
        wait=st.integers(0, 3000),
        scheme=st.sampled_from(list(SCHEMES.values())),
    )
    def test_never_goes_back_as_days_pass(self, base, wait, scheme) -> None:
        before = aging.bucket_position(scheme=scheme, base=base, as_of=base + timedelta(days=wait))
        after = aging.bucket_position(scheme=scheme, base=base, as_of=base + timedelta(days=wait + 1))

        assert before <= after <= before + 1
