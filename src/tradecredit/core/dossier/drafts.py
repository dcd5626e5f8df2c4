"""What somebody says about a customer, before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDraft:
    """What somebody says about a customer; a field that is None is not spoken of and stays as it is."""

    code: str
    name: str | None = None
    uscc: str | None = None
    customer_type: str | None = None
    industry: str | None = None
    region: str | None = None
    salesperson: str | None = None
    team: str | None = None
    customer_since: date | None = None
    currency: str | None = None
    language: str | None = None
    email: str | None = None
    lifecycle: str | None = None
