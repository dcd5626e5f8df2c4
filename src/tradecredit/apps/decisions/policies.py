"""The policy in force: read as of a day, written as a new version, never edited."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions.models import PolicyVersion, VersionCause
from tradecredit.core.kernel import canonical, overlays
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID


class UnableToFindPolicyError(UnableToError):
    """No policy is in force for the company on the day."""

    code = "policy_missing"
    status = 409


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """One published version of a whole pack: ``document`` as it holds, ``written`` with its overlays not yet in it.

    ``group_document`` is what the group's version ``group_number`` says, where the company follows one.
    """

    id: UUID
    company_id: UUID
    pack: str
    number: int
    valid_from: date
    document: Mapping[str, Any]
    written: Mapping[str, Any]
    sha256: str
    reason: str
    cause: str
    group_document: Mapping[str, Any] | None
    group_number: int | None
    recorded_at: datetime
    published_by_id: UUID
    approved_by_id: UUID

    @property
    def is_by_people(self) -> bool:
        """Tell whether two people published just this one; the others follow from a version that they published."""
        return self.cause == VersionCause.PUBLISHED

    @property
    def is_overlay(self) -> bool:
        """Tell whether it is there because an overlay begins or ends."""
        return self.cause == VersionCause.OVERLAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The policy that a company's version follows, and its number there."""

    document: Mapping[str, Any]
    number: int


def in_force(*, company_id: UUID, as_of: date, known_at: datetime | None = None) -> StoredPolicy:
    """Return the version in force on the day, as known at the moment; raises UnableToFindPolicyError."""
    rows = PolicyVersion.objects.filter(company_id=company_id, valid_from__lte=as_of)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    row = rows.defer(*_LARGE).order_by("-number").first()
    if row is None:
        raise UnableToFindPolicyError(
            Words(
                zh=f"{as_of} 还没有生效的信用政策：请先发布一个政策包（tradecredit policy publish）。",
                en=f"No credit policy is in force on {as_of}: publish a pack first (tradecredit policy publish).",
            ),
            as_of=as_of.isoformat(),
        )
    if row.pk not in _versions:
        row.refresh_from_db(fields=_LARGE)
    return _stored(row)


def by_id(version_id: UUID) -> StoredPolicy:
    """Return one version; raises PolicyVersion.DoesNotExist when it is not in scope."""
    return _stored(PolicyVersion.objects.get(pk=version_id))


def find(version_id: UUID) -> StoredPolicy | None:
    """Return one version, if it is in scope."""
    row = PolicyVersion.objects.filter(pk=version_id).first()
    return None if row is None else _stored(row)


def by_number(*, company_id: UUID, number: int) -> StoredPolicy | None:
    """Return one version of the company by its number."""
    row = PolicyVersion.objects.filter(company_id=company_id, number=number).first()
    return None if row is None else _stored(row)


def versions(*, company_id: UUID) -> Sequence[StoredPolicy]:
    """Return every version of the company, newest first."""
    return [_stored(row) for row in PolicyVersion.objects.filter(company_id=company_id).order_by("-number")]


def publish(
    *, company_id: UUID, document: Mapping[str, Any], valid_from: date, reason: str, published_by_id: UUID,
    approved_by_id: UUID, group: Group | None = None, is_by_group: bool = False,
) -> StoredPolicy:  # fmt: skip
    """Write the next version, and one for each later day on which an overlay of it begins or ends.

    The same document as the one before it on the same day is returned instead.
    """
    db.transaction_required()
    text = canonical.dumps(dict(document))
    rows = PolicyVersion.objects.filter(company_id=company_id).order_by("-number")
    latest, said = rows.first(), rows.exclude(cause=VersionCause.OVERLAY).first()
    if said is not None and said.document == text and said.valid_from == valid_from:
        return _stored(said)
    number = latest.number + 1 if latest else 1
    later = overlays.days_of_change(document, after=valid_from)
    written = [
        PolicyVersion(
            company_id=company_id,
            pack=str(document["pack"]["name"]),
            number=number + place,
            valid_from=day,
            document=text,
            sha256=canonical.sha256(text),
            reason=reason,
            cause=VersionCause.OVERLAY if place else _cause(is_by_group=is_by_group),
            group_document=None if group is None else canonical.dumps(dict(group.document)),
            group_number=None if group is None else group.number,
            published_by_id=published_by_id,
            approved_by_id=approved_by_id,
            recorded_at=clock.now(),
        )
        for place, day in enumerate((valid_from, *later))
    ]
    PolicyVersion.objects.bulk_create(written)
    return next(_stored(row) for row in written)


def _cause(*, is_by_group: bool) -> VersionCause:
    return VersionCause.GROUP if is_by_group else VersionCause.PUBLISHED


# A version never changes, so it and its parsed documents may be kept: as written, and as they hold on a day.
_LARGE: Final = ("document", "group_document")
_versions: dict[UUID, StoredPolicy] = {}
_documents: dict[str, Mapping[str, Any]] = {}
_holding: dict[tuple[str, date], Mapping[str, Any]] = {}


def _parsed(text: str, digest: str) -> Mapping[str, Any]:
    if digest not in _documents:
        _documents[digest] = json.loads(text)
    return _documents[digest]


def _on_day(written: Mapping[str, Any], digest: str, day: date) -> Mapping[str, Any]:
    if overlays.SECTION not in written:
        return written
    if (digest, day) not in _holding:
        _holding[digest, day] = overlays.on_day(written, day)
    return _holding[digest, day]


def _stored(row: PolicyVersion) -> StoredPolicy:
    if row.pk not in _versions:
        _versions[row.pk] = _read(row)
    return _versions[row.pk]


def _read(row: PolicyVersion) -> StoredPolicy:
    written = _parsed(row.document, row.sha256)
    group = row.group_document
    return StoredPolicy(
        id=row.pk,
        company_id=row.company_id,
        pack=row.pack,
        number=row.number,
        valid_from=row.valid_from,
        document=_on_day(written, row.sha256, row.valid_from),
        written=written,
        sha256=row.sha256,
        reason=row.reason,
        cause=row.cause,
        group_document=None if group is None else _parsed(group, canonical.sha256(group)),
        group_number=row.group_number,
        recorded_at=row.recorded_at,
        published_by_id=row.published_by_id,
        approved_by_id=row.approved_by_id,
    )
