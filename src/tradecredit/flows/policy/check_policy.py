"""Check a policy document: every section is read by the room whose rules it holds, and every mistake is reported."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables import policies as receivables
from tradecredit.core.approvals import authority, forms
from tradecredit.core.approvals.diagrams import flows
from tradecredit.core.collections import letters, strategy
from tradecredit.core.decision_tables import reading
from tradecredit.core.decision_tables.model import UnableToReadModelError
from tradecredit.core.decisions import coverage, order_examples, revision
from tradecredit.core.decisions import policy as order_control
from tradecredit.core.dossier import completeness, news
from tradecredit.core.dossier.bureau import terms as bureau_terms
from tradecredit.core.kernel import canonical, overlays
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.core.limits import grade_policy, recommend
from tradecredit.core.monitoring import supplied, triggers
from tradecredit.core.scoring import rating, scorecard_document
from tradecredit.flows.policy import pack_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tradecredit.flows.ports import PolicyPacks

    Reader = Callable[[Mapping[str, Any]], object]


class UnableToUsePolicyError(UnableToError):
    """The document is no sound policy."""

    code = "policy_unsound"
    status = 422


def refuse_unsound(document: Mapping[str, Any]) -> None:
    """Do nothing for a sound document; raises UnableToUsePolicyError naming the first mistakes of any other."""
    mistakes = _mistakes_of(canonical.dumps(dict(document)))
    if mistakes:
        raise UnableToUsePolicyError(
            Words(
                zh="政策有误，请先更正：{mistakes}", en="The policy has mistakes; mend them first: {mistakes}"
            ).filled(mistakes="; ".join(mistakes[:_MOST_NAMED]))
        )


@lru_cache(maxsize=64)
def _mistakes_of(text: str) -> tuple[str, ...]:
    """Check a document by its text: one document is published for many companies and in many tests."""
    return tuple(str(error) for error in check_policy(document=json.loads(text)))


def check_policy(*, document: Mapping[str, Any]) -> tuple[PolicyError, ...]:
    """Return every section's first mistake with its place, and what is wrong with its tables; nothing when sound."""
    found = [
        PolicyError(section, "nobody reads a section of this name")
        for section in document
        if section not in _READERS
    ]
    for section, read in _READERS.items():
        if section in document:
            found += _mistakes(section, read, document)
        elif section not in _OPTIONAL:
            found.append(PolicyError(section, "this section is missing"))
    return tuple(found) if found else (*_of_tables(document), *_of_overlays(document))


def sections() -> tuple[str, ...]:
    """Return the sections that a policy may have."""
    return tuple(_READERS)


def is_optional(section: str) -> bool:
    """Tell whether a policy may do without the section."""
    return section in _OPTIONAL


def check_examples(
    *, document: Mapping[str, Any], packs: PolicyPacks, as_of: date
) -> tuple[order_examples.Tried, ...]:
    """Decide the orders among the examples of the pack that a sound document comes from, each with what it promises.

    An example that comes out otherwise is no mistake: it shows what a change means, and may be why it is made.
    """
    examples = packs.load_order_examples(str(document["pack"]["name"]))
    return order_examples.tried(examples, order_control.of_document(document), as_of=as_of)


def _of_tables(document: Mapping[str, Any]) -> Iterator[PolicyError]:
    """Yield what should be mended in the tables of a document whose sections can all be read."""
    for one in pack_tables.of_policy(document):
        for finding in one.findings():
            rows = "".join(f"[{row}]" for row in finding.rows)
            yield PolicyError(f"{one.section}.{one.code}{rows}", finding.words.en)


def _of_overlays(document: Mapping[str, Any]) -> Iterator[PolicyError]:
    """Yield what is wrong with the document as it holds from each day on which an overlay begins or ends."""
    if overlays.SECTION not in document:
        return
    plain = {name: section for name, section in document.items() if name != overlays.SECTION}
    for day in overlays.days_of_change(document, after=date.min):
        holding = {**overlays.on_day(document, day)}
        del holding[overlays.SECTION]
        if holding != plain:
            for error in check_policy(document=holding):
                yield PolicyError(f"{overlays.SECTION}[{day}]", str(error))


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
    node.only(
        "name", "label", "version", "valid_from", "source", "reason", "extends", "follows", "consulted",
        "revised_every_months",
    )  # fmt: skip
    for key in ("name", "version", "source", "reason"):
        node.child(key).text()
    node.child("label").words()
    node.child("valid_from").day()
    revision.parse(node)


def _scorecard(document: Mapping[str, Any]) -> None:
    scorecard_document.parse(document["scorecard"])


def _grades(document: Mapping[str, Any]) -> None:
    rating.parse(document["grades"], known=_known(document))
    grade_policy.parse(document["grades"])


def _dossier(document: Mapping[str, Any]) -> None:
    completeness.parse(document["dossier"])
    bureau_terms.parse(document["dossier"])
    words = Node(document["dossier"], "dossier").optional("news")
    if words is not None:
        news.lexicon(words)


def _limits(document: Mapping[str, Any]) -> None:
    recommend.parse(document["limits"], grades=document["grades"], known=_known(document))


def _known(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return scorecard_document.attributes_of(document["scorecard"])


def _order_control(document: Mapping[str, Any]) -> None:
    control = order_control.of_document(document)
    for gap in coverage.gaps(control):
        if gap.is_serious:
            raise PolicyError("order_control.checks", gap.words.en)


def _monitoring(document: Mapping[str, Any]) -> None:
    """Read the alert rules, and refuse one that asks a signal which nobody supplies: it would never say anything."""
    found = triggers.parse(document["monitoring"])
    known = _known(document) if "scorecard" in document else {}
    own = {name for name, one in known.items() if one.origin == "fact"} | found.overlay_names
    for place, rule in enumerate(found.rules):
        unknown = sorted(name for name in rule.names if not supplied.is_supplied(name, also=own))
        if unknown:
            message = f"the rule {rule.code!r} asks a signal that nobody supplies: {', '.join(unknown)}"
            raise PolicyError(f"monitoring.rules[{place}]", message)


def _tables(document: Mapping[str, Any]) -> None:
    for name, text in Node(document["tables"], "tables").entries():
        try:
            reading.read(text.text())
        except UnableToReadModelError as error:
            raise PolicyError(f"tables.{name}", error.words.en) from error


def _flows(document: Mapping[str, Any]) -> None:
    flows.refuse_unsound(document["flows"], tables=document.get("tables", {}))


_MOST_NAMED: Final = 3
_OPTIONAL: Final = frozenset({"tables", "flows", "forms", overlays.SECTION})
_READERS: dict[str, Reader] = {
    "pack": _pack,
    "scorecard": _scorecard,
    "grades": _grades,
    "limits": _limits,
    "dossier": _dossier,
    "receivables": lambda document: receivables.parse(document["receivables"]),
    "order_control": _order_control,
    "authority": lambda document: authority.parse(document["authority"]),
    "dunning": lambda document: strategy.parse(document["dunning"]),
    "monitoring": _monitoring,
    "tables": _tables,
    "flows": _flows,
    "forms": lambda document: forms.refuse_unsound(document["forms"]),
    overlays.SECTION: overlays.of_document,
    "letters": lambda document: letters.check_templates(
        strategy=strategy.parse(document["dunning"]), letters=document["letters"]
    ),
}
