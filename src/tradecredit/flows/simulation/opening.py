"""The first day: companies, people, customers, opening lines, first facts; and the hero's cut line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier.drafts import CustomerDraft
from tradecredit.core.exposure.rates import Rate
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.money import Money
from tradecredit.flows import reactions, set_up_company
from tradecredit.flows.imports import import_customers, import_groups, import_limits
from tradecredit.flows.levels import record_rates, save_node
from tradecredit.flows.limits import propose_limit
from tradecredit.flows.simulation import past, people, plan, postings
from tradecredit.flows.simulation import world as worlds
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.flows.simulation.world import SimCustomer, World
    from tradecredit.plumbing.access.models import Company

_POLICY_FROM = date(2024, 1, 1)


def open_companies(
    *, world: World, documents: Mapping[str, Mapping[str, object]], first: date
) -> tuple[dict[str, Company], dict[Role, Actor]]:
    """Make the companies with their people, customers, opening lines and first facts."""
    people.introduce()
    companies = {
        code: set_up_company.set_up_company(
            code=code,
            name=name,
            name_en=name_en,
            admin_email=people.address(Role.ADMIN),
            document=documents[code],
            valid_from=_POLICY_FROM,
            is_sandbox=True,
            sandbox_day=first,
        ).company
        for code, name, name_en in worlds.COMPANIES
    }
    cast = people.engage(companies=list(companies.values()))
    actor = Actor.system("simulator")
    with clock.on(companies[worlds.MAIN], first):
        for code, company in companies.items():
            members = [customer for customer in world.customers if code in customer.companies]
            _customers(company, members, actor=actor)
            _lines(company, members, actor=actor)
            past.statements(
                world=world, company=company, code=code, periods=past.OPENING_PERIODS, actor=actor
            )
            past.trade(world=world, company=company, code=code, first=first, actor=actor)
            _facts(world, company, code=code, day=first, actor=actor)
            reactions.drain(actor=actor, company=company)
    return companies, cast


def cut_the_heros_limit(*, company: Company, cast: Mapping[Role, Actor], as_of: date) -> None:
    """Cut the hero's line as the story needs it: proposed by one, approved by those with authority."""
    with scope.entered(Actor.system("simulator")):
        hero = dossier.customer_by_code(worlds.HERO)
    if hero is None:
        return
    proposal = propose_limit.propose_limit(
        company=company,
        customer_id=hero.id,
        asked=limits.Amount(Money(plan.HERO_LIMIT, "CNY")),
        days=45,
        actor=cast[Role.CREDIT_SPECIALIST],
        reason="回款放慢，按评审意见下调 / paying more slowly, reduced after review",
        as_of=as_of,
    )
    for role in postings.DECIDERS:
        if postings.approve(company=company, proposal_id=proposal.id, actor=cast[role], as_of=as_of):
            return


def watch_the_group(*, company: Company, as_of: date) -> None:
    """Set a limit for the group that breaks, over all companies, and the rate that adds its currencies up."""
    actor = Actor.system("simulator")
    with scope.entered(actor):
        if dossier.customer_by_code(worlds.GROUP[0]) is None:
            return
        draft = save_node.NodeDraft(
            code="G-HENGDA",
            name="示例恒达集团",
            kind="family",
            value=worlds.GROUP[0],
            currency="CNY",
            is_demo=True,
        )
        save_node.save_node(company=company, draft=draft, actor=actor)
        limit = f"{plan.GROUP_LIMIT:f}"
        row = import_groups.GroupRow(
            code=draft.code,
            name=draft.name,
            kind=draft.kind,
            value=draft.value,
            limit=limit,
            valid_from=as_of,
        )
        import_groups.import_groups(rows=[row], company=company, actor=actor)
        rate = Rate(source="USD", target="CNY", rate=plan.USD_RATE, day=as_of, origin="示例汇率")
        record_rates.record_rates(rates=[rate], actor=actor)


def _customers(company: Company, members: list[SimCustomer], *, actor: Actor) -> None:
    rows = [
        import_customers.CustomerRow(
            draft=CustomerDraft(
                code=customer.code,
                name=customer.name,
                uscc=customer.uscc,
                customer_type=customer.customer_type,
                industry=customer.industry,
                region=customer.region,
                salesperson=customer.salesperson,
                team=f"{customer.region}大区",
                customer_since=customer.since,
                currency=customer.currency,
                email=f"finance@{customer.code.lower()}.example.com",
            ),
            parent_code=customer.parent or None,
        )
        for customer in sorted(members, key=lambda member: bool(member.parent))
    ]
    postings.require_accepted(
        import_customers.import_customers(
            rows=rows, company=company, actor=actor, source="demo", is_demo=True
        )
    )


def _lines(company: Company, members: list[SimCustomer], *, actor: Actor) -> None:
    rows = [
        import_limits.LimitRow(
            customer_code=customer.code,
            limit=str(_opening_limit(customer)),
            currency=customer.currency,
            days=customer.terms_days,
        )
        for customer in members
        if customer.limit is not None
    ]
    postings.require_accepted(import_limits.import_limits(rows=rows, company=company, actor=actor))


def _opening_limit(customer: SimCustomer) -> Decimal:
    if customer.code == worlds.HERO:
        return plan.HERO_FIRST_LIMIT
    amount = customer.limit or Decimal(0)
    return (amount / 7).quantize(Decimal(1)) if customer.currency == "USD" else amount


def _facts(world: World, company: Company, *, code: str, day: date, actor: Actor) -> None:
    happenings = [
        postings.fact_happening(world, fact)
        for fact in world.facts
        if fact.known_on <= day and world.by_code[fact.customer].companies[0] == code
    ]
    postings.facts(company=company, happenings=happenings, day=day, actor=actor)
