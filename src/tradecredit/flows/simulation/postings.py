"""From happenings to the flows that everybody uses."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.limits import queries as limits
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.approvals import routing
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.cash import open_dispute, record_payments
from tradecredit.flows.imports import import_invoices, record_facts
from tradecredit.flows.limits import set_limit
from tradecredit.flows.orders import check_order_credit, deliver_order, order_cases
from tradecredit.flows.simulation.plan import Happening, Kind
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.flows.row_results import ImportResult
    from tradecredit.flows.simulation.world import SimFact, World
    from tradecredit.plumbing.access.models import Company


class PlayBrokeError(RuntimeError):
    """A flow refused what the play did: the play or the flow is wrong."""


def require_accepted(result: ImportResult) -> None:
    """Raise PlayBrokeError when a row was refused."""
    if result.refused:
        first = result.refused[0]
        raise PlayBrokeError(f"row {first.row} ({first.number}) was refused: {first}")


def fact_happening(world: World, fact: SimFact) -> Happening:
    """Return a fact as something that happens."""
    return Happening(
        kind=Kind.FACT,
        company=world.by_code[fact.customer].companies[0],
        customer=fact.customer,
        reference=fact.name,
        amount=Decimal(0),
        refers_to=f"{fact.value}|{fact.source}",
    )


def facts(*, company: Company, happenings: list[Happening], day: date, actor: Actor) -> None:
    """Record facts that became known."""
    rows = []
    for happening in happenings:
        value, source = happening.refers_to.split("|", maxsplit=1)
        rows.append(
            record_facts.FactRow(
                customer_code=happening.customer,
                fact=happening.reference,
                value=value,
                valid_from=day,
                source=source,
            )
        )
    require_accepted(record_facts.record_facts(rows=rows, company=company, actor=actor, as_of=day))


def payments(*, company: Company, happenings: list[Happening], day: date, actor: Actor) -> None:
    """Record payments; most name their invoice."""
    rows = [
        record_payments.PaymentRow(
            number=happening.reference,
            customer_code=happening.customer,
            payment_date=day,
            amount=happening.amount,
            currency=happening.currency,
            invoice_number=happening.refers_to,
            text=f"货款 {happening.refers_to}",
            source="demo",
        )
        for happening in happenings
    ]
    require_accepted(record_payments.record_payments(rows=rows, company=company, actor=actor))


def orders(*, company: Company, happenings: list[Happening], day: date, actor: Actor) -> frozenset[str]:
    """Check the orders; return the references that passed."""
    views = check_order_credit.check_order_credit(
        requests=[
            order_cases.CheckRequest(
                company=company,
                customer_code=happening.customer,
                reference=happening.reference,
                amount=Money(happening.amount, happening.currency),
                terms_days=happening.terms_days,
                requested_on=day,
            )
            for happening in happenings
        ],
        actor=actor,
        as_of=day,
    )
    return frozenset(view.facts.request.reference for view in views if view.lets_through)


def answer(
    *, company: Company, happening: Happening, is_release: bool, cast: Mapping[Role, Actor], day: date
) -> bool:
    """Let those who may decide release or reject a held order; True when it may go."""
    with scope.entered(Actor.system("simulator")):
        order = order_queries.orders_by_reference({(company.pk, happening.reference)}).get(
            (company.pk, happening.reference)
        )
        if order is None or order.status != OrderStatus.HELD:
            return order is not None and order.status == OrderStatus.RELEASED
        request = approvals.open_of_subjects(kind=routing.ORDER_RELEASE, subject_ids=[order.id]).get(order.id)
    if request is None:
        return False
    for role in request.roles:
        try:
            decided = decide_approval.decide_approval(
                request_id=request.id,
                approves=is_release,
                reason="老客户，已承诺付款" if is_release else "风险过高，现款现货",
                actor=cast[Role(role)],
                as_of=day,
            )
        except UnableToError:
            continue
        if decided.decision_id is not None or decided.standing is Standing.REJECTED:
            return decided.decision_id is not None
    return False


def deliveries(*, company: Company, happenings: list[Happening], day: date, actor: Actor) -> frozenset[str]:
    """Deliver released orders; return the references that left."""
    answers = deliver_order.deliver_orders(
        company=company,
        requests=[
            deliver_order.DeliveryRequest(
                reference=happening.reference,
                number=f"DN-{happening.reference[3:]}",
                amount=Money(happening.amount, happening.currency),
            )
            for happening in happenings
        ],
        actor=actor,
        delivery_date=day,
    )
    # What was cancelled or has expired in the meantime is refused: those goods stay.
    return frozenset(
        happening.reference
        for happening, answer in zip(happenings, answers, strict=True)
        if not isinstance(answer, UnableToError) and answer.lets_through
    )


def invoice_number(happening: Happening) -> str:
    """Return the number of the invoice for an order."""
    return f"INV-{happening.reference.rsplit('-H', maxsplit=1)[-1]}" if "-H" in happening.reference else (
        f"INV-{happening.reference[3:]}")  # fmt: skip


def invoices(*, company: Company, happenings: list[Happening], day: date, actor: Actor) -> None:
    """Bill what was delivered."""
    rows = [
        import_invoices.InvoiceRow(
            number=invoice_number(happening),
            customer_code=happening.customer,
            invoice_date=day,
            amount=happening.amount,
            currency=happening.currency,
            terms_days=happening.terms_days,
            order_number=happening.reference,
        )
        for happening in happenings
    ]
    require_accepted(import_invoices.import_invoices(rows=rows, company=company, actor=actor))


def dispute(*, company: Company, happening: Happening, day: date, actor: Actor) -> None:
    """Open a dispute over a fifth of the invoice, unless it is settled by now."""
    amount = (happening.amount / 5).quantize(Decimal("0.01"))
    try:
        open_dispute.open_dispute(
            company=company,
            invoice_number=invoice_number(happening),
            reason_code="quality",
            amount=amount,
            text="部分货物外观瑕疵",
            actor=actor,
            as_of=day,
        )
    except UnableToError:
        return  # Paid in the meantime: there is nothing left to contest.


# Who is asked for a vote on a line, one after another: the drawn flow and the authority table say whose it is.
DECIDERS: Final = (Role.RISK_DIRECTOR, Role.CFO, Role.SALES_DIRECTOR, Role.CREDIT_MANAGER)


def approve(*, company: Company, proposal_id: UUID, actor: Actor, as_of: date) -> bool:
    """Vote for a proposal if the person may; True once the line is in force."""
    try:
        decided = set_limit.approve_limit(company=company, proposal_id=proposal_id, actor=actor, as_of=as_of)
    except UnableToError:
        return False
    return decided.line_id is not None


def decide_proposals(
    *, company: Company, cast: Mapping[Role, Actor], before: date, day: date, wants: Callable[[], bool]
) -> None:
    """Let people decide the lines that were proposed before a day, so that the inbox does not fill up."""
    with scope.entered(Actor.system("simulator")):
        waiting = [one for one in limits.proposals(company_id=company.pk) if one.created_at.date() < before]
    for proposal in waiting:
        vote = approve if wants() else _reject
        for role in DECIDERS:
            if vote(company=company, proposal_id=proposal.id, actor=cast[role], as_of=day):
                break


def _reject(*, company: Company, proposal_id: UUID, actor: Actor, as_of: date) -> bool:
    """Vote against a proposal if the person may; True once it is rejected."""
    try:
        set_limit.reject_limit(
            company=company,
            proposal_id=proposal_id,
            actor=actor,
            reason="维持现有额度 / the line stays as it is",
            as_of=as_of,
        )
    except UnableToError:
        return False
    return True
