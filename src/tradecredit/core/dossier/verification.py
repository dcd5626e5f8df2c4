"""Whether a new customer may be rated: what the register says is known, or somebody with authority waived it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPolicy:
    """In which stages of life which facts must be known, and how many days a waiver may last."""

    stages: frozenset[str]
    facts: tuple[str, ...]
    waiver_days_max: int


def parse(section: Mapping[str, Any]) -> VerificationPolicy:
    """Read ``verification`` of the policy section ``dossier``; raises PolicyError."""
    node = Node(section, "dossier").child("verification").only("stages", "facts", "waiver_days_max")
    return VerificationPolicy(
        stages=frozenset(one.text() for one in node.child("stages").items()),
        facts=tuple(one.text() for one in node.child("facts").items()),
        waiver_days_max=node.child("waiver_days_max").count(least=1),
    )


def lacking(
    policy: VerificationPolicy, *, stage: str, known: Collection[str], is_waived: bool
) -> tuple[str, ...]:
    """Return the facts without which the customer is not rated yet; nothing where it may be.

    A prospect without ``registry_status`` lacks it; a trading customer lacks nothing, nor does one with a waiver.
    """
    if is_waived or stage not in policy.stages:
        return ()
    return tuple(name for name in policy.facts if name not in known)
