"""Where compiled tables are computed: DuckDB within the process, or Spark for a portfolio beyond one machine.

The setting ``TRADECREDIT_PORTFOLIO_ENGINE`` chooses (``duckdb`` or ``spark``), ``TRADECREDIT_SPARK_MASTER`` says where Spark runs
(``local[*]`` unless told). Spark comes with the extra ``spark`` and needs Java 17 or later. Both say the same to the last digit.
"""

from __future__ import annotations

import shutil
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

import ibis
from django.conf import settings

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from ibis.expr.types import Table

# Technical: nothing listens beside the work itself, and two parts are enough for a table that one machine has read.
_SPARK: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "8",
    # What does not fit is an error, not a null.
    "spark.sql.ansi.enabled": "true",
}
_VIEW: Final = "tc_customers"


class UnableToUseEngineError(UnableToError):
    """The engine is not known, or what it needs is not installed."""

    code = "engine_missing"
    status = 503


class Engine(Protocol):
    """Computes tables."""

    def loaded(self, rows: pa.Table) -> Table:
        """Return the rows as a table of expressions."""
        ...

    def answer(self, table: Table) -> Sequence[dict[str, Any]]:
        """Compute the table and return its rows."""
        ...


class DuckDB:
    """Columns within this process; a million customers take a second or two."""

    def loaded(self, rows: pa.Table) -> Table:
        """Return the rows as a table of expressions."""
        return ibis.memtable(rows)

    def answer(self, table: Table) -> Sequence[dict[str, Any]]:
        """Compute the table and return its rows."""
        found: list[dict[str, Any]] = ibis.duckdb.connect().to_pyarrow(table).to_pylist()
        return found


class Spark:
    """A Spark session, made once a process: the first answer waits for Java to start."""

    def __init__(self) -> None:
        self._session = _session(str(getattr(settings, "SPARK_MASTER", "local[*]")))
        self._tables = 0

    def loaded(self, rows: pa.Table) -> Table:
        """Return the rows as a table of expressions."""
        self._tables += 1
        name = f"{_VIEW}_{self._tables}"
        self._session.createDataFrame(rows).createOrReplaceTempView(name)
        return ibis.table(ibis.Schema.from_pyarrow(rows.schema), name=name)

    def answer(self, table: Table) -> Sequence[dict[str, Any]]:
        """Compute the table and return its rows."""
        text = str(ibis.to_sql(table, dialect="pyspark"))
        found: list[dict[str, Any]] = self._session.sql(text).toArrow().to_pylist()
        return found


def chosen() -> Engine:
    """Return the engine that the settings name; raises UnableToUseEngineError."""
    return of_name(str(getattr(settings, "PORTFOLIO_ENGINE", "duckdb")))


@cache
def of_name(name: str) -> Engine:
    """Return the engine of the name, ``duckdb`` or ``spark``; raises UnableToUseEngineError."""
    if name == "duckdb":
        return DuckDB()
    if name == "spark":
        return Spark()
    raise UnableToUseEngineError(
        Words(
            zh=f"没有名为“{name}”的计算引擎；TRADECREDIT_PORTFOLIO_ENGINE 可用 duckdb 或 spark。",
            en=f"There is no engine {name!r}; TRADECREDIT_PORTFOLIO_ENGINE is duckdb or spark.",
        )
    )


def _session(master: str) -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UnableToUseEngineError(
            Words(
                zh="未安装 Spark。请运行 pip install 'tradecredit[spark]'，或改用 TRADECREDIT_PORTFOLIO_ENGINE=duckdb。",
                en="Spark is not installed: pip install 'tradecredit[spark]', or set TRADECREDIT_PORTFOLIO_ENGINE=duckdb.",
            )
        ) from error
    if shutil.which("java") is None:
        raise UnableToUseEngineError(
            Words(
                zh="Spark 需要 Java 17 或更高版本，本机没有找到 java。",
                en="Spark needs Java 17 or later; there is no java on this machine.",
            )
        )
    builder = SparkSession.builder.master(master).appName("tradecredit")
    for key, value in _SPARK.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
