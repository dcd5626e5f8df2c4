"""What events say: whom they concern, and the many orders that one of them may be about."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, TypedDict
from uuid import UUID

from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company
    from tradecredit.plumbing.outbox.draining import Happening

# Orders answered in one transaction: their customers' logs are locked meanwhile.
_ORDERS_AT_ONCE: Final = 500


class Whom(TypedDict):
    """Whom events of one company are about, on which day, and who asks."""

    company: Company
    customer_ids: tuple[UUID, ...]
    as_of: date
    actor: Actor


def customers_of(group: Sequence[Happening]) -> tuple[UUID, ...]:
    """Return the customers whom events concern, each once, in the order in which they are named."""
    named = (
        str(text)
        for happening in group
        for text in (happening.payload.get("customer_id", ""), *happening.payload.get("customer_ids", ()))
    )
    return tuple(UUID(text) for text in dict.fromkeys(named) if text)


def unlogged(group: Sequence[Happening]) -> tuple[UUID, ...]:
    """Return the decisions that were recorded without their line in the log, so that checks need not wait for it."""
    named = [*(text for one in group for text in one.payload.get("decision_ids", ()))]
    # As events said it that may still wait from before they were about many.
    named += [one.payload["decision_id"] for one in group if one.payload.get("to_log") is True]
    return tuple(UUID(text) for text in named)


def portion(claimed: Sequence[Happening]) -> Sequence[Happening]:
    """Return the first events that are about no more than a few hundred orders together, at least one."""
    counts = accumulate(max(1, len(one.payload.get("decision_ids", ()))) for one in claimed)
    fitting = sum(count <= _ORDERS_AT_ONCE for count in counts)
    return claimed[: max(1, fitting)]


def told_apart(company: Company, happening: Happening) -> bool:
    """Tell an event about many orders again as one of each, so that the one that fails waits alone; False for any other."""
    decisions, customers = (happening.payload.get(name, ()) for name in ("decision_ids", "customer_ids"))
    if len(decisions) <= 1:
        return False
    events.emit_many(
        name=happening.name,
        company_id=company.pk,
        payloads=[
            (customer, {"decision_ids": [decision], "customer_ids": [customer]})
            for decision, customer in zip(decisions, customers, strict=True)
        ],
    )
    return True
