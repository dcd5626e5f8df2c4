"""The policy in force: read as of a day, written as a new version, never edited."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions.models import PolicyVersion
from tradecredit.core.kernel import canonical
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
    """One published version of a whole pack."""

    id: UUID
    company_id: UUID
    pack: str
    number: int
    valid_from: date
    document: Mapping[str, Any]
    sha256: str
    reason: str
    recorded_at: datetime
    published_by_id: UUID
    approved_by_id: UUID


def in_force(*, company_id: UUID, as_of: date, known_at: datetime | None = None) -> StoredPolicy:
    """Return the version in force on the day, as known at the moment; raises UnableToFindPolicyError."""
    rows = PolicyVersion.objects.filter(company_id=company_id, valid_from__lte=as_of)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    row = rows.order_by("-valid_from", "-number").first()
    if row is None:
        raise UnableToFindPolicyError(
            Words(
                zh=f"{as_of} 还没有生效的信用政策：请先发布一个政策包（tradecredit policy publish）。",
                en=f"No credit policy is in force on {as_of}: publish a pack first (tradecredit policy publish).",
            ),
            as_of=as_of.isoformat(),
        )
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
    approved_by_id: UUID,
) -> StoredPolicy:  # fmt: skip
    """Write the next version; the same document as the one before it on the same day is returned instead."""
    db.transaction_required()
    text = canonical.dumps(dict(document))
    digest = canonical.sha256(text)
    latest = PolicyVersion.objects.filter(company_id=company_id).order_by("-number").first()
    if latest is not None and latest.sha256 == digest and latest.valid_from == valid_from:
        return _stored(latest)
    row = PolicyVersion.objects.create(
        company_id=company_id,
        pack=str(document["pack"]["name"]),
        number=latest.number + 1 if latest else 1,
        valid_from=valid_from,
        document=text,
        sha256=digest,
        reason=reason,
        published_by_id=published_by_id,
        approved_by_id=approved_by_id,
        recorded_at=clock.now(),
    )
    return _stored(row)


# A version never changes, so its parsed document may be kept.
_documents: dict[str, Mapping[str, Any]] = {}


def _stored(row: PolicyVersion) -> StoredPolicy:
    document = _documents.get(row.sha256)
    if document is None:
        document = json.loads(row.document)
        _documents[row.sha256] = document
    return StoredPolicy(
        id=row.pk,
        company_id=row.company_id,
        pack=row.pack,
        number=row.number,
        valid_from=row.valid_from,
        document=document,
        sha256=row.sha256,
        reason=row.reason,
        recorded_at=row.recorded_at,
        published_by_id=row.published_by_id,
        approved_by_id=row.approved_by_id,
    )
