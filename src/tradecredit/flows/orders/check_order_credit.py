"""Check documents against credit: lock and gather, decide, record; one order is a batch of one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from tradecredit.apps.decisions import operations as decisions
from tradecredit.core.approvals import routing
from tradecredit.flows.orders import order_cases, order_decided, order_effects, paying, remainders
from tradecredit.flows.orders.order_tally import Tally
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.flows.orders.order_cases import Case, CheckRequest
    from tradecredit.flows.orders.order_decided import Decided
    from tradecredit.plumbing.access import Actor

# Technical: how often a check is tried when postings move a group's sum under it.
_ATTEMPTS: Final = 3


def check_order_credit(
    *,
    requests: Sequence[CheckRequest],
    actor: Actor,
    commit: bool = True,
    as_of: date | None = None,
    records_failures: bool = True,
) -> tuple[DecisionView, ...]:
    """Decide a batch in one transaction and return the decisions in its order.

    With ``commit`` what passes keeps its room and releases its order, and what does not is held and put to the
    people who may decide; requests on one account see the room that those before them took. Without it nothing is
    kept. ``records_failures=False`` leaves no trace of what still does not pass (a re-check of held orders).
    The number of SQL statements does not depend on the number of requests.

    Raises UnableToFindCustomerError, UnableToCheckOrderError, UnableToFindPolicyError.
    """
    if not requests:
        return ()
    with db.unit_of_work(actor):
        asked = paying.resolved(requests, as_of=as_of)
        for _ in range(_ATTEMPTS - 1):
            cases = order_cases.gather(asked, as_of=as_of, is_locked=commit)
            if not any(case.levels.refs for case in cases):
                return _checked(cases, actor=actor, commit=commit, records_failures=records_failures)
            # What is posted elsewhere in a group does not wait for the group: then the books are read once more.
            with suppress(order_effects.RoomNotKeptError), db.savepoint():
                return _checked(cases, actor=actor, commit=commit, records_failures=records_failures)
        cases = order_cases.gather(asked, as_of=as_of, is_locked=commit)
        return _checked(cases, actor=actor, commit=commit, records_failures=records_failures)


def _checked(
    cases: Sequence[Case], *, actor: Actor, commit: bool, records_failures: bool
) -> tuple[DecisionView, ...]:
    tally = Tally()
    decided = tuple(_decide(case, tally=tally, commit=commit, keeps=records_failures) for case in cases)
    recorded = tuple(one for one in decided if records_failures or one.decision.outcome.lets_through)
    decisions.record([one.to_record() for one in recorded], actor=actor)
    if not commit:
        return tuple(one.view() for one in decided)
    effects = order_effects.apply(recorded, tally=tally, actor=actor)
    _put_back(recorded)
    return tuple(effects.get(one.id) or one.view() for one in decided)


def _put_back(recorded: Sequence[Decided]) -> None:
    """Let remainders that pass go back into their orders; orders without any cost nothing."""
    for one in recorded:
        order = one.case.order
        is_parted = order is not None and (order.split_of_id is not None or not order.apart.is_zero)
        if one.is_about_order and one.decision.outcome.lets_through and order is not None and is_parted:
            remainders.fold(company=one.case.request.company, order_ids=[order.id], day=one.case.day)


def _decide(case: order_cases.Case, *, tally: Tally, commit: bool, keeps: bool) -> Decided:
    facts = tally.facts_of(case)
    decision = routing.decide(facts=facts, policy=case.policy.control, authority=case.policy.authority)
    decided = order_decided.Decided(
        id=ids.new_id(),
        case=case,
        facts=facts,
        decision=decision,
        is_committed=commit,
        decided_at=clock.now(),
    )
    if commit and (keeps or decision.outcome.lets_through):
        tally.note(case, facts=facts, decision=decision, decision_id=decided.id)
    return decided
