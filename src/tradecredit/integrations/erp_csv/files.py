"""The adapter behind the port ``TabularFiles``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.flows.imports.incoming import KnownColumn
from tradecredit.integrations.erp_csv import error_files, named_headings, tables
from tradecredit.integrations.erp_csv.layouts import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradecredit.flows.imports.incoming import Finding, IncomingTable


class SpreadsheetFiles:
    """Reads CSV, XLSX and XLS, and writes error files; keeps nothing."""

    def columns(self, *, kind: str) -> tuple[KnownColumn, ...]:
        """Return the columns that files of the kind may have."""
        return tuple(
            KnownColumn(title=column.title, is_required=column.is_required)
            for column in LAYOUTS[kind].columns
        )

    def headings(self, *, kind: str, data: bytes) -> tuple[str, ...]:
        """Return the headings of the file as they stand there; raises UnableToReadFileError."""
        return named_headings.headings_of(kind=kind, data=data)

    def read(self, *, kind: str, data: bytes, mapping: str | None = None) -> IncomingTable:
        """Read a file of one kind; raises UnableToReadFileError."""
        return tables.read(kind=kind, data=data, mapping=mapping)

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
        return error_files.write(kind=kind, data=data, findings=findings, language=language, mapping=mapping)
