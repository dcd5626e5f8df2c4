"""The section of the policy in force that speaks of dossiers; the starter pack's where there is no policy yet."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import policies
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.plumbing import yaml_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

_SECTION: Final = "dossier"
_DEFAULT_PACK: Final = "five-pillars"


def section(*, company_id: UUID, as_of: date, known_at: datetime | None = None) -> Mapping[str, Any]:
    """Return the section as known at the moment; parts that a company's older policy does not have are the starter pack's."""
    return {**_default(), **published(company_id=company_id, as_of=as_of, known_at=known_at)}


def published(*, company_id: UUID, as_of: date, known_at: datetime | None = None) -> Mapping[str, Any]:
    """Return what the company itself published of the section, for what must not be done by default; nothing if none."""
    try:
        stored = policies.in_force(company_id=company_id, as_of=as_of, known_at=known_at)
    except UnableToFindPolicyError:
        return {}
    return stored.document.get(_SECTION) or {}


@cache
def _default() -> Mapping[str, Any]:
    path = resources.files("tradecredit.policies") / _DEFAULT_PACK / f"{_SECTION}.yaml"
    default: Mapping[str, Any] = yaml_texts.read(path.read_text(encoding="utf-8"))
    return default
