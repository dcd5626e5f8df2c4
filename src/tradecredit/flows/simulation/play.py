"""Play the world day by day through the real flows, as its people would."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from tradecredit.flows import reactions
from tradecredit.flows.simulation import alert_answers, opening, past, plan, postings
from tradecredit.flows.simulation import world as worlds
from tradecredit.flows.simulation.plan import Agenda, Happening, Kind
from tradecredit.flows.watch import close_day, dispatch_outbox
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.flows.ports import Mailer
    from tradecredit.flows.simulation.world import World
    from tradecredit.plumbing.access.models import Company

# The last days' held orders stay for the visitor to decide.
_LEFT_FOR_THE_VISITOR = timedelta(days=12)


class Play:
    """One run of the world; ``step`` plays a day."""

    def __init__(
        self, *, world: World, companies: Mapping[str, Company], cast: Mapping[Role, Actor], mailer: Mailer,
        latest: date,
    ) -> None:  # fmt: skip
        self.world = world
        self.companies = companies
        self.cast = cast
        self.mailer = mailer
        self.latest = latest
        self.actor = Actor.system("simulator")
        self.random = Random(f"{world.seed}{sorted(companies)}")  # noqa: S311 - play, not secrets
        self.agenda = Agenda()
        # Where alerts of a day before wait to be read, of which day, and a lot of their own that changes no other.
        self._alerted: dict[str, date] = {}
        self._alert_lot = Random(f"{world.seed}alerts{sorted(companies)}")  # noqa: S311 - play, not secrets
        self._fill()

    def _fill(self) -> None:
        for day, order in plan.orders(self.world, first=worlds.FIRST_DAY, latest=self.latest):
            self._note(day, order)
        for fact in self.world.facts:
            if fact.known_on > worlds.FIRST_DAY:
                self._note(fact.known_on, postings.fact_happening(self.world, fact))
        for hero in plan.HERO_ORDERS:
            self._note(hero.ordered_on, _hero_happening(hero, Kind.ORDER))

    def _note(self, day: date, happening: Happening) -> None:
        if happening.company in self.companies:
            self.agenda.add(day, happening)

    def step(self, day: date) -> None:
        """Play one day: what happens, what follows from it, and the close of the day in every company."""
        with clock.on(next(iter(self.companies.values())), day):
            grouped: dict[tuple[str, Kind], list[Happening]] = defaultdict(list)
            for happening in self.agenda.take(day):
                grouped[happening.company, happening.kind].append(happening)
            for code, company in self.companies.items():
                self._play_company(code, company, day=day, grouped=grouped)
            if day == past.NEW_PERIOD_KNOWN_ON:
                self._record_new_statements()
            main = self.companies.get(worlds.MAIN)
            if main is not None and day == plan.HERO_LIMIT_CUT_ON:
                opening.cut_the_heros_limit(company=main, cast=self.cast, as_of=day)
                opening.watch_the_group(company=main, as_of=day)

    def _record_new_statements(self) -> None:
        for code, company in self.companies.items():
            past.statements(
                world=self.world, company=company, code=code, periods=[past.NEW_PERIOD], actor=self.actor
            )

    def _play_company(
        self, code: str, company: Company, *, day: date, grouped: Mapping[tuple[str, Kind], list[Happening]]
    ) -> None:
        if code in self._alerted and day < self.latest - _LEFT_FOR_THE_VISITOR:
            manager = self.cast[Role.CREDIT_MANAGER]
            # The books are worked on once a week, alerts are read on the next morning.
            with clock.on(company, self._alerted[code] + timedelta(days=1), hour=8):
                alert_answers.answer_alerts(company=company, actor=manager, random=self._alert_lot)
        for kind in Kind:
            happenings = grouped.get((code, kind), [])
            if happenings:
                _POSTINGS[kind](self, company, happenings, day)
        if day < self.latest - _LEFT_FOR_THE_VISITOR:
            postings.decide_proposals(
                company=company,
                cast=self.cast,
                before=day - timedelta(days=5),
                day=day,
                wants=lambda: self.random.randrange(3) == 0,
            )
        report = close_day.close_day(company=company, as_of=day, actor=self.actor)
        self._alerted.pop(code, None)
        if report.alerts or grouped.get((code, Kind.FACT)):
            self._alerted[code] = day
        reactions.drain(actor=self.actor, company=company)
        dispatch_outbox.dispatch_outbox(company=company, mailer=self.mailer, actor=self.actor)

    # What follows is called through _POSTINGS, in the order of Kind.

    def post_facts(self, company: Company, happenings: list[Happening], day: date) -> None:
        """Record what became known."""
        postings.facts(company=company, happenings=happenings, day=day, actor=self.actor)

    def post_payments(self, company: Company, happenings: list[Happening], day: date) -> None:
        """Record what was paid."""
        postings.payments(company=company, happenings=happenings, day=day, actor=self.actor)

    def post_orders(self, company: Company, happenings: list[Happening], day: date) -> None:
        """Check the day's orders; deliver what passes, ask people about the rest."""
        passed = postings.orders(company=company, happenings=happenings, day=day, actor=self.actor)
        for happening in happenings:
            if happening.reference in passed:
                self._plan_delivery(happening, day)
            elif day < self.latest - _LEFT_FOR_THE_VISITOR:
                wait = timedelta(days=self.random.randint(1, 3))
                self.agenda.add(day + wait, _again(happening, Kind.ANSWER))

    def post_answers(self, company: Company, happenings: list[Happening], day: date) -> None:
        """Let people answer for the orders held before."""
        for happening in happenings:
            wants = not self._is_broken(happening, day) and self.random.randrange(100) < _RELEASED_PERCENT
            if postings.answer(
                company=company, happening=happening, is_release=wants, cast=self.cast, day=day
            ):
                self._plan_delivery(happening, day)

    def post_deliveries(self, company: Company, happenings: list[Happening], day: date) -> None:
        """Deliver, and plan the invoice."""
        delivered = postings.deliveries(company=company, happenings=happenings, day=day, actor=self.actor)
        for happening in happenings:
            hero = _hero(happening)
            if happening.reference not in delivered:
                continue
            if hero is None:
                wait = timedelta(days=self.random.randint(1, 3))
                self.agenda.add(day + wait, _again(happening, Kind.INVOICE))
            elif hero.invoiced_on is not None:
                self.agenda.add(hero.invoiced_on, _again(happening, Kind.INVOICE))

    def post_invoices(self, company: Company, happenings: list[Happening], day: date) -> None:
        """Bill, and plan the payment by the customer's habit."""
        postings.invoices(company=company, happenings=happenings, day=day, actor=self.actor)
        for happening in happenings:
            self._plan_payment(happening, day)

    def post_disputes(self, company: Company, happenings: list[Happening], day: date) -> None:
        """Let customers contest."""
        for happening in happenings:
            postings.dispute(company=company, happening=happening, day=day, actor=self.cast_specialist)

    @property
    def cast_specialist(self) -> Actor:
        """Return the credit specialist."""
        return self.cast[Role.CREDIT_SPECIALIST]

    def _is_broken(self, happening: Happening, day: date) -> bool:
        return happening.customer in worlds.GROUP and day >= worlds.GROUP_BREAKS_ON

    def _plan_delivery(self, happening: Happening, day: date) -> None:
        hero = _hero(happening)
        if hero is None:
            wait = timedelta(days=self.random.randint(3, 9))
            self.agenda.add(day + wait, _again(happening, Kind.DELIVERY))
        elif hero.delivered_on is not None:
            self.agenda.add(hero.delivered_on, _again(happening, Kind.DELIVERY))

    def _plan_payment(self, happening: Happening, day: date) -> None:
        invoice = postings.invoice_number(happening)
        hero = _hero(happening)
        if hero is not None:
            if hero.paid_on is not None:
                self.agenda.add(hero.paid_on, _payment(happening, invoice, happening.amount))
            return
        customer = self.world.by_code[happening.customer]
        due = day + timedelta(days=customer.terms_days)
        late = worlds.days_late(self.random, customer=customer, due=due)
        if self.random.randrange(_ONE_IN_DISPUTED) == 0:
            self.agenda.add(due + timedelta(days=2), _again(happening, Kind.DISPUTE))
        if late is None:
            return
        paid_on = max(due + timedelta(days=late), day + timedelta(days=1))
        first = happening.amount
        if self.random.randrange(_ONE_IN_PART_PAID) == 0:
            first = (happening.amount / 2).quantize(Decimal("0.01"))
            rest = happening.amount - first
            self.agenda.add(paid_on + timedelta(days=20), _payment(happening, invoice, rest, suffix="B"))
        self.agenda.add(paid_on, _payment(happening, invoice, first, suffix="A"))


