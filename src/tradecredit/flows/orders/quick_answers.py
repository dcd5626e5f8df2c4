"""The answer to a quick check, letter for letter that of the ordinary door, and the question that it may put to people."""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from tradecredit.core.approvals import routing
from tradecredit.core.decisions import compact, quick
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.orders import decision_views
from tradecredit.flows.orders.decision_views import DecisionView, ReservationView
from tradecredit.flows.orders.quick_values import Form
from tradecredit.plumbing import ids

if TYPE_CHECKING:
    from datetime import datetime

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.decisions.quick import Quick
    from tradecredit.flows.orders.quick_kits import Kit
    from tradecredit.flows.orders.quick_reading import Standing
    from tradecredit.flows.orders.quick_values import Asked

_PLACE: Final = "\u241f"
_TEXTS_KEPT: Final = 16_384


class Occasion:
    """When somebody asked: the moment and its text, when the room that is kept ends, and the questions that came of it."""

    __slots__ = ("at", "expires_at", "questions", "text")

    def __init__(self, at: datetime, text: str, expires_at: datetime) -> None:
        self.at = at
        self.text = text
        self.expires_at = expires_at
        self.questions: list[dict[str, Any]] = []


class Case(NamedTuple):
    """One verdict that is told at length; ``id`` is that of the decision, its order and the room it keeps."""

    id: str
    asked: Asked
    standing: Standing
    kit: Kit
    quick: Quick
    occasion: Occasion


def write(
    *, identifier: str, asked: Asked, standing: Standing, kit: Kit, found: Quick, occasion: Occasion
) -> tuple[str, str | None] | None:
    """Return the answer, as the ordinary flow would give it, and what failed; None where its verdict is another one.

    The identifier is that of the decision, its order and the room it keeps.
    """
    form = kit.forms.get(asked.language) if found.outcome is Outcome.APPROVE else None
    if form is None:
        return _told(Case(identifier, asked, standing, kit, found, occasion))
    stages = standing.balances[:5]
    if stages != form.stages:
        _fill_stages(form, stages, kit.digits)
    text = _filled(
        form, identifier=identifier, asked=asked, reserved=standing.balances[5], digits=kit.digits,
        found=found, moment=occasion.text,
    )  # fmt: skip
    return text, None


def _told(one: Case) -> tuple[str, str | None] | None:
    facts, decision = one.kit.full(
        reference=one.asked.reference, amount=one.asked.amount, balances=one.standing.balances
    )
    failed = compact.failures(decision.results)
    if decision.outcome is not one.quick.outcome or len(failed) != len(one.quick.failed):
        return None
    view = DecisionView(
        id=UUID(one.id),
        company_id=one.asked.company.pk,
        customer_id=one.kit.customer_id,
        facts=facts,
        decision=decision,
        policy_name=one.kit.policy.stored.pack,
        policy_number=one.kit.policy.stored.number,
        is_committed=True,
        purpose="check",
        decided_at=one.occasion.at,
        reservation=_room(one, facts.currency) if decision.outcome.lets_through else None,
        order_id=UUID(one.id),
        order_status=_status(decision.outcome),
        approval_request_id=_question(one, facts=facts, decision=decision),
    )
    document = decision_views.as_document(view, language=one.asked.language)
    if decision.outcome is Outcome.APPROVE:
        one.kit.forms[one.asked.language] = _form(document)
    return _dump(document), canonical.dumps(failed) if failed else None


def _status(outcome: Outcome) -> str:
    if outcome.lets_through:
        return "released"
    return "rejected" if outcome is Outcome.REJECT else "held"


def _room(one: Case, currency: str) -> ReservationView:
    amount = Money(quick.amount(one.asked.amount), currency).rounded()
    return ReservationView(
        id=UUID(one.id), amount=amount, expires_at=one.occasion.expires_at, status="pending"
    )


def _question(one: Case, *, facts: CreditFacts, decision: Decision) -> UUID | None:
    """Put the question to the people who may release the order, where policy names any; returns its identifier."""
    if not decision.deciders:
        return None
    route = routing.route_of(decision, facts=facts, authority=one.kit.policy.authority)
    (identifier,) = ids.new_texts(1)
    one.occasion.questions.append(
        {
            "id": identifier,
            "decision_id": one.id,
            "account_id": str(UUID(bytes=one.standing.account.id)),
            "kind": route.kind,
            "reference": one.asked.reference,
            "amount": f"{route.amount.amount:f}",
            "currency": route.amount.currency,
            "roles": list(route.roles),
            "mode": route.mode.value,
            "routing": canonical.dumps(route.as_dict()),
        }
    )
    return UUID(identifier)


def _form(document: dict[str, Any]) -> Form:
    """Return the answer with places for what differs between orders that pass on the same standing."""
    places = {
        **document,
        **dict.fromkeys(
            ("id", "reference", "amount", "headroom_before", "headroom_after", "decided_at"), _PLACE
        ),
        "exposure": {**document["exposure"], **dict.fromkeys(compact.BALANCES, _PLACE)},
        "reservation": {**document["reservation"], **dict.fromkeys(("id", "amount"), _PLACE)},
    }
    return Form(tuple(_dump(places).split(_PLACE)))


def _fill_stages(form: Form, stages: tuple[int, ...], digits: int) -> None:
    """Fill in what few orders change: what an account counts besides the room that is kept."""
    told = [_text(stage, digits) + part for stage, part in zip(stages, form.parts[6:11], strict=True)]
    form.stages, form.middle = stages, form.parts[5] + "".join(told)


def _filled(
    form: Form, *, identifier: str, asked: Asked, reserved: int, digits: int, found: Quick, moment: str
) -> str:
    """Return the answer: what differs, in the order in which an answer names it, between what does not."""
    parts = form.parts
    amount = _text(asked.amount, digits)
    before, after = found.before, found.after
    return "".join(
        (
            parts[0], identifier, parts[1], encode_basestring(asked.reference)[1:-1], parts[2], amount, parts[3],
            "unlimited" if before is None else _text(before, digits), parts[4],
            "unlimited" if after is None else _text(after, digits), form.middle,
            _text(reserved, digits), parts[11], identifier, parts[12], amount, parts[13], moment, parts[14],
        )
    )  # fmt: skip


@lru_cache(maxsize=_TEXTS_KEPT)
def _text(counted: int, digits: int) -> str:
    return quick.text(counted, digits=digits)


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, cls=DjangoJSONEncoder)
