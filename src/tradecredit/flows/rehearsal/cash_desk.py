"""A generated cash desk: open invoices, payments as banks tell of them, and what each payment was really for.

Note [The noise model]
Everything is invented and follows from the seed. A payment is for one invoice (62 %), two to six (38 %); one in a
hundred pays what was paid before. Invoices have amounts to the cent, one in eight a round one, and one customer in
twenty-five has the same amount every month. Each payment is then spoiled, independently, in three ways:

- the **payer** (``PAYERS``): the name as it is, without its legal form, in wide letters, cut after 14 letters, with
  one wrong character, in pinyin, with a department behind it, of a group member, of a third party, or missing; nine
  in ten come from the customer's account, of which three in four are known;
- the **references** (``REFERENCES``): all of them, written in five styles; as a range or a list of last digits; cut;
  the order's or the contract's number instead; only some of them; one digit wrong; another invoice's; or none;
- the **amount** (``AMOUNTS``): as it is; less a part that stays open; less a usual discount; less a bank's charge;
  a few cents off; or too much.

Each payment carries its ``noise`` in one word a way, so that the report can tell which noise hurts most.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.matcher import names as bank_names
from tradecredit.core.cash_application.matcher.values import Customer, OpenItem, Paid
from tradecredit.flows.rehearsal import cash_desk_texts
from tradecredit.flows.simulation import names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAYERS: Final = {
    "as it is": 600, "bare": 110, "wide": 60, "cut": 40, "typo": 35, "pinyin": 35, "department": 30,
    "group": 30, "third party": 30, "missing": 30,
}  # fmt: skip
REFERENCES: Final = {
    "all": 710, "range": 25, "list": 40, "last digits": 30, "order": 25, "contract": 10, "some": 35, "typo": 15,
    "another's": 5, "none": 105,
}  # fmt: skip
AMOUNTS: Final = {"as it is": 930, "part": 20, "discount": 15, "charge": 15, "cents": 10, "too much": 10}
_SIZES: Final = {1: 620, 2: 150, 3: 90, 4: 60, 5: 45, 6: 35}
_PER_MILLE: Final = 1000
_KNOWN_ACCOUNT: Final = 750
_OWN_ACCOUNT: Final = 900
_PAID_TWICE: Final = 10
_STEADY: Final = 40
_ROUND: Final = 125
_WESTERN: Final = 80
_GROUPED: Final = 150
_FIRST_DAY: Final = date(2026, 1, 5)
# So many invoices of a customer are numbered one after the other.
_RUN: Final = 4
_YUAN: Final = 10_000
_CENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A payment, what it was for (no items: it stays on account), and how it was spoiled."""

    paid: Paid
    truth: frozenset[str]
    noise: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CashDesk:
    """Customers, their open items, what is known of payers, and the payments of some days."""

    customers: tuple[Customer, ...]
    items: tuple[OpenItem, ...]
    accounts: Mapping[str, frozenset[str]]
    payments: tuple[Told, ...]


