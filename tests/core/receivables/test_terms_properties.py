import itertools
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables import terms
from tradecredit.core.receivables.terms import DaysFromInvoice, Instalments, Part

amounts = st.integers(min_value=1, max_value=10**12).map(lambda n: Money(Decimal(n).scaleb(-2), "CNY"))


@st.composite
def percentages(draw) -> list[Decimal]:
    cuts = sorted(draw(st.sets(st.integers(1, 9999), max_size=6)))
    edges = [0, *cuts, 10000]
    return [Decimal(high - low) / 100 for low, high in itertools.pairwise(edges)]


class TestSchedule:
    @given(amount=amounts, percents=percentages(), issued=st.dates(date(2000, 1, 1), date(2050, 1, 1)))
    def test_keeps_the_sum_whatever_the_percentages(self, amount, percents, issued) -> None:
        parts = tuple(
            Part(percent=percent, terms=DaysFromInvoice(days=index * 30))
            for index, percent in enumerate(percents)
        )

        lines = terms.schedule(terms=Instalments(parts=parts), amount=amount, invoice_date=issued)

        assert money.total((line.amount for line in lines), "CNY") == amount
        assert all(line.amount == line.amount.rounded() for line in lines)
