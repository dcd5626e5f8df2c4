"""The invented world: three companies, two hundred customers with habits, one group that breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random

from tradecredit.flows.simulation import names

FIRST_DAY = date(2025, 5, 20)
LATEST_DAY = date(2026, 11, 20)
MAIN, TRADING, SOUTH = "SLJD", "SLMY", "SLHN"
COMPANIES = (
    (MAIN, "示例机电股份有限公司", "Demo Electromechanical"),
    (TRADING, "示例机电贸易有限公司", "Demo Electromechanical Trading"),
    (SOUTH, "示例机电华南有限公司", "Demo Electromechanical South"),
)
CUSTOMER_COUNT = 200
HERO = "C0001"
GROUP = ("C0191", "C0192", "C0193", "C0194", "C0195")
GROUP_BREAKS_ON = date(2026, 6, 15)
_GROUP_SALES_FACTOR = 3
_USD_FROM, _USD_TO = 171, 180
_HUNDRED = Decimal(100)


class Habit(StrEnum):
    """How a customer pays."""

    PROMPT = "prompt"
    NORMAL = "normal"
    SLOW = "slow"
    SLIPPING = "slipping"
    BREAKING = "breaking"
    NEW = "new"


# habit: (share of customers in percent, earliest and latest days against the due day)
_HABITS = {
    Habit.PROMPT: (36, -6, 0),
    Habit.NORMAL: (34, -2, 5),
    Habit.SLOW: (16, 3, 19),
    Habit.SLIPPING: (8, 0, 6),
    Habit.NEW: (6, -1, 3),
}


@dataclass(frozen=True, slots=True)
class SimCustomer:
    """A customer of the demo: master data, size and habit."""

    code: str
    name: str
    uscc: str
    customer_type: str
    industry: str
    region: str
    salesperson: str
    since: date
    companies: tuple[str, ...]
    currency: str
    habit: Habit
    order_size: Decimal
    orders_per_month: Decimal
    terms_days: int
    limit: Decimal | None
    parent: str = ""


@dataclass(frozen=True, slots=True)
class SimFact:
    """A registry or court fact that becomes known on a day."""

    customer: str
    name: str
    value: str
    known_on: date
    source: str


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is decided before the first day is played."""

    seed: int
    customers: tuple[SimCustomer, ...]
    facts: tuple[SimFact, ...]
    by_code: dict[str, SimCustomer] = field(default_factory=dict)


def make(*, seed: int = 20261120, customer_count: int = CUSTOMER_COUNT) -> World:
    """Make the world of a seed; the same seed makes the same world."""
    random = Random(seed)  # noqa: S311 - play, not secrets
    habits = _habit_deck(random, customer_count)
    customers = [_hero()]
    for number in range(2, customer_count + 1):
        code = f"C{number:04d}"
        if code in GROUP:
            customers.append(_group_member(random, code))
        else:
            customers.append(_ordinary(random, number=number, habit=habits[number - 1]))
    facts = tuple(
        sorted(_facts(random, customers), key=lambda fact: (fact.known_on, fact.customer, fact.name))
    )
    return World(seed, tuple(customers), facts, {customer.code: customer for customer in customers})


def days_late(random: Random, *, customer: SimCustomer, due: date) -> int | None:
    """Return by how many days a payment due on the day is late (negative: early); None when it never comes."""
    if customer.habit is Habit.BREAKING:
        if due >= GROUP_BREAKS_ON - timedelta(days=40):
            return None
        return random.randint(0, 12)
    _, low, high = _HABITS[customer.habit]
    late = random.randint(low, high)
    if customer.habit is Habit.SLIPPING:
        months = (due.year - FIRST_DAY.year) * 12 + due.month - FIRST_DAY.month
        late += months * 2
    if customer.habit in {Habit.SLOW, Habit.SLIPPING} and random.randrange(20) == 0:
        late += random.randint(10, 45)
    return late


def _hero() -> SimCustomer:
    return SimCustomer(
        code=HERO,
        name="示例五金甲有限公司",
        uscc=names.uscc(Random(7)),  # noqa: S311 - play, not secrets
        customer_type="enterprise",
        industry="金属制品",
        region="江苏",
        salesperson=names.SALESPEOPLE[0],
        since=date(2021, 3, 1),
        companies=(MAIN,),
        currency="CNY",
        habit=Habit.NORMAL,
        order_size=Decimal(90000),
        orders_per_month=Decimal("1.2"),
        terms_days=45,
        limit=Decimal(500000),
    )


