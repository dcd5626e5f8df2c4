"""What a version changed: figure by figure, the customers it concerns, and who signed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions import policies, simulations
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing.access import people, scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.apps.decisions.simulations import StoredSimulation
    from tradecredit.core.kernel.document_changes import Change
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToFindVersionError(UnableToError):
    """There is no such version."""

    code = "policy_version_unknown"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A customer whose recent documents would have gone another way under the version."""

    code: str
    name: str
    newly_held: int
    newly_released: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReport:
    """One version beside the one before it; ``effect`` is None for the first one, and until it is asked for."""

    version: StoredPolicy
    before: StoredPolicy | None
    changes: tuple[Change, ...]
    published_by: str
    approved_by: str
    effect: StoredSimulation | None
    affected: tuple[Affected, ...]

    @property
    def sections(self) -> tuple[str, ...]:
        """Return the sections of the policy that changed."""
        return tuple(dict.fromkeys(change.path.split(".")[0] for change in self.changes))

    def as_dict(self) -> dict[str, Any]:
        """Return the report as one document."""
        return {
            "number": self.version.number,
            "pack": self.version.pack,
            "valid_from": self.version.valid_from.isoformat(),
            "recorded_at": self.version.recorded_at.isoformat(),
            "reason": self.version.reason,
            "sha256": self.version.sha256,
            "published_by": self.published_by,
            "approved_by": self.approved_by,
            "before": None if self.before is None else self.before.number,
            "sections": list(self.sections),
            "changes": [change.as_dict() for change in self.changes],
            "effect": None if self.effect is None else self.effect.status,
            "looked_at": None
            if self.effect is None or not self.effect.result
            else self.effect.result["looked_at"],
            "affected": [
                {
                    "customer": one.code,
                    "name": one.name,
                    "newly_held": one.newly_held,
                    "newly_released": one.newly_released,
                }
                for one in self.affected
            ],
        }


def change_report(*, company: Company, number: int, actor: Actor) -> ChangeReport:
    """Return the report on a version of the company's; raises UnableToFindVersionError."""
    with scope.entered(actor):
        version = policies.by_number(company_id=company.pk, number=number)
        if version is None:
            raise UnableToFindVersionError(
                Words(zh="没有第 {number} 版政策。", en="There is no version {number} of the policy.").filled(
                    number=number
                )
            )
        before = before_of(version, policies.versions(company_id=company.pk))
        effect = simulations.latest(version_id=version.id)
        names = people.names_of([version.published_by_id, version.approved_by_id])
        return ChangeReport(
            version=version,
            before=before,
            changes=changes_of(version, before),
            published_by=names.get(version.published_by_id, "system"),
            approved_by=names.get(version.approved_by_id, "system"),
            effect=effect,
            affected=_affected(effect),
        )


def before_of(version: StoredPolicy, versions: Sequence[StoredPolicy]) -> StoredPolicy | None:
    """Return the version beside which one is told: the one before it, passing over days on which overlays begin or end."""
    earlier = [one for one in versions if one.number < version.number]
    if version.is_overlay:
        return next(iter(earlier), None)
    return next((one for one in earlier if not one.is_overlay), None)


def changes_of(version: StoredPolicy, before: StoredPolicy | None) -> tuple[Change, ...]:
    """Return what a version changes: what people wrote anew, or what holds otherwise where an overlay begins or ends."""
    if before is None:
        return ()
    if version.is_overlay:
        return document_changes.changes(before.document, version.document)
    return document_changes.changes(before.written, version.written)


def _affected(effect: StoredSimulation | None) -> tuple[Affected, ...]:
    if effect is None or effect.result is None:
        return ()
    rows = effect.result["affected"]
    records = dossier.customers_by_code(row["customer"] for row in rows)
    return tuple(
        Affected(
            code=row["customer"],
            name=records[row["customer"]].name if row["customer"] in records else "",
            newly_held=row["newly_held"],
            newly_released=row["newly_released"],
        )
        for row in rows
    )
