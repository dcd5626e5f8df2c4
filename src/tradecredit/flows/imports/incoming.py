"""What comes in by file: rows in our words, everything found wrong with them, and the port that reads a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words

Value = str | Decimal | date | int

KINDS = (
    "customers",
    "contacts",
    "orders",
    "deliveries",
    "invoices",
    "credit-notes",
    "contracts",
    "payments",
    "bills",
    "goods-events",
    "covers",
    "financial-statements",
    "facts",
    "limits",
    "groups",
    "rates",
)


class UnableToReadFileError(UnableToError):
    """The file as a whole cannot be read: too large, no known columns, or styles that cannot be told apart."""

    code = "file_unreadable"


class Weight(StrEnum):
    """What a finding means for its row."""

    REFUSED = "refused"
    DUPLICATE = "duplicate"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to say about one row of the user's file, by its row number in that file."""

    row: int
    field: str
    value: str
    words: Words
    weight: Weight = Weight.REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingRow:
    """One readable row: canonical field names (``customer_code``) with typed values; empty cells are absent."""

    row: int
    values: Mapping[str, Value]

    def text(self, field: str) -> str:
        """Return the text of a field, empty when the file does not say."""
        value = self.values.get(field)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    def amount(self, field: str) -> Decimal | None:
        """Return the number of a field, if the file has one."""
        value = self.values.get(field)
        return value if isinstance(value, Decimal) else None

    def day(self, field: str) -> date | None:
        """Return the day of a field, if the file has one."""
        value = self.values.get(field)
        return value if isinstance(value, date) else None

    def count(self, field: str) -> int | None:
        """Return the whole number of a field, if the file has one."""
        value = self.values.get(field)
        return value if isinstance(value, int) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingTable:
    """A file that was read: its good rows, its findings, and what was guessed about it."""

    kind: str
    rows: tuple[IncomingRow, ...]
    findings: tuple[Finding, ...] = ()
    notes: tuple[Words, ...] = ()
    mapping: Mapping[str, str]
    read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownColumn:
    """A column that files of a kind may have: its canonical heading, and whether a file cannot do without."""

    title: str
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file; ``created + updated + unchanged + refused`` is ``read``, duplicates are among the unchanged."""

    kind: str
    read: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    duplicates: int = 0
    findings: tuple[Finding, ...] = ()
    notes: tuple[Words, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    settlements: Mapping[str, int] = field(default_factory=dict)
    customers_created: int = 0
    file_id: UUID | None = None

    def of_weight(self, weight: Weight) -> tuple[Finding, ...]:
        """Return the findings of one weight, in the order of the file."""
        return tuple(finding for finding in self.findings if finding.weight is weight)


class TabularFiles(Protocol):
    """Reads spreadsheets and delimited text; implemented by an integration."""

    def columns(self, *, kind: str) -> tuple[KnownColumn, ...]:
        """Return the columns that files of the kind may have."""
        ...

    def headings(self, *, kind: str, data: bytes) -> tuple[str, ...]:
        """Return the headings of the file as they stand there, even where too few of them are known.

        Raises UnableToReadFileError.
        """
        ...

    def read(self, *, kind: str, data: bytes, mapping: str | None = None) -> IncomingTable:
        """Read a file of one kind, guessing columns unless ``mapping`` (the text of a mapping file) names them.

        Raises UnableToReadFileError.
        """
        ...

    def error_file(
        self,
        *,
        kind: str,
        data: bytes,
        findings: Iterable[Finding],
        language: str,
        mapping: str | None = None,
    ) -> bytes:
        """Return the user's own file with only the refused rows and a column that says why."""
        ...
