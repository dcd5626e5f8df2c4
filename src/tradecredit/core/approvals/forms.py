"""Forms of requests: fields that a business user defines as data, and what is written into them checked.

``forms`` of a policy holds a form-js schema for a kind of request. A number asked with ``min`` 0 takes ``12.50`` and
refuses ``-1`` with its reason; a required field left empty is missing, and nothing is approved while one is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.approvals import kinds
from tradecredit.core.approvals.diagrams import assignment
from tradecredit.core.dossier import own_fields
from tradecredit.core.dossier.facts import BadFactError
from tradecredit.core.dossier.own_fields import BadFormError
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.dossier.own_fields import OwnField

SECTION: Final = "forms"


class UnableToFillFormError(UnableToError):
    """Something in the answers is not what the fields take; ``fields`` says which, each with its reason."""

    code = "form_not_filled"

    def __init__(self, fields: Mapping[str, Words]) -> None:
        zh = "；".join(f"{name}：{words.zh}" for name, words in fields.items())
        en = "; ".join(f"{name}: {words.en}" for name, words in fields.items())
        super().__init__(Words(zh=f"表单需要更正：{zh}。", en=f"The form wants mending: {en}."))
        self.fields = fields


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Who carries out what was approved, and what they are told."""

    role: str
    words: Words


def refuse_unsound(section: Mapping[str, Any]) -> None:
    """Do nothing for sound forms; raises PolicyError naming the form and the first mistake."""
    for kind, node in Node(section, SECTION).entries():
        if kind not in kinds.KINDS:
            raise PolicyError(node.path, f"no request is of this kind; there are {', '.join(kinds.KINDS)}")
        node.only("components", "then", "schemaVersion", "type", "id")
        try:
            own_fields.parse(node.value)
        except BadFormError as error:
            first = error.findings[0]
            raise PolicyError(f"{node.path}.{first.place}", first.words.en) from error
        then = node.optional("then")
        if then is not None:
            then.only("role", "words")
            then.child("role").one_of(*sorted(assignment.known_roles()))
            then.child("words").words()


def fields_of(form: Mapping[str, Any] | None) -> tuple[OwnField, ...]:
    """Return the fields of a form; none where there is no form."""
    return () if form is None else own_fields.parse(dict(form))


def follow_up(form: Mapping[str, Any] | None) -> FollowUp | None:
    """Return who carries out what was approved, where the form says it."""
    said = None if form is None else form.get("then")
    if said is None:
        return None
    words = said["words"]
    return FollowUp(role=str(said["role"]), words=Words(zh=words["zh"], en=words["en"]))


def answers(fields: Iterable[OwnField], given: Mapping[str, str]) -> dict[str, str]:
    """Return the values as they are kept, empty answers left out; raises UnableToFillFormError with every reason."""
    kept: dict[str, str] = {}
    wrong: dict[str, Words] = {}
    for field in fields:
        text = given.get(field.name, "").strip()
        if not text:
            continue
        try:
            kept[field.name] = own_fields.value_of(field, text)
        except BadFactError as error:
            wrong[field.label.zh] = error.words
    if wrong:
        raise UnableToFillFormError(wrong)
    return kept


def missing(fields: Iterable[OwnField], known: Iterable[str]) -> tuple[Words, ...]:
    """Return the names of the required fields that nobody has filled in."""
    return tuple(one.label for one in own_fields.missing(fields, known))
