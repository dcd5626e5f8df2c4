"""Groups of customers: a chain of parents of at most three levels, without a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping

# A check of an order locks every level of the chain in one order; three levels bound that lock.
LEVELS_MAX: Final = 3


class UnableToJoinGroupError(UnableToError):
    """The parent would close a circle or make the group deeper than three levels."""

    code = "group_refused"


def chain(*, customer: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """Return the customer and its parents upwards: ``("branch", "company", "group")``.

    Raises UnableToJoinGroupError when the recorded parents close a circle.
    """
    links = [customer]
    while (parent := parents.get(links[-1])) is not None:
        if parent in links:
            raise UnableToJoinGroupError(
                _circle(customer=customer, parent=parent), customer=customer, parent=parent
            )
        links.append(parent)
    return tuple(links)


def check_parent(*, customer: str, parent: str, parents: Mapping[str, str]) -> None:
    """Refuse a new parent that would close a circle or make any chain longer than three levels.

    Raises UnableToJoinGroupError; what was the customer's parent before does not matter.
    """
    others = {child: above for child, above in parents.items() if child != customer}
    upwards = chain(customer=parent, parents=others)
    if customer in upwards:
        raise UnableToJoinGroupError(
            _circle(customer=customer, parent=parent), customer=customer, parent=parent
        )
    levels = len(upwards) + _depth(customer, others)
    if levels > LEVELS_MAX:
        words = Words(
            zh=f"不能把 {customer} 挂在 {parent} 之下：集团将有 {levels} 级，最多 {LEVELS_MAX} 级。请把它直接挂到更上一级。",
            en=f"{customer} cannot be placed under {parent}: the group would have {levels} levels, at most {LEVELS_MAX} are kept. "
            "Place it under a higher member.",
        )
        raise UnableToJoinGroupError(words, customer=customer, parent=parent, levels=str(levels))


def _circle(*, customer: str, parent: str) -> Words:
    return Words(
        zh=f"不能把 {customer} 挂在 {parent} 之下：{parent} 本身隶属于 {customer}，会形成循环。请先更正 {parent} 的上级。",
        en=f"{customer} cannot be placed under {parent}: {parent} itself belongs to {customer}, which closes a circle. "
        f"Correct the parent of {parent} first.",
    )


def _depth(customer: str, parents: Mapping[str, str]) -> int:
    level = {customer}
    depth = 0
    while level:
        depth += 1
        level = {child for child, above in parents.items() if above in level}
    return depth
