"""A condition on one of many values that travel as one array: ten thousand cost neither side ten thousand parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Lookup

from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


def among(name: str, values: Iterable[Any]) -> _Among:
    """Return the condition that a column (``pk``, ``invoice__number``) is one of the values, for ``filter``."""
    return _Among(F(name), portions.array(values, quoted=True))


class _Among(Lookup):
    """``column = ANY (array)``; the right side is the array as text already."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Return the condition with its one parameter."""
        column, given = self.process_lhs(compiler, connection)
        kind = portions.kind_of(self.lhs.output_field)
        return f"{column} = ANY(%s::{kind}[])", (*given, self.rhs)
