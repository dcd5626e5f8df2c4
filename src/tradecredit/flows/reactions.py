"""THE table: which event is followed by which flows. Every wiring between happenings is visible here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tradecredit.apps.dossier import queries as dossier
from tradecredit.flows import decisions_made, failed_events, happenings
from tradecredit.flows.collections import follow_cases, follow_downgrade, serve_customers
from tradecredit.flows.imports import retry_waiting
from tradecredit.flows.limits import review_limit
from tradecredit.flows.orders import follow_grade, recheck_held_orders
from tradecredit.flows.policy import follow_group
from tradecredit.flows.ratings import rerate_customer
from tradecredit.flows.watch import raise_alert, run_dunning
from tradecredit.plumbing import clock, db, failpoints
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.outbox import draining, events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.outbox.draining import Happening

_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Events of one name in one company, to be answered together."""

    name: str
    company: Company
    customer_ids: tuple[UUID, ...]
    as_of: date
    actor: Actor
    # Customers whose event began here, not in another company that told this one.
    first_heard_ids: tuple[UUID, ...] = ()
    # What the events themselves say.
    told: tuple[Mapping[str, Any], ...] = ()

    @property
    def whom(self) -> happenings.Whom:
        """Whom it is about, on which day, and who asks: what most flows want to know."""
        ids = self.customer_ids
        return {"company": self.company, "customer_ids": ids, "as_of": self.as_of, "actor": self.actor}


Reaction = Callable[[Batch], None]
# What has run for whom (and whether it was heard here first) since the events of one claim were recorded.
Done = set[tuple[Reaction, UUID, bool]]


def _settle(batch: Batch) -> None:
    """Bring freezes and marks into line with what is overdue now."""
    run_dunning.settle_standings(**batch.whom)
    raise_alert.settle_alerts(**batch.whom)
    follow_cases.follow_money(**batch.whom)


def _lift(batch: Batch) -> None:
    """Lift what a credit note cured; what an invoice makes overdue is frozen when the day is closed."""
    run_dunning.settle_standings(
        company=batch.company,
        as_of=batch.as_of,
        actor=batch.actor,
        customer_ids=batch.customer_ids,
        is_lifting_only=True,
    )


def _recheck(batch: Batch) -> None:
    """Check held orders and deliveries again; policy decides whether a cured one is released."""
    recheck_held_orders.recheck_held_orders(**batch.whom)
    recheck_held_orders.recheck_held_deliveries(**batch.whom)


def _recheck_rest(batch: Batch) -> None:
    """Go on with held documents where the portion before this one ended."""
    recheck_held_orders.go_on(company=batch.company, told=batch.told, as_of=batch.as_of, actor=batch.actor)


def _rerate(batch: Batch) -> None:
    """Rate the customers again, with the event as the cause."""
    rerate_customer.rerate_customers(
        company=batch.company,
        customer_ids=batch.customer_ids,
        cause=batch.name,
        actor=batch.actor,
        as_of=batch.as_of,
    )


def _warn(batch: Batch) -> None:
    """Ask the alert rules about what is known now."""
    raise_alert.raise_alert(**batch.whom)


def _warn_relatives(batch: Batch) -> None:
    """Ask the rules about those to whom the customers are bound: what happens to one concerns the others."""
    raise_alert.warn_relatives(**batch.whom)


def _review_limit(batch: Batch) -> None:
    """Propose a line or a review where the new grade asks for one."""
    review_limit.review_limits(**batch.whom)


def _follow_grade(batch: Batch) -> None:
    """Let orders that have not left follow the grade: their terms, and whether goods leave."""
    follow_grade.follow_grade(**batch.whom)


def _take_up(batch: Batch) -> None:
    """Let in documents that came before what they name; bring orders into line that came after their invoices."""
    ours = batch.customer_ids
    retry_waiting.follow_late_orders(company=batch.company, customer_ids=ours, actor=batch.actor)


def _tell_other_companies(batch: Batch) -> None:
    """What is learned about a customer concerns every company that trades with it: each hears of it once."""
    customers = dossier.customers_by_id(batch.first_heard_ids)
    told: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for customer in customers.values():
        for company_id in customer.company_ids:
            if company_id != batch.company.pk:
                told[company_id].append(customer.id)
    for company_id, ids in sorted(told.items(), key=lambda entry: str(entry[0])):
        events.emit_many(
            name=batch.name,
            company_id=company_id,
            payloads=[(one, {"customer_id": one, "heard_from": batch.company.pk}) for one in ids],
        )


def _open_case(batch: Batch) -> None:
    """Open a case where the grade fell and the policy asks for one."""
    follow_downgrade.follow_downgrade(**batch.whom)


def _serve(batch: Batch) -> None:
    """Give disputes and complaints to a colleague, those of risky customers first."""
    serve_customers.serve(told=batch.told, **batch.whom)


