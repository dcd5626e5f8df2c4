"""A small desk of invented customers, to match single payments at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tradecredit.core.cash_application.matcher import directory, odds, values
from tradecredit.core.cash_application.matcher.books import Books
from tradecredit.core.cash_application.matcher.desk import Desk
from tradecredit.core.cash_application.matcher.odds import Tally
from tradecredit.core.cash_application.matcher.policy import MatcherPolicy
from tradecredit.core.cash_application.matcher.values import Customer, OpenItem, Paid
from tradecredit.core.cash_application.tolerance import Allowance, Tolerance

PUMPS = Customer(key="pumps", code="C1", name="示例苏州宏盛泵阀有限公司", group="G")
TOOLS = Customer(key="tools", code="C2", name="示例无锡瑞恒五金有限公司")
SISTER = Customer(key="sister", code="C3", name="示例南京安通轴承有限公司", group="G")
POLICY = MatcherPolicy(
    bank_charges={"CNY": Decimal(50)},
    discount_percents=(Decimal(2),),
    tolerance=Tolerance(
        short=Allowance(amounts={"CNY": Decimal(5)}, percent=Decimal(1)),
        over=Allowance(amounts={"CNY": Decimal(5)}, percent=Decimal(1)),
    ),
)


def item(
    number: str, amount: str, *, customer: str = "pumps", due: date = date(2026, 3, 1), **more
) -> OpenItem:
    return OpenItem(
        item_id=more.pop("item_id", number),
        customer=customer,
        number=number,
        due_date=due,
        open=values.units(Decimal(amount)),
        **more,
    )


def paid(amount: str, *, text: str = "", name: str = PUMPS.name, **more) -> Paid:
    return Paid(
        payment_id="P1",
        currency="CNY",
        amount=values.units(Decimal(amount)),
        paid_on=date(2026, 4, 1),
        payer_name=name,
        text=text,
        **more,
    )


def sure_of(*signatures: str) -> odds.Odds:
    """Odds of somebody who has seen these kinds of evidence a thousand times, and never wrong."""
    return odds.Odds(prior={}, own={one: Tally(shown=1000, right=1000) for one in signatures}, prior_weight=0)


def desk(
    *items: OpenItem, chances: odds.Odds | None = None, policy: MatcherPolicy = POLICY, **learned
) -> Desk:
    return Desk(
        books=Books(items),
        directory=directory.of((PUMPS, TOOLS, SISTER), **learned),
        odds=chances or sure_of(),
        policy=policy,
    )


def told(match) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every way of a match: its evidence and what it settles."""
    return [
        (
            way.signature,
            [(share.item_id, f"{values.amount(share.amount):.2f}") for share in way.shares],
        )
        for way in match.ways
    ]
