"""Keep learned models, say which one is champion, and list them with their standing.

A model never decides: its forecast stands beside the rating until a policy names it. A learned scorecard becomes the
house's model like any other: through a published policy, by a second person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.scoring import models_kept
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.apps.scoring.models_kept import StoredModel
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# What forecasts the same thing: at most one champion among them.
_SAME_PURPOSE: Final[Mapping[str, tuple[str, ...]]] = {
    "scorecard": ("scorecard", "boosted"),
    "boosted": ("scorecard", "boosted"),
    "lateness": ("lateness",),
}


class UnableToFindModelError(UnableToError):
    """There is no such learned model in the company."""

    code = "model_unknown"
    status = 404


def keep_model(
    *, company: Company, document: Mapping[str, Any], trained_on: date, actor: Actor
) -> StoredModel:
    """Record a learned model as the next number of its name, with its figures and the digest of its data."""
    with db.unit_of_work(actor):
        stored = models_kept.record_model(
            company_id=company.pk,
            name=document["name"],
            kind=document["kind"],
            trained_on=trained_on,
            document=document,
            recorded_by=actor.name,
        )
        _tell(
            company,
            stored,
            actor=actor,
            words=Words(zh="模型 {name} 第 {number} 版已训练", en="Model {name} {number} was trained"),
        )
    return stored


def promote_model(
    *, company: Company, name: str, number: int | None, standing: str, reason: str, actor: Actor
) -> StoredModel:
    """Give a model its standing from today on; a champion before it becomes a challenger.

    Raises UnableToFindModelError.
    """
    today = clock.today(company)
    with db.unit_of_work(actor):
        found = find_model(company=company, name=name, number=number, actor=actor)
        before = models_kept.champion(company_id=company.pk, kinds=_SAME_PURPOSE[found.kind], as_of=today)
        if standing == "champion" and before is not None and before.id != found.id:
            _record(company, before, standing="challenger", reason=reason, actor=actor)
        _record(company, found, standing=standing, reason=reason, actor=actor)
        label = Words(
            zh="模型 {name} 第 {number} 版：{standing}（{reason}）",
            en="Model {name} {number}: {standing} ({reason})",
        )
        _tell(company, found, actor=actor, words=label, standing=standing, reason=reason)
    return found


def list_models(*, company: Company, actor: Actor) -> tuple[StoredModel, ...]:
    """Return every learned model with its standing today."""
    with scope.entered(actor):
        return models_kept.models(company_id=company.pk, as_of=clock.today(company))


def find_model(*, company: Company, name: str, number: int | None, actor: Actor) -> StoredModel:
    """Return the model of the name and number (default: its newest); raises UnableToFindModelError."""
    for each in list_models(company=company, actor=actor):
        if each.name == name and number in {None, each.number}:
            return each
    raise UnableToFindModelError(
        Words(zh="没有模型 {name}。", en="There is no model {name}.").filled(name=name), name=name
    )


def _record(company: Company, found: StoredModel, *, standing: str, reason: str, actor: Actor) -> None:
    models_kept.record_promotion(
        company_id=company.pk,
        model_id=found.id,
        standing=standing,
        valid_from=clock.today(company),
        reason=reason,
        recorded_by=actor.name,
    )


def _tell(company: Company, found: StoredModel, *, actor: Actor, words: Words, **facts: str) -> None:
    filled = words.filled(name=found.name, number=found.number, **facts)
    payload = {
        "name": found.name,
        "number": found.number,
        "kind": found.kind,
        "sha256": found.sha256,
        **facts,
    }
    entry = log.NewEntry(stream=f"company:{company.pk}", kind="model.changed", words=filled, payload=payload)
    log.append(company_id=company.pk, actor=actor, entries=[entry])