REACTIONS: Final[Mapping[str, tuple[Reaction, ...]]] = {
    "customer.imported": (_take_up, _rerate),
    "fact.recorded": (_rerate, _warn, _tell_other_companies, _serve),
    "statement.recorded": (_rerate, _warn, _tell_other_companies),
    "invoice.recorded": (_lift, _rerate),
    "cash.applied": (_settle, _recheck, _rerate),
    "cash.unapplied": (_settle, _rerate),
    "bill.dishonoured": (_settle, _warn, _rerate),
    "bill.moved": (_recheck,),
    # The mark of high risk may end with the dispute: whose matter it is was decided before.
    "dispute.opened": (_serve, _settle, _recheck),
    "rating.changed": (_review_limit, _follow_grade, _recheck, _open_case),
    "limit.changed": (_recheck,),
    "freeze.lifted": (_recheck,),
    "policy.began": (_recheck,),
    # About no customer: the companies that follow this one's policy take it over (flows/policy/follow_group).
    follow_group.EVENT: (),
    **dict.fromkeys(("grade.ended", "consent.ended", "item.overdue", "payment.returned"), (_rerate,)),
    **dict.fromkeys(("policy.rescored", "plan.rate_again"), (_rerate,)),
    "alert.raised": (_warn_relatives,),
    # Nothing follows by itself: whoever is concerned was told when they happened.
    "order.checked": (_take_up,),
    # Checked quickly, many at once: their lines in the log are written with this event.
    "orders.checked": (_take_up,),
    **dict.fromkeys(("order.recorded", "delivery.recorded"), (_take_up,)),
    "order.held": (),
    "order.released": (),
    # Room came back: an order cancelled, closed, expired, or amended to less.
    "room.freed": (_recheck,),
    # More is held than is looked at in one transaction: from here on.
    "held.remain": (_recheck_rest,),
    # For the system that ships and invoices.
    "order.terms_changed": (),
    "delivery.held": (),
    **dict.fromkeys(("delivery.released", "delivery.rejected"), ()),
    "line.overridden": (),
    "day.closed": (),
    "contract.signed": (),
    "statement.answered": (),
}


def drain(*, actor: Actor, company: Company | None = None, limit: int = 100_000) -> int:
    """Answer the events that wait, in order, each exactly once; returns how many were answered.

    What a reaction does commits together with the mark that the event was answered, so a crash repeats both or
    neither, and a second drainer passes over a company that the first is working on. A reaction that fails is
    undone, its failure recorded on the event, and tried again later; other customers' events go on.
    """
    done = 0
    while done < limit:
        with db.unit_of_work(actor):
            waiting = [company.pk] if company is not None else draining.companies_waiting()
        before = done
        for company_id in waiting:
            done += _drain_batch(company_id, actor=actor, limit=min(_BATCH, limit - done))
        if done == before:
            break
    return done


def grouped(claimed: Sequence[Happening]) -> tuple[tuple[Happening, ...], ...]:
    """Group events of one name so that each subject still sees its own events in their order."""
    groups: list[list[Happening]] = []
    for happening in claimed:
        home = _home(happening, groups)
        if home is None:
            groups.append([happening])
        else:
            home.append(happening)
    return tuple(tuple(group) for group in groups)


def _home(happening: Happening, groups: list[list[Happening]]) -> list[Happening] | None:
    for group in reversed(groups):
        if group[0].name == happening.name:
            return group
        if any(other.subject == happening.subject for other in group):
            return None
    return None


def _drain_batch(company_id: UUID, *, actor: Actor, limit: int) -> int:
    with db.unit_of_work(actor):
        claimed = happenings.portion(draining.claim(company_id=company_id, limit=limit))
        if not claimed:
            return 0
        company = Company.objects.get(pk=company_id)
        answered: list[UUID] = []
        held_back: set[str] = set()
        done: Done = set()
        for group in grouped(claimed):
            ready = [one for one in group if not one.subject or one.subject not in held_back]
            found = _answer(company, ready, actor, done) if ready else []
            answered += found
            # What comes after a failed event of the same subject waits with it.
            held_back.update(one.subject for one in ready if one.id not in set(found))
        failpoints.reach("outbox.reacted")
        draining.mark_processed(ids=answered)
    return len(answered)


def _answer(company: Company, group: Sequence[Happening], actor: Actor, done: Done) -> list[UUID]:
    """Answer a group together; when that fails, answer its events one by one to find the one that fails."""
    try:
        with db.savepoint():
            new = _react(company, group, actor, done)
    except Exception as error:  # noqa: BLE001 - whatever fails is undone, recorded and tried again
        if len(group) == 1:
            if happenings.told_apart(company, group[0]):
                return [group[0].id]
            failed_events.put_off(company, group[0], error)
            return []
        return [answered for one in group for answered in _answer(company, [one], actor, done)]
    done |= new
    return [happening.id for happening in group]


def _react(company: Company, group: Sequence[Happening], actor: Actor, done: Done) -> Done:
    """Run what follows; a customer for whom a reaction has run since these events needs it no second time.

    Reactions look at what is recorded now, and all events of a claim were recorded before the first is answered.
    """
    first_heard = happenings.customers_of([one for one in group if "heard_from" not in one.payload])
    decisions_made.follow(company_id=company.pk, group=group)
    if group[0].name == follow_group.EVENT:
        follow_group.follow_published(leader=company, actor=actor)
    new: Done = set()
    for reaction in REACTIONS.get(group[0].name, ()):
        customers = tuple(
            one
            for one in happenings.customers_of(group)
            if reaction in {_recheck_rest, _serve} or (reaction, one, one in first_heard) not in done
        )
        if not customers:
            continue
        reaction(
            Batch(
                name=group[0].name,
                company=company,
                customer_ids=customers,
                as_of=clock.today(company),
                actor=actor,
                first_heard_ids=tuple(one for one in first_heard if one in set(customers)),
                told=tuple(one.payload for one in group),
            )
        )
        new |= {(reaction, one, one in first_heard) for one in customers}
    return new
