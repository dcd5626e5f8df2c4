"""Change the model of a policy draft: typed lines, or a whole model from a file; a second person publishes the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import yaml

from tradecredit.apps.decisions import policies
from tradecredit.core.decision_tables.model import UnableToReadModelError
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.core.scoring import (
    model_changes,
    model_typing,
    pmml_reading,
    pmml_writing,
    rating,
    scorecard_document,
)
from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing import db, yaml_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.core.kernel.document_changes import Change
    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.scorecard import Scorecard
    from tradecredit.plumbing.access import Actor

Form = Literal["yaml", "pmml"]
_SECTIONS = ("scorecard", "grades")


class UnableToReadModelFileError(UnableToError):
    """The file holds no model."""

    code = "model_file_unreadable"
    status = 422


class UnableToTypeModelError(UnableToError):
    """What was typed belongs to no line of the model."""

    code = "model_line_unknown"
    status = 422


def change_model(*, draft_id: UUID, typed: Mapping[str, str], version: int, actor: Actor) -> Draft:
    """Write typed lines into the model of a draft that is still at ``version``.

    A text that is no number is kept and told as a mistake of the draft. Raises UnableToDraftPolicyError,
    UnableToTypeModelError.
    """
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        return _rewrite(draft, typed_into(draft.document, typed), actor=actor)


def import_model(*, draft_id: UUID, text: str, version: int, actor: Actor) -> Draft:
    """Put the model of a file (YAML or PMML) in place of the draft's; what it leaves out stays.

    Raises UnableToReadModelFileError, UnableToReadPmmlError, UnableToDraftPolicyError.
    """
    sections = read_model(text)
    with db.unit_of_work(actor):
        return _rewrite(draft_policy.draft_at(draft_id, version, actor), sections, actor=actor)


def typed_into(document: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """Return ``scorecard`` and ``grades`` with typed lines; raises UnableToTypeModelError. Nothing is written."""
    try:
        return model_typing.written(document, typed)
    except (UnknownPathError, PolicyError) as error:
        words = Words(zh="模型里没有这一项：{place}", en="The model has no such line: {place}")
        raise UnableToTypeModelError(words.filled(place=str(error)), place=str(error)) from error


def read_model(text: str) -> dict[str, Any]:
    """Return the sections of a model file: this house's YAML, or a PMML Scorecard."""
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        try:
            return pmml_reading.read(text)
        except UnableToReadModelError as error:
            raise UnableToReadModelFileError(error.words) from error
    try:
        # Every figure as the text that stands in the file: no binary fractions.
        content = yaml_texts.read_plain(text)
    except yaml.YAMLError as error:
        raise _unreadable(str(error)) from error
    if not isinstance(content, dict):
        raise _unreadable("")
    found = content if "scorecard" in content else {"scorecard": content}
    if not isinstance(found["scorecard"], dict) or "dimensions" not in found["scorecard"]:
        raise _unreadable("scorecard.dimensions")
    return {name: found[name] for name in _SECTIONS if name in found}


def written_model(document: Mapping[str, Any], *, form: Form, of: str = "") -> str:
    """Return the model of a policy document as text that `read_model` reads; raises PolicyError for an unsound one.

    YAML holds all models of the policy; PMML one: that of the name, or the one for all whom no other fits.
    """
    if form == "pmml":
        return pmml_writing.write(
            {**document, "scorecard": scorecard_document.alone(document["scorecard"], of)}
        )
    sections = {name: document[name] for name in _SECTIONS}
    return yaml.safe_dump(sections, allow_unicode=True, sort_keys=False, width=110)


def changes_in_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Words, ...]:
    """Return how two documents' models differ, as sentences; none while one of them has a mistake."""
    try:
        return model_changes.sentences(before=_parsed(before), after=_parsed(after))
    except PolicyError:
        return ()


def changes_of(draft: Draft) -> tuple[Words, ...]:
    """Return what a draft changes of the model that it began from, as sentences."""
    return changes_in_words(policies.by_id(draft.base_id).written, draft.document)


def is_told(change: Change) -> bool:
    """Tell whether the sentences about the model tell a change of the document, so that its figures need not."""
    if change.path.startswith("scorecard."):
        return True
    return change.path == "grades.grades" and _terms(change.before) == _terms(change.after)


def _terms(grades: Any) -> list[Any]:
    """Return what grades mean for trade, beside their names and scores."""
    return [{**each, "from": "", "label": ""} for each in grades or ()]


def _parsed(document: Mapping[str, Any]) -> tuple[Scorecard, GradeScale]:
    section = document["scorecard"]
    known = scorecard_document.attributes_of(section)
    return scorecard_document.parse(section), rating.parse(document["grades"], known=known)


def _rewrite(draft: Draft, sections: Mapping[str, Any], *, actor: Actor) -> Draft:
    return draft_policy.rewrite(
        draft,
        document={**draft.document, **sections},
        valid_from=draft.valid_from,
        reason=draft.reason,
        actor=actor,
    )


def _unreadable(why: str) -> UnableToReadModelFileError:
    words = Words(
        zh="文件里没有评分模型（YAML 的 scorecard,或 PMML 的 Scorecard）。{why}",
        en="The file holds no model (YAML with a scorecard, or a PMML Scorecard). {why}",
    )
    return UnableToReadModelFileError(words.filled(why=why[:200]))
