"""What the addresses of collection take."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from tradecredit.doors.api.batches import Amount, CompanyRowIn, Currency, Number, Text

_PAGE_MAX = 500
_SHORT = StringConstraints(min_length=1, max_length=200)


class CasePage(Schema, extra="forbid"):
    """Open cases, closed ones, or all; newest first."""

    company: str | None = None
    status: Annotated[str, StringConstraints(pattern="^(open|closed|all)$")] = "open"
    channel: Annotated[str, StringConstraints(pattern="^(internal|agency|legal)$")] | None = None
    cursor: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=_PAGE_MAX)] = 100


class Whose(Schema, extra="forbid"):
    """Of which company."""

    company: str | None = None


class CaseIn(CompanyRowIn, extra="forbid"):
    """A case opened by hand."""

    customer: Number
    reason: Annotated[str, _SHORT]


class ContactIn(CompanyRowIn, extra="forbid"):
    """What came of asking: how, what, and a promise with its amount and day."""

    way: str
    outcome: str
    text: Text = ""
    amount: Amount | None = None
    currency: Currency = ""
    promised_date: date | None = None
    next_on: date | None = None
    reference: str = ""


class HandOverIn(CompanyRowIn, extra="forbid"):
    """To whom a case goes."""

    channel: str
    receiver: Annotated[str, _SHORT]
    text: Text = ""


class PartIn(Schema, extra="forbid"):
    """One part of an instalment plan."""

    due_date: date
    amount: Amount


class PlanIn(CompanyRowIn, extra="forbid"):
    """An instalment plan; without instalments it covers all that is open."""

    customer: Number
    currency: Currency = ""
    parts: Annotated[list[PartIn], Field(min_length=1, max_length=120)]
    instalments: list[UUID] = []
    accelerates_after_days: Annotated[int, Field(ge=0, le=365)] = 0
    acknowledges_debt: bool = False
    text: Text = ""


class StartIn(CompanyRowIn, extra="forbid"):
    """A plan of the library to start."""

    customer: Number
    code: Annotated[str, _SHORT]
    cause: str = ""


class StepIn(CompanyRowIn, extra="forbid"):
    """What came of a step."""

    result: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    is_skipped: bool = False


class ProofIn(CompanyRowIn, extra="forbid"):
    """Proof that a letter left or arrived."""

    kind: str
    way: str
    reference: str = ""
    day: date | None = None
    text: Text = ""


class OptOutIn(CompanyRowIn, extra="forbid"):
    """Nobody writes to the customer (or about the instalment) until the day, or until it is ended."""

    customer: Number
    instalment: UUID | None = None
    reason: Annotated[str, _SHORT]
    ends_on: date | None = None


class WithholdIn(CompanyRowIn, extra="forbid"):
    """Why a drafted letter is kept."""

    because: Annotated[str, _SHORT]


class PreviewOf(Schema, extra="forbid"):
    """Which day; tomorrow without one."""

    company: str | None = None
    as_of: date | None = None