_RELEASED_PERCENT = 75
_ONE_IN_DISPUTED = 90
_ONE_IN_PART_PAID = 18

_POSTINGS: dict[Kind, Callable[[Play, Company, list[Happening], date], None]] = {
    Kind.FACT: Play.post_facts,
    Kind.PAYMENT: Play.post_payments,
    Kind.ORDER: Play.post_orders,
    Kind.ANSWER: Play.post_answers,
    Kind.DELIVERY: Play.post_deliveries,
    Kind.INVOICE: Play.post_invoices,
    Kind.DISPUTE: Play.post_disputes,
}


def _hero(happening: Happening) -> plan.HeroOrder | None:
    return next((hero for hero in plan.HERO_ORDERS if hero.reference == happening.reference), None)


def _again(happening: Happening, kind: Kind) -> Happening:
    return Happening(
        kind=kind,
        company=happening.company,
        customer=happening.customer,
        reference=happening.reference,
        amount=happening.amount,
        currency=happening.currency,
        terms_days=happening.terms_days,
    )


def _payment(happening: Happening, invoice: str, amount: Decimal, suffix: str = "") -> Happening:
    return Happening(
        kind=Kind.PAYMENT,
        company=happening.company,
        customer=happening.customer,
        reference=f"RC-{happening.reference[3:]}{suffix}",
        amount=amount,
        currency=happening.currency,
        refers_to=invoice,
    )


def _hero_happening(hero: plan.HeroOrder, kind: Kind) -> Happening:
    return Happening(
        kind=kind,
        company=worlds.MAIN,
        customer=worlds.HERO,
        reference=hero.reference,
        amount=hero.amount,
        terms_days=45,
    )
