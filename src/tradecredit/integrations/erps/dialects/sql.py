"""Any system whose PostgreSQL database we may look into: described tables or views are read, standings put into a table."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import errors, sql
from psycopg.rows import dict_row

from tradecredit.core.kernel import limit as tagged
from tradecredit.flows.sources.erps import UnableToReachSourceError
from tradecredit.integrations.erps import hosts
from tradecredit.integrations.erps import line as lines
from tradecredit.integrations.erps.dialects import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings, Spoken

_SECONDS: Final = 10
# Technical: what one statement may take over there.
_STATEMENT: Final = "-c statement_timeout=30000"


class Sql:
    """Speaks to one database; every read is a read-only transaction of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        hosts.refuse_unnamed(settings.settings["host"], port=settings.settings["port"])

    def check(self) -> str:
        """Sign in and return the user that the database took us for."""
        with self._connected() as connection:
            found = connection.execute("SELECT current_user AS name").fetchone()
        return str(found["name"]) if found else ""

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return the next rows of the window; a table without a column of changes is read whole each time."""
        bounds: list[sql.Composable] = []
        values: dict[str, Any] = {}
        if entity.changed and position.since is not None:
            bounds.append(_bound(entity.changed, ">=", "since"))
            values["since"] = position.since
        if entity.changed and position.until is not None:
            bounds.append(_bound(entity.changed, "<", "until"))
            values["until"] = position.until
        return self._page(entity, bounds, values, after=position.after, most=most)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next rows of the days."""
        bounds = [_bound(entity.day, ">=", "begins"), _bound(entity.day, "<", "ends")]
        return self._page(entity, bounds, {"begins": begins, "ends": ends}, after=after, most=most)

    def write(self, standing: Standing) -> None:
        """Put the standing into the table that the description names, a row a customer."""
        table = self._settings.option("standings")
        if not table:
            raise lines.refused("options.standings?")
        values = {
            "customer": standing.customer_code,
            "held": standing.is_held,
            "limit": tagged.text(standing.limit),
            "currency": standing.currency,
        }
        statement = sql.SQL(
            "INSERT INTO {} (customer_code, is_held, credit_limit, currency) VALUES (%(customer)s, %(held)s,"
            " %(limit)s, %(currency)s) ON CONFLICT (customer_code) DO UPDATE SET is_held = excluded.is_held,"
            " credit_limit = excluded.credit_limit, currency = excluded.currency"
        ).format(_named(table))
        with self._connected(is_reading=False) as connection:
            connection.execute(statement, values)

    def _page(
        self,
        entity: Entity,
        bounds: list[sql.Composable],
        values: Mapping[str, Any],
        *,
        after: str,
        most: int,
    ) -> Spoken:
        asked = {**values, "most": most}
        wanted = [*bounds, *(_bound(name, "=", f"is_{name}") for name in entity.filter or ())]
        asked |= {f"is_{name}": value for name, value in dict(entity.filter or {}).items()}
        if after:
            wanted.append(_bound(entity.key, ">", "after"))
            asked["after"] = after
        statement = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT %(most)s").format(
            sql.SQL(", ").join(sql.Identifier(name) for name in entity.names()),
            _named(entity.entity),
            sql.SQL(" AND ").join(wanted) if wanted else sql.SQL("true"),
            sql.Identifier(entity.key),
        )
        with self._connected() as connection:
            found = connection.execute(statement, asked).fetchall()
        return speaking.spoken(found, key=entity.key, most=most)

    @contextmanager
    def _connected(self, *, is_reading: bool = True) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        settings, secrets = self._settings.settings, self._settings.secrets
        try:
            with psycopg.connect(
                host=settings["host"],
                port=settings["port"],
                dbname=settings["database"],
                user=secrets["USER"].reveal(),
                password=secrets["PASSWORD"].reveal(),
                connect_timeout=_SECONDS,
                options=_STATEMENT,
                row_factory=dict_row,
            ) as connection:
                connection.read_only = is_reading
                yield connection
        except (errors.InvalidPassword, errors.InvalidAuthorizationSpecification) as error:
            raise lines.denied() from error
        except psycopg.OperationalError as error:
            # A server that refuses us before a session exists says why in words only.
            is_denied = "authentication failed" in str(error)
            raise lines.denied() if is_denied else UnableToReachSourceError(lines.SILENT) from error
        except psycopg.Error as error:
            raise lines.refused(str(error).split("\n", maxsplit=1)[0]) from error


def _bound(name: str, operator: str, value: str) -> sql.Composable:
    return sql.SQL("{} {} {}").format(sql.Identifier(name), sql.SQL(operator), sql.Placeholder(value))


def _named(table: str) -> sql.Identifier:
    """Return ``schema.table`` as an identifier that can be nothing else."""
    return sql.Identifier(*table.split("."))
