"""What a policy says of the support of a group: ``grades.support``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

# The strongest first.
KINDS: Final = ("guarantee", "parent", "controller")


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How much of the distance each kind of tie bridges (0.5: half), and by how many grades at most."""

    shares: Mapping[str, Decimal]
    grades_up: int


def parse(section: Mapping[str, Any] | None) -> Support | None:
    """Return what ``grades.support`` says, None where the policy has none; raises PolicyError."""
    if section is None:
        return None
    node = Node(section, "grades.support").only("source", "reason", "shares", "grades_up")
    shares = node.child("shares").only(*KINDS)
    return Support(
        shares={name: each.number(least="0", most="1") for name, each in shares.entries()},
        grades_up=node.child("grades_up").count(least=1),
    )
