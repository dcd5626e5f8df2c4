"""The flows of a policy: one diagram a kind of request, each looked over before it may be published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.core.approvals import kinds
from tradecredit.core.approvals.diagrams import lint, reading
from tradecredit.core.approvals.diagrams.reading import UnableToReadFlowError
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tradecredit.core.approvals.diagrams.lint import Finding


def refuse_unsound(section: Mapping[str, Any], *, tables: Collection[str]) -> None:
    """Do nothing for sound flows; raises PolicyError naming the diagram, the element and the first mistake."""
    for kind, text in Node(section, "flows").entries():
        if kind not in kinds.KINDS:
            raise PolicyError(
                f"flows.{kind}", f"no request is of this kind; there are {', '.join(kinds.KINDS)}"
            )
        found = findings(text.text(), tables=tables)
        if found:
            place = f"flows.{kind}.{found[0].element}".removesuffix(".")
            raise PolicyError(place, found[0].words.en)


def findings(text: str, *, tables: Collection[str]) -> tuple[Finding, ...]:
    """Return what is wrong with a diagram, also that it cannot be read."""
    try:
        return lint.look_over(reading.read(text), tables=tables)
    except UnableToReadFlowError as error:
        return (lint.Finding(code="unreadable", element="", words=error.words),)
