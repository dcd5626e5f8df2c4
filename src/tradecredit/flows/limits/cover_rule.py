"""A line above policy's amount comes into force only with cover that holds: collateral for what goes beyond."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.limits import covered
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.limits import recommend
from tradecredit.flows.limits import limit_advice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Protocol
    from uuid import UUID

    from tradecredit.core.kernel.limit import Limit
    from tradecredit.flows.limits.limit_advice import Advice
    from tradecredit.plumbing.access.models import Company

    class _Line(Protocol):
        """A line that is to come into force."""

        @property
        def customer_id(self) -> UUID: ...

        @property
        def currency(self) -> str: ...

        @property
        def after(self) -> Limit: ...


class UnableToActivateLineError(UnableToError):
    """The line needs cover that is not there, or does not hold today."""

    code = "cover_missing"
    status = 409


def ensure(*, company: Company, lines: Sequence[_Line], day: date) -> None:
    """Raise UnableToActivateLineError unless each line has the cover that policy asks for.

    A new customer's line of 600,000 where 500,000 need none: 100,000 of collateral after its haircut.
    """
    raising = [line for line in lines if isinstance(line.after, tagged.Amount)]
    found = covered.amounts(
        company_id=company.pk, customer_ids=[line.customer_id for line in raising], as_of=day
    )
    for currency in sorted({line.currency for line in raising}):
        ours = [line for line in raising if line.currency == currency]
        advices = limit_advice.advise(
            company_id=company.pk,
            customer_ids=[line.customer_id for line in ours],
            currency=currency,
            as_of=day,
        )
        for line in ours:
            advice = advices.get(line.customer_id)
            if advice is not None and _rises(advice.base, line.after):
                _ensure_one(line, advice, found)


def _ensure_one(line: _Line, advice: Advice, found: Mapping[tuple[UUID, str, str], Decimal]) -> None:
    assert isinstance(line.after, tagged.Amount)  # noqa: S101 -- only amounts come here
    for need in recommend.covers_needed(
        advice.policy.limits,
        amount=line.after.money.amount,
        grade=advice.proposal.grade,
        values=advice.values,
    ):
        held = sum(
            (found.get((line.customer_id, line.currency, kind), Decimal(0)) for kind in need.kinds),
            Decimal(0),
        )
        if held < need.amount:
            raise _refusal(advice.customer.code, need=need, held=held)


def _rises(base: Limit, after: Limit) -> bool:
    """Tell whether the line grows: what does not rise needs nothing new."""
    if not isinstance(after, tagged.Amount):
        return False
    return not isinstance(base, tagged.Amount) or after.money > base.money


def _refusal(code: str, *, need: recommend.CoverNeeded, held: Decimal) -> UnableToActivateLineError:
    return UnableToActivateLineError(
        Words(
            zh=f"客户 {code}：{need.label.zh}。需要有效担保 {need.amount:,.2f}，现有 {held:,.2f}。请先登记并生效担保。",
            en=f"Customer {code}: {need.label.en}. Valid cover of {need.amount:,.2f} is needed and {held:,.2f}"
            " is there: record and activate the cover first.",
        ),
        customer=code,
        needed=f"{need.amount:f}",
        held=f"{held:f}",
    )
