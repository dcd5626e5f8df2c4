"""The sentences of the case table: what can happen, as a credit manager writes it, and the flow that does it."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from factories import companies, customers, nodes, orders, receivables
from factories.credit_facts import section
from factories.receivables import credit_row, invoice_row, payment_row
from pains.case_world import SYSTEM, World, money
from tradecredit.apps.monitoring.models import Freeze
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.receivables.bills import BillStatus
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.cash import move_bill, open_dispute, receive_bills, unapply_cash
from tradecredit.flows.cash.receive_bills import BillRow
from tradecredit.flows.imports import (
    import_credit_notes,
    import_deliveries,
    import_goods_events,
    import_invoices,
    import_orders,
    retry_waiting,
)
from tradecredit.flows.imports.import_deliveries import DeliveryRow
from tradecredit.flows.imports.import_goods_events import GoodsEventRow
from tradecredit.flows.imports.import_invoices import InstalmentRow, SourceRow
from tradecredit.flows.imports.import_orders import OrderRow
from tradecredit.flows.levels import keep_parties, move_member
from tradecredit.flows.limits import keep_covers
from tradecredit.flows.limits.keep_covers import CoverRow
from tradecredit.flows.orders import (
    check_order_credit,
    deliver_order,
    expire_reservations,
    move_order,
    recheck_held_orders,
    split_order,
)
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.flows.orders.split_order import Part
from tradecredit.flows.policy import keep_settings
from tradecredit.flows.policy.keep_settings import SettingDraft
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable

# What the words of a sentence stand for.
_HOLES = {
    "money": r"(?P<amount>-?[\d,]+(?:\.\d+)?) (?P<currency>[A-Z]{3})",
    "amount": r"(?P<amount>-?[\d,]+(?:\.\d+)?)",
    "at": r"(?P<customer>[A-Z]+) at (?P<company>[A-Z]+)",
    "day": r"(?P<day>\d{4}-\d\d-\d\d)",
    "ref": r"(?P<ref>[\w~-]+)",
    "number": r"(?P<number>[\w~-]+)",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A kind of sentence and what it does; what it returns is kept as the answer to what it is about."""

    pattern: re.Pattern[str]
    act: Callable[..., Any]