def build(*, seed: int, customers: int = 800, items: int = 20_000, payments: int = 5_000) -> CashDesk:
    """Return the desk of the seed; ``items`` are spread evenly, so the rest of a division is left out."""
    random = Random(seed)  # noqa: S311 - a rehearsal, not secrets
    listed = _customers(random, customers)
    accounts = {
        _account(customer): frozenset({customer.key}) for customer in listed if _hit(random, _KNOWN_ACCOUNT)
    }
    by_customer = {
        customer.key: _items(random, customer, place, items // customers)
        for place, customer in enumerate(listed)
    }
    groups: dict[str, list[Customer]] = {}
    for customer in listed:
        if customer.group:
            groups.setdefault(customer.group, []).append(customer)
    maker = _Maker(random, listed, by_customer, groups)
    return CashDesk(
        customers=tuple(listed),
        items=tuple(item for found in by_customer.values() for item in found),
        accounts=accounts,
        payments=tuple(maker.payment(place) for place in range(payments)),
    )


class _Maker:
    """Makes payments; each invoice is paid once, unless a payment is made twice."""

    def __init__(
        self,
        random: Random,
        customers: Sequence[Customer],
        items: Mapping[str, Sequence[OpenItem]],
        groups: Mapping[str, Sequence[Customer]],
    ) -> None:
        self._random = random
        self._customers = customers
        self._left = {key: list(found) for key, found in items.items()}
        self._groups = groups
        self._previous: list[Told] = []

    def payment(self, place: int) -> Told:
        is_again = bool(self._previous) and _hit(self._random, _PAID_TWICE)
        told = self._again(place) if is_again else self._new(place)
        self._previous.append(told)
        return told

    def _again(self, place: int) -> Told:
        first = self._random.choice(self._previous)
        paid = Paid(
            payment_id=f"P{place:06d}",
            currency="CNY",
            amount=first.paid.amount,
            paid_on=first.paid.paid_on + timedelta(days=1),
            payer_name=first.paid.payer_name,
            payer_account=first.paid.payer_account,
            text=first.paid.text,
        )
        return Told(paid=paid, truth=frozenset(), noise=(first.noise[0], first.noise[1], "paid twice"))

    def _new(self, place: int) -> Told:
        random = self._random
        customer, items = self._due()
        payer, reference, amount = _drawn(random, PAYERS), _drawn(random, REFERENCES), _drawn(random, AMOUNTS)
        total = sum(item.open for item in items)
        spoiled = _spoiled_amount(random, total, amount)
        text = cash_desk_texts.text(random, kind=reference, items=items, others=self._left[customer.key])
        name, account, payer = self._payer(customer, payer)
        paid = Paid(
            payment_id=f"P{place:06d}",
            currency="CNY",
            amount=spoiled,
            paid_on=_FIRST_DAY + timedelta(days=200 + place % 30),
            payer_name=name,
            payer_account=account,
            text=text,
        )
        return Told(
            paid=paid, truth=frozenset(item.item_id for item in items), noise=(payer, reference, amount)
        )

    def _due(self) -> tuple[Customer, list[OpenItem]]:
        """Take the invoices of one payment: mostly the oldest ones together, sometimes any."""
        random = self._random
        while True:
            customer = random.choice(self._customers)
            left = self._left[customer.key]
            if left:
                break
        size = min(_drawn_size(random), len(left))
        near = left[: max(size + 3, 6)] if _hit(random, 800) else left
        chosen = random.sample(near, min(size, len(near)))
        for item in chosen:
            left.remove(item)
        chosen.sort(key=lambda item: item.due_date)
        return customer, chosen

    def _payer(self, customer: Customer, kind: str) -> tuple[str, str, str]:
        random = self._random
        if kind == "third party":
            return cash_desk_texts.stranger(random), f"99{random.randrange(10**14):014d}", kind
        if kind == "group":
            others = [one for one in self._groups.get(customer.group, ()) if one.key != customer.key]
            if not others:
                return customer.name, _account(customer), "as it is"
            member = random.choice(others)
            return member.name, _account(member), kind
        is_own = _hit(random, _OWN_ACCOUNT)
        account = _account(customer) if is_own else f"88{random.randrange(10**14):014d}"
        return cash_desk_texts.spoiled_name(random, customer.name, kind), account, kind


def _customers(random: Random, count: int) -> list[Customer]:
    found: list[Customer] = []
    taken: set[str] = set()
    while len(found) < count:
        place = len(found)
        if _hit(random, _WESTERN):
            name = cash_desk_texts.western_name(random)
        else:
            _, city = random.choice(names.CITIES)
            trade, _ = random.choice(names.TRADES)
            name = names.company_name(random, city=city, trade=trade, number=place)
        if bank_names.bare(name) in taken:
            name += f"({place})"
        taken.add(bank_names.bare(name))
        group = f"G{place // 4:05d}" if place % 20 < 20 * _GROUPED // _PER_MILLE + 1 else ""
        found.append(Customer(key=f"K{place:06d}", code=f"C{place:06d}", name=name, group=group))
    return found


def _items(random: Random, customer: Customer, place: int, count: int) -> list[OpenItem]:
    steady = random.randrange(20, 900) * 100 * _YUAN if _hit(random, _STEADY) else 0
    found = []
    for turn in range(count):
        serial = place * count + turn
        number = f"INV-2026-{(serial // _RUN * 7919) % 1_000_003 * 10 + serial % _RUN:07d}"
        found.append(
            OpenItem(
                item_id=f"I{serial:07d}",
                customer=customer.key,
                number=number,
                due_date=_FIRST_DAY + timedelta(days=turn * 240 // count + random.randrange(10)),
                open=steady or _amount(random),
                order_number=f"SO26{serial // 2:07d}",
                contract_number=f"HT-{customer.code}-{turn // 8}",
            )
        )
    return sorted(found, key=lambda item: item.due_date)


def _amount(random: Random) -> int:
    top = random.choice((5_000, 30_000, 120_000, 400_000))
    if _hit(random, _ROUND):
        return random.randrange(1, top // 500) * 500 * _YUAN
    return random.randrange(50_000, top * 100) * _CENT


def _spoiled_amount(random: Random, total: int, kind: str) -> int:
    match kind:
        case "part":
            return max(total * random.randrange(30, 90) // 100 // _CENT * _CENT, _CENT)
        case "discount":
            percent = random.choice((1, 2, 3))
            return total - (total * percent // 100 + _CENT // 2) // _CENT * _CENT
        case "charge":
            return max(total - random.choice((5, 10, 15, 25, 50)) * _YUAN, _CENT)
        case "cents":
            return total + random.choice((-1, 1)) * random.randrange(1, 100) * _CENT
        case "too much":
            return total + random.randrange(100, 200_000) * _CENT
        case _:
            return total


def _account(customer: Customer) -> str:
    return f"6222{int(customer.key[1:]):012d}"


def _hit(random: Random, per_mille: int) -> bool:
    return random.randrange(_PER_MILLE) < per_mille


def _drawn(random: Random, shares: Mapping[str, int]) -> str:
    return random.choices(list(shares), weights=list(shares.values()))[0]


def _drawn_size(random: Random) -> int:
    return random.choices(list(_SIZES), weights=list(_SIZES.values()))[0]
