"""Take a changed file of the DMN standard into a draft: tables drawn in any editor of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.decision_tables import reading
from tradecredit.core.decision_tables.model import UnableToDecideError, UnableToReadModelError
from tradecredit.core.decisions import model_grid, policy
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.core.decisions.table_grid import Grid, Row
    from tradecredit.plumbing.access import Actor


class UnableToTakeModelError(UnableToError):
    """The file is no model, does not fit the policy, or the draft has no such file."""

    code = "policy_model_refused"
    status = 422


def change_model(*, draft_id: UUID, name: str, text: str, version: int, actor: Actor) -> Draft:
    """Write a model of the draft that is still at ``version`` anew; gaps and overlaps are findings, not refusals.

    Raises UnableToTakeModelError for what cannot be read or does not fit, UnableToDraftPolicyError as any change.
    """
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        return _taken(draft, name, text, actor=actor)


def change_rows(*, draft_id: UUID, grid: Grid, rows: Sequence[Row], version: int, actor: Actor) -> Draft:
    """Write typed rows into the file in which a table stands; whatever else the file holds stays as it is.

    Raises UnableToTakeModelError where the rows cannot be read, UnableToDraftPolicyError as any change.
    """
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        name, _ = model_grid.model_of(draft.document, grid.code)
        try:
            text = model_grid.written(draft.document, grid, rows)
        except (UnableToReadModelError, UnableToDecideError) as error:
            raise UnableToTakeModelError(error.words) from error
        return _taken(draft, name, text, actor=actor)


def _taken(draft: Draft, name: str, text: str, *, actor: Actor) -> Draft:
    """Write a model of a locked draft anew."""
    tables = draft.document.get("tables", {})
    if name not in tables:
        words = Words(
            zh="这份政策没有名为 {name} 的决策表文件；现有：{known}。",
            en="This policy has no file {name}; there are {known}.",
        )
        raise UnableToTakeModelError(words.filled(name=name, known=", ".join(sorted(tables)) or "–"))
    document = {**draft.document, "tables": {**tables, name: text}}
    try:
        reading.read(text)
        policy.of_document(document)
    except UnableToReadModelError as error:
        raise UnableToTakeModelError(error.words) from error
    except PolicyError as error:
        raise UnableToTakeModelError(
            Words(
                zh="文件与政策对不上，未保存：{place}",
                en="The file does not fit the policy; not saved: {place}",
            ).filled(place=str(error))
        ) from error
    return draft_policy.rewrite(
        draft, document=document, valid_from=draft.valid_from, reason=draft.reason, actor=actor
    )
