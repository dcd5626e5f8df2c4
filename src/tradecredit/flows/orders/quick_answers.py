"""The answer to a quick check, letter for letter that of the ordinary door, and the question that it may put to people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from tradecredit.core.approvals import routing
from tradecredit.core.decisions import compact, quick
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.orders import decision_views
from tradecredit.flows.orders.decision_views import DecisionView, ReservationView
from tradecredit.plumbing import ids

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.flows.orders.quick_values import Recorded


def write(one: Recorded, balances: quick.Balances) -> bool:
    """Write the answer, as the ordinary flow would; False where the ordinary verdict is another one."""
    is_clear = one.quick.outcome is Outcome.APPROVE
    form = one.kit.forms.get(one.asked.language) if is_clear else None
    if form is not None:
        one.answer = form % _fields(one, balances)
        return True
    facts, decision = one.kit.full(reference=one.asked.reference, amount=one.asked.amount, balances=balances)
    failed = compact.failures(decision.results)
    if decision.outcome is not one.quick.outcome or len(failed) != len(one.quick.failed):
        return False
    one.failed = canonical.dumps(failed) if failed else None
    assert one.read.customer_id is not None  # noqa: S101 -- it has an account
    view = DecisionView(
        id=UUID(one.id),
        company_id=one.asked.company.pk,
        customer_id=UUID(one.read.customer_id),
        facts=facts,
        decision=decision,
        policy_name=one.kit.policy.stored.pack,
        policy_number=one.kit.policy.stored.number,
        is_committed=True,
        purpose="check",
        decided_at=one.moment.at,
        reservation=_room(one, facts.currency),
        order_id=UUID(one.order_id),
        order_status=one.status,
        approval_request_id=_question(one, facts=facts, decision=decision),
    )
    document = decision_views.as_document(view, language=one.asked.language)
    one.answer = _dump(document)
    if is_clear:
        one.kit.forms[one.asked.language] = _form(document)
    return True


def _room(one: Recorded, currency: str) -> ReservationView | None:
    if one.room_id is None:
        return None
    amount = Money(quick.amount(one.asked.amount), currency).rounded()
    return ReservationView(id=UUID(one.room_id), amount=amount, expires_at=one.expires_at, status="pending")


def _question(one: Recorded, *, facts: CreditFacts, decision: Decision) -> UUID | None:
    """Put the question to the people who may release the order, where policy names any; returns its identifier."""
    if not decision.deciders:
        return None
    route = routing.route_of(decision, facts=facts, authority=one.kit.policy.authority)
    (identifier,) = ids.new_texts(1)
    one.question = {
        "id": identifier,
        "decision_id": one.id,
        "account_id": one.read.account_id,
        "order_id": one.order_id,
        "kind": route.kind,
        "reference": one.asked.reference,
        "amount": f"{route.amount.amount:f}",
        "currency": route.amount.currency,
        "asked_by_id": str(one.asked.actor_id),
        "asked_by_name": one.asked.actor_name,
        "roles": list(route.roles),
        "mode": route.mode.value,
        "routing": canonical.dumps(route.as_dict()),
        "moment": one.moment.text,
    }
    return UUID(identifier)


def _form(document: dict[str, Any]) -> str:
    """Return the answer with places for what differs between orders that pass on the same standing."""
    places = {
        **document,
        **dict.fromkeys(
            ("id", "reference", "amount", "headroom_before", "headroom_after", "decided_at"), _PLACE
        ),
        "exposure": {**document["exposure"], **dict.fromkeys(compact.BALANCES, _PLACE)},
        "reservation": {**document["reservation"], **dict.fromkeys(("id", "amount"), _PLACE)},
    }
    text = _dump(places).replace("%", "%%")
    return text.replace(f'"{_PLACE}"', "%s")


_PLACE: Final = "\u241f"


def _fields(one: Recorded, balances: quick.Balances) -> tuple[str, ...]:
    """Return what differs, in the order in which an answer names it."""
    text, asked = one.kit.text, one.asked
    amount = text(asked.amount)
    before, after = one.quick.before, one.quick.after
    without = "unlimited"
    return (
        f'"{one.id}"',
        json.dumps(asked.reference, ensure_ascii=False),
        f'"{amount}"',
        f'"{without if before is None else text(before)}"',
        f'"{without if after is None else text(after)}"',
        f'"{text(balances.ordered)}"',
        f'"{text(balances.delivered)}"',
        f'"{text(balances.billed)}"',
        f'"{text(balances.bill)}"',
        f'"{text(balances.unapplied)}"',
        f'"{text(balances.reserved)}"',
        f'"{one.room_id}"',
        f'"{amount}"',
        f'"{one.moment.text}"',
    )


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, cls=DjangoJSONEncoder)
