"""Learned models and backtests: recorded, and read as of a day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Max

from tradecredit.apps.scoring.models import Backtest, ModelPromotion, StatisticalModel
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

Standing = Literal["champion", "challenger", "retired", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredModel:
    """A model with its standing on the day that was asked for (empty: never promoted)."""

    id: UUID
    name: str
    number: int
    kind: str
    trained_on: date
    standing: str
    sha256: str
    data_digest: str
    recorded_at: datetime
    recorded_by: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBacktest:
    """A recorded backtest."""

    id: UUID
    as_of: date
    quarter: str
    findings: int
    recorded_at: datetime
    recorded_by: str
    document: Mapping[str, Any]


def record_model(
    *, company_id: UUID, name: str, kind: str, trained_on: date, document: Mapping[str, Any], recorded_by: str
) -> StoredModel:
    """Append the next number of the model; the document carries its data digest."""
    db.transaction_required()
    rows = StatisticalModel.objects.filter(company_id=company_id, name=name)
    latest = rows.aggregate(latest=Max("number"))["latest"] or 0
    text = canonical.dumps(dict(document))
    row = StatisticalModel.objects.create(
        company_id=company_id,
        name=name,
        number=latest + 1,
        kind=kind,
        trained_on=trained_on,
        document=text,
        sha256=canonical.sha256(text),
        data_digest=document["training"]["data_digest"],
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )
    return _model(row, standing="")


def record_promotion(
    *, company_id: UUID, model_id: UUID, standing: str, valid_from: date, reason: str, recorded_by: str
) -> None:
    """Append the word that the model has this standing from the day on."""
    db.transaction_required()
    ModelPromotion.objects.create(
        company_id=company_id,
        model_id=model_id,
        standing=standing,
        valid_from=valid_from,
        reason=reason,
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )


def models(*, company_id: UUID, as_of: date) -> tuple[StoredModel, ...]:
    """Return every model with its standing on the day, by name, the newest number first."""
    standings = _standings(company_id, as_of)
    rows = StatisticalModel.objects.filter(company_id=company_id).order_by("name", "-number")
    return tuple(_model(row, standing=standings.get(row.pk, "")) for row in rows)


def champion(*, company_id: UUID, kinds: tuple[str, ...], as_of: date) -> StoredModel | None:
    """Return the champion of these kinds on the day."""
    standings = _standings(company_id, as_of)
    chosen = [key for key, standing in standings.items() if standing == "champion"]
    row = StatisticalModel.objects.filter(pk__in=chosen, kind__in=kinds).order_by("-recorded_at").first()
    return None if row is None else _model(row, standing="champion")


def record_backtest(
    *,
    company_id: UUID,
    as_of: date,
    quarter: str,
    document: Mapping[str, Any],
    findings: int,
    recorded_by: str,
) -> StoredBacktest:
    """Append a backtest; the quarter's is returned as it stands where it was written before."""
    db.transaction_required()
    if quarter:
        known = Backtest.objects.filter(company_id=company_id, quarter=quarter).first()
        if known is not None:
            return _backtest(known)
    row = Backtest.objects.create(
        company_id=company_id,
        as_of=as_of,
        quarter=quarter,
        document=canonical.dumps(dict(document)),
        findings=findings,
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )
    return _backtest(row)


def backtests(*, company_id: UUID, most: int = 20) -> tuple[StoredBacktest, ...]:
    """Return the recorded backtests, newest first."""
    rows = Backtest.objects.filter(company_id=company_id).order_by("-as_of", "-recorded_at")
    return tuple(_backtest(row) for row in rows[:most])


def has_backtest_of(*, company_id: UUID, quarter: str) -> bool:
    """Tell whether the quarter's review is written."""
    return Backtest.objects.filter(company_id=company_id, quarter=quarter).exists()


def _standings(company_id: UUID, as_of: date) -> dict[UUID, str]:
    rows = ModelPromotion.objects.filter(company_id=company_id, valid_from__lte=as_of)
    newest = rows.order_by("model_id", "-valid_from", "-recorded_at", "-id").distinct("model_id")
    return {row.model_id: row.standing for row in newest}


def _model(row: StatisticalModel, *, standing: str) -> StoredModel:
    return StoredModel(
        id=row.pk,
        name=row.name,
        number=row.number,
        kind=row.kind,
        trained_on=row.trained_on,
        standing=standing,
        sha256=row.sha256,
        data_digest=row.data_digest,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        document=json.loads(row.document),
    )


def _backtest(row: Backtest) -> StoredBacktest:
    return StoredBacktest(
        id=row.pk,
        as_of=row.as_of,
        quarter=row.quarter,
        findings=row.findings,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        document=json.loads(row.document),
    )
