"""The room of an account for one document: the equation of headroom by the policy's measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.exposure import headroom

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.core.exposure.headroom import Headroom


def headroom_of(facts: CreditFacts, policy: OrderControl) -> Headroom:
    """Return the equation on the day of the request, without what this document occupies already."""
    day = facts.request.requested_on
    return headroom.headroom(
        base=facts.line.base_on(day),
        temporary=facts.line.temporary_on(day),
        parts=facts.counted_elsewhere(),
        policy=policy.measure,
        prepaid=facts.prepaid,
    )
