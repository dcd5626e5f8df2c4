"""A business-rule task: a decision of the policy's own tables, asked with the facts of the flow."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tradecredit.core.approvals.diagrams import vocabulary
from tradecredit.core.decision_tables import reading
from tradecredit.core.decision_tables.engine import Model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.approvals.diagrams.reading import Node


def answer(node: Node, *, tables: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of the table under the name that the task gives it, amounts as texts.

    Raises UnableToReadModelError and UnableToDecideError for what looking the flow over would have refused.
    """
    said = node.properties
    model = _model(tables[said["table"]])
    decision = said.get("decision") or said["table"]
    value = model.decide(decision, vocabulary.typed(facts)).value
    return {said["result"]: f"{value:f}" if isinstance(value, Decimal) else value}


@lru_cache(maxsize=64)
def _model(text: str) -> Model:
    return Model(reading.read(text))
