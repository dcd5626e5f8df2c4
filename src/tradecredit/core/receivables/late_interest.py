"""Interest on late payment: what is open after its due day, day by day, times a daily rate."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables import open_items

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.receivables.open_items import Instalment


def accrued(
    *, instalment: Instalment, until: date, daily_rate: Decimal, charged_until: date | None = None
) -> Money:
    """Return the interest for the days after the due day (and after what was charged before) up to ``until``.

    10,000.00 due on 31 January is 150.00 on 2 March of a common year: 30 days at 0.05 %. A payment counts from its
    day on, so that day bears interest on the rest only. Rounded once, half up.
    """
    start = max(instalment.due_date, charged_until or instalment.due_date)
    moves = sorted(
        {
            entry.effective_date
            for entry in instalment.allocations
            if start + timedelta(days=1) < entry.effective_date <= until
        }
    )
    total = Decimal(0)
    begin = start + timedelta(days=1)
    for end in [*moves, until + timedelta(days=1)]:
        days = (end - begin).days
        if days > 0:
            total += open_items.stand(instalment=instalment, as_of=begin).open.amount * days * daily_rate
            begin = end
    return Money(total, instalment.amount.currency).rounded()