@dataclass(slots=True)
class Words:
    """All kinds of sentences."""

    kinds: list[Sentence] = field(default_factory=list)

    def says(self, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a kind of sentence; ``{money}`` and the like stand for what varies."""

        def keep(act: Callable[..., Any]) -> Callable[..., Any]:
            self.kinds.append(Sentence(re.compile(text.format(**_HOLES)), act))
            return act

        return keep

    def do(self, world: World, sentence: str) -> Any:
        """Let happen what the sentence says; raises AssertionError for a sentence that means nothing here."""
        for kind in self.kinds:
            found = kind.pattern.fullmatch(sentence)
            if found:
                return kind.act(world, **found.groupdict())
        raise AssertionError(f"no such sentence: {sentence}")


WORDS = Words()
says = WORDS.says


# ---- Orders and goods


@says("order {ref} of {money} by {at}(?: with {number} days)?(?: prepaid (?P<prepaid>[\\d,.]+))?")
def order(world, *, ref, amount, currency, customer, company, number, prepaid):
    world.homes[ref] = company
    request = CheckRequest(
        company=world.companies[company],
        customer_code=customer,
        reference=ref,
        amount=money(amount, currency),
        terms_days=None if number is None else int(number),
        prepaid=None if prepaid is None else money(prepaid, currency),
    )
    asker = world.person(company, Role.SALES)
    return check_order_credit.check_order_credit(requests=[request], actor=asker)[0]


@says("amend {ref} to {money}")
def amend(world, *, ref, amount, currency):
    return move_order.amend_order(
        company=world.company_of(ref), reference=ref, amount=money(amount, currency), actor=SYSTEM
    )


@says("(?P<verb>cancel|close|reopen) {ref}")
def end(world, *, verb, ref):
    act = getattr(move_order, f"{verb}_order")
    return act(company=world.company_of(ref), reference=ref, actor=SYSTEM)


@says("deliver {number} of {ref} worth {money}")
def deliver(world, *, number, ref, amount, currency):
    return deliver_order.deliver_order(
        company=world.company_of(ref),
        reference=ref,
        number=number,
        amount=money(amount, currency),
        actor=world.person(world.homes[ref], Role.SALES),
    )


@says("release {ref} by the (?P<people>[a-z ]+)")
def release(world, *, ref, people):
    asked, done = world.question_of(ref), None
    for name in people.split(" and "):
        person = world.person(world.homes[ref], Role(name.replace(" ", "_")))
        done = decide_approval.decide_approval(
            request_id=asked, approves=True, reason="客户承诺本周付款", actor=person
        )
    return done


@says("let go of {ref} what fits")
def part(world, *, ref):
    halves = split_order.split_order(
        company=world.company_of(ref), reference=ref, part=Part(), actor=world.person(world.homes[ref], Role.SALES)
    )  # fmt: skip
    return halves.part


@says("look again at what is held for {at}")
def look_again(world, *, customer, company):
    ours = [world.customers[customer].pk]
    home = world.companies[company]
    recheck_held_orders.recheck_held_orders(company=home, customer_ids=ours, actor=SYSTEM)
    recheck_held_orders.recheck_held_deliveries(company=home, customer_ids=ours, actor=SYSTEM)


@says("the other system reports order {ref} of {money} by {at}(?:, (?P<status>closed|cancelled))?")
def opening(world, *, ref, amount, currency, customer, company, status):
    world.homes[ref] = company
    row = OrderRow(
        number=ref,
        customer_code=customer,
        order_date=world.day,
        amount=money(amount, currency).amount,
        currency=currency,
        status=status or "",
    )
    done = import_orders.import_orders(rows=[row], company=world.companies[company], actor=SYSTEM).rows[0]
    retry_waiting.follow_late_orders(
        company=world.companies[company], customer_ids=[world.customers[customer].pk], actor=SYSTEM
    )
    return done


@says("the other system reports {number} of {ref} worth {amount} at {company}(?P<consignment> on consignment)?".replace("{company}", "(?P<company>[A-Z]+)"))  # fmt: skip
def left(world, *, number, ref, amount, company, consignment):
    row = DeliveryRow(
        number=number,
        order_number=ref,
        delivery_date=world.day,
        amount=Decimal(amount.replace(",", "")),
        kind="consignment" if consignment else "",
    )
    return import_deliveries.import_deliveries(
        rows=[row], company=world.companies[company], actor=SYSTEM
    ).rows[0]


@says("(?P<kind>return|replacement|usage) {number} of (?P<delivery>[\\w-]+) worth {amount} at (?P<company>[A-Z]+)")  # fmt: skip
def goods(world, *, kind, number, delivery, amount, company):
    row = GoodsEventRow(
        kind=kind,
        number=number,
        delivery_number=delivery,
        event_date=world.day,
        amount=Decimal(amount.replace(",", "")),
    )
    return import_goods_events.import_goods_events(
        rows=[row], company=world.companies[company], actor=SYSTEM
    ).rows[0]


# ---- Bills and cash


@says("invoice {number} of {money} to {at}(?: for (?P<kind>order|delivery|usage) {ref})?(?:, due (?P<due>[\\d-]+)(?: and (?P<rest>[\\d,.]+) on (?P<later>[\\d-]+))?)?")  # fmt: skip
def invoice(world, *, number, amount, currency, customer, company, kind, ref, due, rest, later):
    whole = money(amount, currency).amount
    last = date.fromisoformat(due) if due else world.day + timedelta(days=30)
    fields: dict[str, Any] = {"due_date": last}
    if rest is not None:
        part_later = money(rest, currency).amount
        fields = {
            "due_date": None,
            "instalments": (
                InstalmentRow(due_date=last, amount=whole - part_later),
                InstalmentRow(due_date=date.fromisoformat(later), amount=part_later),
            ),
        }
    if kind == "order":
        fields["order_number"] = ref
    elif kind is not None:
        fields["sources"] = (SourceRow(kind=kind, number=ref, amount=whole),)
    row = invoice_row(
        number,
        str(whole),
        customer_code=customer,
        currency=currency,
        invoice_date=min(world.day, last) - timedelta(days=0 if last >= world.day else 30),
        **fields,
    )
    return import_invoices.import_invoices(rows=[row], company=world.companies[company], actor=SYSTEM).rows[0]


@says("credit note {number} of {money} to {at}(?: for {ref})?")
def credit(world, *, number, amount, currency, customer, company, ref):
    row = credit_row(
        number,
        str(money(amount, currency).amount),
        customer_code=customer,
        credit_date=world.day,
        currency=currency,
        invoice_number=ref or "",
    )
    return import_credit_notes.import_credit_notes(
        rows=[row], company=world.companies[company], actor=SYSTEM
    ).rows[0]


@says("payment {number} of {money} from {at}(?: for (?P<kind>invoice|order) {ref}|(?P<loose>, not applied))?")
def pay(world, *, number, amount, currency, customer, company, kind, ref, loose):
    row = payment_row(
        number,
        str(money(amount, currency).amount),
        customer_code=customer,
        currency=currency,
        payment_date=world.day,
        invoice_number=ref if kind == "invoice" else "",
        order_number=ref if kind == "order" else "",
    )
    return receivables.payments(world.companies[company], row, match=loose is None).rows[0]


@says("bill {number} of {money} from {at} for {ref}(?P<commercial>, commercial)?")
def bill(world, *, number, amount, currency, customer, company, ref, commercial):
    world.homes[number] = company
    row = BillRow(
        number=number,
        customer_code=customer,
        kind="commercial" if commercial else "bank",
        acceptor="示例置业有限公司" if commercial else "示例银行",
        acceptor_class="commercial" if commercial else "state_bank",
        issue_date=world.day,
        due_date=world.day + timedelta(days=180),
        received_on=world.day,
        amount=money(amount, currency).amount,
        invoice_number=ref,
    )
    return receive_bills.receive_bills(rows=[row], company=world.companies[company], actor=SYSTEM).rows[0]


@says("bill {number} is dishonoured")
def dishonour(world, *, number):
    move_bill.move_bill(
        company=world.company_of(number), number=number, status=BillStatus.DISHONOURED, actor=SYSTEM, day=world.day
    )  # fmt: skip


@says("dispute {amount} of {number} at (?P<company>[A-Z]+)")
def dispute(world, *, amount, number, company):
    open_dispute.open_dispute(
        company=world.companies[company],
        invoice_number=number,
        reason_code="quality",
        amount=Decimal(amount.replace(",", "")),
        actor=SYSTEM,
    )


@says("guarantee {number} of {money} for {at}")
def guarantee(world, *, number, amount, currency, customer, company):
    row = CoverRow(
        number=number,
        customer_code=customer,
        kind="guarantee",
        provider="示例担保有限公司",
        valid_from=world.day,
        amount=money(amount, currency).amount,
        currency=currency,
    )
    keep_covers.record_covers(rows=[row], company=world.companies[company], actor=SYSTEM)
    keep_covers.activate_cover(company=world.companies[company], number=number, documents=(), actor=SYSTEM)


# ---- Lines, levels, people and policy


@says("line of {at} is (?:{money}|(?P<none>not set in (?P<in_currency>[A-Z]+)))")
def line(world, *, customer, company, amount, currency, none, in_currency):
    fields = {"currency": in_currency, "limit_kind": "not_set"} if none else {"currency": currency}
    orders.line(
        world.companies[company],
        world.customers[customer],
        None if none else str(money(amount, currency).amount),
        valid_from=world.line_day(),
        **fields,
    )


@says("(?P<source>[A-Z]+) is worth (?P<value>[\\d.]+) (?P<target>[A-Z]+)(?: from {day})?")
def rate(world, *, source, value, target, day):
    nodes.rate(source, target, value, day=date.fromisoformat(day) if day else nodes.SINCE)


@says("(?P<strength>joint|single) (?P<kind>group|family|portfolio) {ref} of {money}(?: at (?P<company>[A-Z]+))?(?: for (?P<members>[A-Z, ]+))?")  # fmt: skip
def level(world, *, strength, kind, ref, amount, currency, company, members):
    codes = [code.strip() for code in (members or "").split(",") if code.strip()]
    nodes.node(
        ref,
        str(money(amount, currency).amount),
        kind=kind,
        currency=currency,
        strength=strength,
        company=None if company is None else world.companies[company],
        value=codes[0] if kind == "family" else "",
        members=tuple(world.customers[code] for code in codes) if kind == "group" else (),
    )


@says("(?P<customer>[A-Z]+) moves from {ref} to {number} at (?P<company>[A-Z]+)")
def move(world, *, customer, ref, number, company):
    move_member.move_member(
        company=world.companies[company], customer_code=customer, to=number, leaves=[ref], reason="重组", actor=SYSTEM
    )  # fmt: skip


@says("(?P<party>[A-Z]+|nobody) (?P<verb>pays|lends its account) for {at}")
def party(world, *, party, verb, customer, company):
    keep_parties.keep_party(
        company=world.companies[company],
        customer_code=customer,
        role="payer" if verb == "pays" else "account",
        party_code=None if party == "nobody" else party,
        reason="",
        actor=SYSTEM,
    )


@says("setting {ref}?(?P<name>[\\w.]+) is (?P<value>\\S+|taken back) for (?:company )?(?:(?P<customer>[A-Z]+) at )?(?P<company>[A-Z]+)(?: until {day})?".replace("{ref}?", ""))  # fmt: skip
def setting(world, *, name, value, customer, company, day):
    draft = SettingDraft(
        level="company" if customer is None else "customer",
        name=name,
        value=None if value == "taken" else value,
        validity=Validity(world.day, date.fromisoformat(day) if day else None),
        reason="测试",
        customer_code=customer or "",
    )
    home = world.companies[company]
    found = keep_settings.propose_setting(company=home, draft=draft, actor=world.person(company, Role.CREDIT_MANAGER))  # fmt: skip
    keep_settings.decide_setting(
        company=home, setting_id=found, approves=True, actor=world.person(company, Role.CFO)
    )


@says("freeze (?P<scope>orders|shipments) of {at}")
def freeze(world, *, scope, customer, company):
    with db.unit_of_work(SYSTEM):
        Freeze.objects.create(
            company=world.companies[company], customer=world.customers[customer], scope=scope, cause="person",
            text_zh="停", text_en="stop", frozen_on=world.day, created_at=companies.MOMENT, created_by="test",
        )  # fmt: skip


@says("unfreeze {at}")
def unfreeze(world, *, customer, company):
    with db.unit_of_work(SYSTEM):
        Freeze.objects.filter(company=world.companies[company], customer=world.customers[customer]).update(
            lifted_on=world.day
        )


@says("policy of (?P<company>[A-Z]+) does not count (?P<stage>ordered|disputed)")
def uncounted(world, *, company, stage):
    control = copy.deepcopy(section("five-pillars", "order_control"))
    control["exposure"][stage] = False
    world.publish(company, control)


@says("policy of (?P<company>[A-Z]+) also checks (?P<check>\\w+)(?P<rest>(?:, [\\w.]+ [\\w.]+)*)")
def checked(world, *, company, check, rest):
    control = copy.deepcopy(section("five-pillars", "order_control"))
    rule: dict[str, Any] = {
        "code": "extra", "check": check, "label": {"zh": "附加", "en": "Extra"}, "at": ["order"], "on_fail": "hold",
    }  # fmt: skip
    for pair in filter(None, rest.split(", ")):
        name, value = pair.split(" ")
        if name in {"CNY", "USD"}:
            rule.setdefault("amounts", {})[name] = value
        else:
            rule[name] = int(value) if name == "days" else value
    control["checks"].append(rule)
    world.publish(company, control)


@says("take back payment {number} at (?P<company>[A-Z]+)")
def take_back(world, *, number, company):
    unapply_cash.unapply_cash(
        company=world.companies[company], payment_number=number, reason="测试", actor=SYSTEM
    )


# ---- Time


@says("the day is {day}")
def day_is(world, *, day):
    world.set_day(date.fromisoformat(day))


@says("the nightly run ends what is due at (?P<company>[A-Z]+)")
def expire(world, *, company):
    home = world.companies[company]
    expire_reservations.expire_reservations(company=home, actor=SYSTEM)
    expire_reservations.expire_releases(company=home, actor=SYSTEM)


@says("customer (?P<customer>[A-Z]+) at (?P<company>[A-Z]+) has a line of {money}")
def newcomer(world, *, customer, company, amount, currency):
    home = world.companies[company]
    found = customers.customer(home, customer, f"示例{customer}有限公司")
    orders.rating(home, found)
    orders.line(home, found, str(money(amount, currency).amount), currency=currency)
    world.customers[customer] = found
