"""Two levels above the copies: groups with limits of their own below one legal entity with its limit; and moves between groups."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.imports import import_groups
from tradecredit.flows.imports.import_groups import GroupRow
from tradecredit.flows.levels import move_member

if TYPE_CHECKING:
    from tradecredit.flows.rehearsal.fill_books import Owner
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

ENTITY: Final = "RACE-ENTITY"
# Of what the members' lines come to, a group may use this share, and the entity that share of its groups' limits.
_SHARE: Final = Decimal("0.5")


def lay_levels(
    *, company: Company, customers: int, groups: int, line: Decimal, actor: Actor
) -> dict[str, Decimal]:
    """Record the levels with their members; returns each level's limit by code."""
    of_group = (line * customers / groups * _SHARE).quantize(Decimal("0.01"))
    limits = {ENTITY: of_group * groups * _SHARE, **{group_of(number): of_group for number in range(groups)}}
    rows = [GroupRow(code=ENTITY, name="示例法人", currency="CNY", limit=f"{limits[ENTITY]:f}")]
    rows += [
        GroupRow(
            code=group_of(number),
            name=f"示例集团{number}",
            currency="CNY",
            limit=f"{of_group:f}",
            parent_code=ENTITY,
        )
        for number in range(groups)
    ]
    rows += [
        GroupRow(
            code=group_of(number % groups), parent_code=ENTITY, currency="CNY", customer_code=f"T{number}"
        )
        for number in range(1, customers + 1)
    ]
    done = import_groups.import_groups(rows=rows, company=company, actor=actor)
    refused = [row.words for row in done.rows if row.status.value == "refused"]
    assert not refused, refused[0]  # noqa: S101 -- made here, for books made here
    return limits


def group_of(number: int) -> str:
    """Return the code of a group."""
    return f"RACE-G{number}"


def move(*, company: Company, customer: int, leaves: str, to: str, actor: Actor) -> bool:
    """Move a customer to another group where it fits; tells whether it went."""
    try:
        move_member.move_member(
            company=company,
            customer_code=f"T{customer}",
            to=to,
            leaves=[leaves],
            reason="proof",
            actor=actor,
            must_fit=True,
        )
    except UnableToError:
        return False
    return True


def totals(owner: Owner) -> dict[str, Decimal]:
    """Return what each level's members hold together, in one snapshot; the entity counts all its groups' members."""
    return dict(owner.rows(_TOTALS, entity=ENTITY))  # pairs of code and sum


_TOTALS: Final = """
WITH held AS (
    SELECT n.code, a.ordered + a.delivered + a.billed + a.bill + a.unapplied + a.reserved AS total
    FROM exposure_controlnode n
    JOIN exposure_nodemember m ON m.node_id = n.id AND m.valid_to IS NULL
    JOIN exposure_creditaccount a ON a.customer_id = m.customer_id
    WHERE n.code LIKE 'RACE-G%%'
)
SELECT code, sum(total) FROM held GROUP BY code
UNION ALL SELECT %(entity)s, coalesce(sum(total), 0) FROM held
"""
