"""Tell a customer's rating with the support of its group, beside the stand-alone one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.dossier import relations
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import queries
from tradecredit.core.scoring import group_support, support_policy
from tradecredit.core.scoring.group_support import Standing, Supporter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.apps.scoring.queries import RatingRecord
    from tradecredit.core.dossier.relations.graph import Tie
    from tradecredit.core.scoring.group_support import Supported
    from tradecredit.flows.ratings.rating_policy import RatingPolicy


def tell(
    latest: RatingRecord,
    *,
    code: str,
    policy: RatingPolicy,
    company_id: UUID,
    as_of: date,
    known_at: datetime | None = None,
) -> Supported | None:
    """Return the rating with support on the day, as known at the moment; None without policy, score or supporter.

    Guarantees on which nobody can rely (ended, of somebody in trouble, in a ring) support nobody.
    """
    if policy.support is None or latest.score is None:
        return None
    ties = relations.behind(
        code=code, kinds=support_policy.KINDS, company_id=company_id, as_of=as_of, known_at=known_at
    )
    if not ties:
        return None
    backers = _backers(ties)
    customers = dossier.customers_by_code(list(backers)).values()
    ids = [each.id for each in customers]
    ratings = queries.latest(company_id=company_id, customer_ids=ids, as_of=as_of, known_at=known_at)
    supporters = [
        Supporter(code=each.code, name=each.name, kind=backers[each.code], rating=rating)
        for each in customers
        if (rating := _standing(ratings.get(each.id))) is not None
    ]
    return group_support.supported(
        policy.support,
        scale=policy.scale,
        own=Standing(score=latest.score, grade=latest.suggested_grade),
        supporters=supporters,
        caps=_caps(latest, policy),
    )


def _standing(rating: RatingRecord | None) -> Standing | None:
    if rating is None or rating.score is None:
        return None
    return Standing(score=rating.score, grade=rating.grade)


def _backers(ties: Sequence[Tie]) -> Mapping[str, str]:
    """Return who stands behind the customer, each with the strongest kind of tie."""
    found: dict[str, str] = {}
    for tie in ties:
        kinds = {tie.kind, found.get(tie.source, tie.kind)}
        found[tie.source] = min(kinds, key=support_policy.KINDS.index)
    return found


def _caps(latest: RatingRecord, policy: RatingPolicy) -> tuple[str, ...]:
    fired = set(latest.result.get("fired", ()))
    return tuple(rule.at_best for rule in policy.scale.rules if rule.name in fired and rule.at_best)
