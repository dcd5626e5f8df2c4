"""Check a policy document: every section is read by the room whose rules it holds, and every mistake is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics.receivables import policies as receivables
from tradecredit.core.approvals import authority
from tradecredit.core.collections import letters, strategy
from tradecredit.core.decisions import coverage
from tradecredit.core.decisions import policy as order_control
from tradecredit.core.dossier import completeness
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.limits import grade_policy, recommend
from tradecredit.core.monitoring import triggers
from tradecredit.core.scoring import rating, scorecard_document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Reader = Callable[[Mapping[str, Any]], object]


def check_policy(*, document: Mapping[str, Any]) -> tuple[PolicyError, ...]:
    """Return every section's first mistake with its place; nothing when the document is sound."""
    found = [
        PolicyError(section, "nobody reads a section of this name")
        for section in document
        if section not in _READERS
    ]
    for section, read in _READERS.items():
        if section not in document:
            found.append(PolicyError(section, "this section is missing"))
        else:
            found += _mistakes(section, read, document)
    return tuple(found)


def _mistakes(section: str, read: Reader, document: Mapping[str, Any]) -> list[PolicyError]:
    try:
        read(document)
    except PolicyError as error:
        return [error]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # A document comes from people: whatever shape it has, the answer is a finding and not a failure.
        return [PolicyError(section, f"this section cannot be read: {type(error).__name__} {error}")]
    return []


def _pack(document: Mapping[str, Any]) -> None:
    node = Node(document["pack"], "pack")
    node.only("name", "label", "version", "valid_from", "source", "reason")
    for key in ("name", "version", "source", "reason"):
        node.child(key).text()
    node.child("label").words()
    node.child("valid_from").day()


def _scorecard(document: Mapping[str, Any]) -> None:
    scorecard_document.parse(document["scorecard"])


def _grades(document: Mapping[str, Any]) -> None:
    rating.parse(document["grades"], known=_known(document))
    grade_policy.parse(document["grades"])


def _limits(document: Mapping[str, Any]) -> None:
    recommend.parse(document["limits"], grades=document["grades"], known=_known(document))


def _known(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return scorecard_document.attributes_of(document["scorecard"])


def _order_control(document: Mapping[str, Any]) -> None:
    control = order_control.parse(document["order_control"])
    for gap in coverage.gaps(control):
        if gap.is_serious:
            raise PolicyError("order_control.checks", gap.words.en)


_READERS: dict[str, Reader] = {
    "pack": _pack,
    "scorecard": _scorecard,
    "grades": _grades,
    "limits": _limits,
    "dossier": lambda document: completeness.parse(document["dossier"]),
    "receivables": lambda document: receivables.parse(document["receivables"]),
    "order_control": _order_control,
    "authority": lambda document: authority.parse(document["authority"]),
    "dunning": lambda document: strategy.parse(document["dunning"]),
    "monitoring": lambda document: triggers.parse(document["monitoring"]),
    "letters": lambda document: letters.check_templates(
        strategy=strategy.parse(document["dunning"]), letters=document["letters"]
    ),
}
