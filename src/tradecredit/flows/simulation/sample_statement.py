"""Bank statements of the demo: one whose lines wait for the visitor, and a file to try the cash desk with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.apps.cash_application import bank_queries
from tradecredit.apps.dossier import payers
from tradecredit.apps.receivables import matching_queries
from tradecredit.core.cash_application.matcher import names, subsets, values
from tradecredit.core.cash_application.statements import BankFile
from tradecredit.flows import ports
from tradecredit.flows.cash import import_bank_statement
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tradecredit.core.cash_application.matcher.values import Customer, OpenItem
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_ACCOUNT: Final = "6200000000000001"
_OPENING: Final = Decimal("1000000.00")
_STRANGERS: Final = ("示例无名贸易有限公司", "示例路人商行")
# A visitor should see at a glance that no other set fits.
_ITEMS_MAX: Final = 12
_SET_MAX: Final = 6
_PAIR: Final = 2
_PART: Final = Decimal("0.4")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One receipt of the file."""

    name: str
    account: str
    amount: Decimal
    text: str


def build(*, company: Company) -> bytes:
    """Return a bank file in GB18030 of twelve receipts: nine that match by themselves, two to confirm, one unknown.

    It pays what is open in the company's books now, every item once; with few open items it has fewer lines.
    """
    day = clock.today(company)
    payable = _Payable(company)
    # Parts last: what the lines before them pay must not be what a part is suggested for.
    lines = [
        *payable.pairs(2),
        *payable.named(4),
        *payable.spoiled(1),
        *payable.unnamed(2),
        *payable.parts(2),
        _stranger(0, "21800.00"),
    ]
    return _file(lines, day=day, mark="V")


def lay_out(*, company: Company, actor: Actor) -> None:
    """Import the statement of the latest day: two lines match, the others wait at the cash desk."""
    with scope.entered(actor):
        payable = _Payable(company)
    day = clock.today(company)
    lines = [*payable.named(2), *payable.parts(3), _stranger(0, "21800.00"), _stranger(1, "3650.50")]
    import_bank_statement.import_bank_statement(
        company=company,
        file=BankFile(name=f"bank-{day:%Y%m%d}.csv", data=_file(lines, day=day, mark="D")),
        files=ports.find(ports.BankFiles),
        actor=actor,
    )


class _Payable:
    """What may be paid: every open item once, customers in turn, the latest customers first."""

    def __init__(self, company: Company) -> None:
        customers = payers.of_company(company_id=company.pk, as_of=clock.today(company))
        items = matching_queries.open_items(
            company_id=company.pk, customers=[customer.key for customer in customers]
        ).get(company.base_currency, [])
        waiting = bank_queries.waiting_receipts(company_id=company.pk)
        self._busy = {str(line.customer_id) for line in waiting}
        owned: dict[str, list[OpenItem]] = {}
        for item in sorted(items, key=lambda one: (one.due_date, one.number)):
            if not item.is_disputed:
                owned.setdefault(item.customer, []).append(item)
        # The first customer is the hero of the story, whose books stay as they are told.
        self._owners = {one.key: one for one in reversed(customers[1:]) if one.key in owned}
        # What waits for somebody is suggested for what is due first: that stays open.
        self._left = {key: owned[key][key in self._busy :] for key in self._owners}
        self._used: Counter[str] = Counter()

    def named(self, count: int) -> Iterator[_Line]:
        """Pay one invoice each, named in the text."""
        for customer, items in self._take(count):
            yield _line(customer, items, text=f"货款 {items[0].number}")

    def pairs(self, count: int) -> Iterator[_Line]:
        """Pay two invoices each, named in the text."""
        for customer, items in self._take(count, size=_PAIR):
            yield _line(customer, items, text=f"付{items[0].number}、{items[1].number}款")

    def unnamed(self, count: int) -> Iterator[_Line]:
        """Pay one item each, naming nothing: no other set of the customer's items adds up to it."""
        for customer, items in self._take(count, is_told_apart=True):
            yield _line(customer, items, text="往来款")

    def spoiled(self, count: int) -> Iterator[_Line]:
        """Pay one invoice each under a name without its form, the number without its marks."""
        for customer, items in self._take(count):
            line = _line(customer, items, text=f"付{items[0].number.replace('-', '').lower()}款")
            yield _Line(name=names.bare(line.name), account="", amount=line.amount, text=line.text)

    def parts(self, count: int) -> Iterator[_Line]:
        """Pay a part each, naming nothing: a person has to say what for."""
        for customer, items in self._take(count, is_told_apart=True):
            line = _line(customer, items, text="部分货款")
            part = (line.amount * _PART).quantize(_CENT)
            yield _Line(name=line.name, account=line.account, amount=part, text=line.text)

    def _take(
        self, count: int, *, size: int = 1, is_told_apart: bool = False
    ) -> list[tuple[Customer, list[OpenItem]]]:
        """Take so many items of one customer at a time, of customers in turn; fewer where nothing is left."""
        taken: list[tuple[Customer, list[OpenItem]]] = []
        while len(taken) < count:
            found = self._next(size, is_told_apart=is_told_apart)
            if found is None:
                break
            taken.append(found)
        return taken

    def _next(self, size: int, *, is_told_apart: bool) -> tuple[Customer, list[OpenItem]] | None:
        turn = sorted(self._left, key=lambda key: (self._used[key], key in self._busy, -len(self._left[key])))
        for key in turn:
            items = self._left[key]
            fitting = [item for item in items if _is_only(item, items)] if is_told_apart else items
            if len(fitting) >= size and not (is_told_apart and len(items) > _ITEMS_MAX):
                chosen = fitting[:size]
                self._left[key] = [item for item in items if item not in chosen]
                self._used[key] += 1
                return self._owners[key], chosen
        return None


def _is_only(item: OpenItem, items: Sequence[OpenItem]) -> bool:
    """Tell whether no other set of the items adds up to this one."""
    found = subsets.adding_up([one.open for one in items], item.open, largest=_SET_MAX, most=2)
    return len(found.sets) == 1


def _line(customer: Customer, items: Sequence[OpenItem], *, text: str) -> _Line:
    total = values.amount(sum(item.open for item in items))
    account = f"62{sum(map(ord, customer.code)) * 7919 % 10**14:014d}"
    return _Line(name=customer.name, account=account, amount=total, text=text)


def _stranger(place: int, amount: str) -> _Line:
    return _Line(name=_STRANGERS[place], account="", amount=Decimal(amount), text="货款")


def _file(lines: Sequence[_Line], *, day: date, mark: str) -> bytes:
    balance = _OPENING
    rows = []
    for place, line in enumerate(lines, start=1):
        balance += line.amount
        booked = day - timedelta(days=(len(lines) - place) % 2)
        rows.append(
            f"{booked:%Y-%m-%d},,{line.amount:.2f},{balance:.2f},{line.name},{line.account},{line.text},"
            f"EX{day:%Y%m%d}{mark}{place:03d}"
        )
    head = [
        "示例银行企业账户交易明细,,,,,,,",
        f"账号:{_ACCOUNT},,币种:人民币,,,,,",
        "交易日期,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,交易流水号",
    ]
    return "\n".join([*head, *rows, ""]).encode("gb18030")