def _habit_deck(random: Random, count: int) -> list[Habit]:
    deck = [habit for habit, (share, _, _) in _HABITS.items() for _ in range(share * count // 100 + 1)]
    random.shuffle(deck)
    return deck


def _group_member(random: Random, code: str) -> SimCustomer:
    number = GROUP.index(code)
    suffix = ("集团有限公司", "机械有限公司", "重工有限公司", "物资有限公司", "国际贸易有限公司")[number]
    return SimCustomer(
        code=code,
        name=f"示例恒达{suffix}",
        uscc=names.uscc(random),
        customer_type="enterprise",
        industry="专用设备",
        region="山东",
        salesperson=names.SALESPEOPLE[1 + number % 3],
        since=date(2020, 6, 1),
        companies=(MAIN, TRADING, SOUTH)[: 1 + number % 3],
        currency="CNY",
        habit=Habit.BREAKING,
        order_size=Decimal(60000 * _GROUP_SALES_FACTOR),
        orders_per_month=Decimal("0.5"),
        terms_days=60,
        limit=Decimal(1500000),
        parent="" if number == 0 else GROUP[0],
    )


def _ordinary(random: Random, *, number: int, habit: Habit) -> SimCustomer:
    region, city = random.choice(names.CITIES)
    trade, industry = random.choice(names.TRADES)
    size = Decimal(random.choice((12, 18, 25, 40, 60, 90, 150, 240, 360))) * 1000
    per_month = Decimal(random.choice(("0.12", "0.18", "0.22", "0.3", "0.4")))
    terms = random.choice((30, 30, 45, 60))
    is_new = habit is Habit.NEW
    since = LATEST_DAY - timedelta(days=random.randint(40, 110)) if is_new else (
        date(2018, 1, 1) + timedelta(days=random.randint(0, 2500)))  # fmt: skip
    need = size * max(per_month * (terms + 35) / 30, Decimal("1.3"))
    limit = (need * Decimal(random.choice(("2.2", "2.8", "3.4", "4.2"))) / 10000).to_integral_value() * 10000
    if is_new:
        limit = min(limit, Decimal(200000))
    return SimCustomer(
        code=f"C{number:04d}",
        name=names.company_name(random, city=city, trade=trade, number=number),
        uscc=names.uscc(random),
        customer_type="new" if is_new else "enterprise",
        industry=industry,
        region=region,
        salesperson=random.choice(names.SALESPEOPLE),
        since=since,
        companies=_companies(random, number),
        currency="USD" if _USD_FROM <= number <= _USD_TO else "CNY",
        habit=habit,
        order_size=size,
        orders_per_month=per_month,
        terms_days=terms,
        limit=max(limit, Decimal(20000)) if number % 40 else None,
    )


def _companies(random: Random, number: int) -> tuple[str, ...]:
    if _USD_FROM <= number <= _USD_TO:
        return (TRADING,)
    return random.choices(((TRADING,), (SOUTH,), (MAIN, SOUTH), (MAIN,)), weights=(20, 18, 5, 57))[0]


def _facts(random: Random, customers: list[SimCustomer]) -> list[SimFact]:
    found = []
    registry, court = "国家企业信用信息公示系统", "中国执行信息公开网"
    for customer in customers:
        years = max(1, (FIRST_DAY - customer.since).days // 365 + random.randint(1, 12))
        nature = random.choice(("民企", "民企", "民企", "外资", "国企"))
        found += [
            SimFact(customer.code, "registry_status", "存续", FIRST_DAY, registry),
            SimFact(customer.code, "years_in_business", str(years), FIRST_DAY, registry),
            SimFact(customer.code, "ownership_type", nature, FIRST_DAY, registry),
            SimFact(customer.code, "industry_score", str(random.randint(62, 95)), FIRST_DAY, "行业研究"),
            SimFact(customer.code, "pending_lawsuits", "0", FIRST_DAY, court),
            SimFact(customer.code, "dishonest_debtor", "false", FIRST_DAY, court),
        ]
        if customer.habit is Habit.SLIPPING and random.randrange(3) == 0:
            day = FIRST_DAY + timedelta(days=random.randint(250, 520))
            found.append(SimFact(customer.code, "pending_lawsuits", "1", day, court))
    group = [customer.code for customer in customers if customer.code in GROUP]
    for code in group:
        found += [
            SimFact(code, "equity_pledge_ratio", "0.62", GROUP_BREAKS_ON - timedelta(days=100), registry),
            SimFact(code, "pending_lawsuits", "3", GROUP_BREAKS_ON - timedelta(days=20), court),
            SimFact(code, "enforcement_records", "2", GROUP_BREAKS_ON + timedelta(days=30), court),
        ]
    if GROUP[0] in group:
        found.append(
            SimFact(GROUP[0], "dishonest_debtor", "true", GROUP_BREAKS_ON + timedelta(days=75), court)
        )
    return found
