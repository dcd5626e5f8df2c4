"""The systems that can be connected, behind the port: five methods made of a description and a dialect."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from tradecredit.flows.sources.erps import KINDS, Page
from tradecredit.integrations import environment_secrets, guarded_http
from tradecredit.integrations.erps import descriptions, hosts, records
from tradecredit.integrations.erps.dialects.erpnext import ErpNext
from tradecredit.integrations.erps.dialects.folder import Folder
from tradecredit.integrations.erps.dialects.kingdee import Kingdee
from tradecredit.integrations.erps.dialects.odata import OData
from tradecredit.integrations.erps.dialects.odoo import Odoo
from tradecredit.integrations.erps.dialects.rest import Rest
from tradecredit.integrations.erps.dialects.speaking import Settings
from tradecredit.integrations.erps.dialects.sql import Sql
from tradecredit.integrations.erps.dialects.tryton import Tryton
from tradecredit.integrations.erps.dialects.yonbip import YonBip
from tradecredit.integrations.erps.line import Line, unreadable
from tradecredit.integrations.erps.records import UnreadableRecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import httpx

    from tradecredit.apps.sources.queries import ConnectionRecord
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.core.sources.tallies import Document
    from tradecredit.flows.imports.incoming import IncomingRow
    from tradecredit.flows.sources.erps import System
    from tradecredit.integrations.erps.descriptions import Description, Entity
    from tradecredit.integrations.erps.dialects.speaking import Dialect

_DIALECTS: Final[Mapping[str, Callable[[Settings], Dialect]]] = {
    "tryton": Tryton,
    "odoo": Odoo,
    "erpnext": ErpNext,
    "kingdee": Kingdee,
    "yonbip": YonBip,
    "odata": OData,
    "rest": Rest,
    "sql": Sql,
    "folder": Folder,
}
_SECONDS: Final = 30.0
_BYTES_MAX: Final = 20_000_000
_DOCUMENTS_A_PAGE: Final = 1_000
_PAGES_MAX: Final = 2_000


class DescribedErps:
    """Every described system; ``transport`` and ``pause`` are given by tests and fakes."""

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._transport = transport
        self._pause = pause
        self._client: guarded_http.GuardedClient | None = None

    def systems(self) -> Mapping[str, System]:
        """Return the kinds of systems by name."""
        return {name: descriptions.system(name) for name in (*descriptions.NAMES, *descriptions.BESIDE_HTTP)}

    def missing_secrets(self, connection: ConnectionRecord) -> Sequence[str]:
        """Return the environment variables that the connection needs and that are not set."""
        wanted = descriptions.system(connection.system).secrets
        return [
            variable
            for variable in (variable_of(connection.code, name) for name in wanted)
            if not environment_secrets.from_environment(variable)
        ]

    def open(self, connection: ConnectionRecord) -> DescribedErp:
        """Return the connected system; nothing is sent yet. Raises UnableToDescribeSourceError."""
        described = descriptions.load(connection.system, connection.described)
        description = descriptions.filled(described, connection.settings)
        base = connection.settings.get("base_url", "")
        if description.dialect not in descriptions.BESIDE_HTTP:
            hosts.refuse_foreign(base)
        if self._client is None:
            # Neither proxies nor redirects: a request goes to the named host or nowhere.
            self._client = guarded_http.GuardedClient(
                transport=self._transport, seconds=_SECONDS, bytes_max=_BYTES_MAX, uses_proxies=False
            )
        secrets = {
            name: environment_secrets.from_environment(variable_of(connection.code, name))
            for name in description.system.secrets
        }
        line = Line(self._client, base=base, pause=self._pause)
        dialect = _DIALECTS[description.dialect](
            Settings(line=line, description=description, settings=connection.settings, secrets=secrets)
        )
        return DescribedErp(description, dialect)


class DescribedErp:
    """One connected system."""

    def __init__(self, description: Description, dialect: Dialect) -> None:
        self._description = description
        self._dialect = dialect

    def kinds(self) -> Sequence[str]:
        """Return the kinds that can be read."""
        return [kind for kind in KINDS if kind in self._description.entities]

    def check(self) -> str:
        """Sign in and return whom the system took us for."""
        return self._dialect.check()

    def read(self, *, kind: str, position: Position, most: int) -> Page:
        """Return the next records of an open window as rows; what cannot be read is said, not skipped."""
        entity = self._description.entities[kind]
        page = self._dialect.changed(entity, position=position, most=most)
        rows: list[IncomingRow] = []
        unreadable_ones: list[tuple[str, Words]] = []
        for place, record in enumerate(page.records, start=1):
            try:
                rows.append(records.row_of(entity, record, place=place))
            except UnreadableRecordError as error:
                unreadable_ones.append((error.number, error.words))
        return Page(rows=rows, latest_key=page.latest_key, is_last=page.is_last, unreadable=unreadable_ones)

    def documents(self, *, kind: str, begins: date, ends: date) -> Sequence[Document]:
        """Return every document of the days; one that cannot be read cannot be compared either and is left out."""
        entity = self._description.entities[kind]
        found: list[Document] = []
        after = ""
        for _ in range(_PAGES_MAX):
            page = self._dialect.dated(entity, begins=begins, ends=ends, after=after, most=_DOCUMENTS_A_PAGE)
            found += _documents(entity, page.records)
            if page.is_last:
                return found
            after = page.latest_key
        raise unreadable(f"more than {_PAGES_MAX} pages")

    def write(self, standing: Standing) -> None:
        """Make the system hold the customer or let it go, and give it its line."""
        self._dialect.write(standing)


def variable_of(code: str, name: str) -> str:
    """Return the environment variable of a connection's secret: ``TRADECREDIT_SOURCE_ERP_MAIN_PASSWORD``."""
    return f"TRADECREDIT_SOURCE_{code.upper().replace('-', '_')}_{name}"


def _documents(entity: Entity, found: Sequence[Mapping[str, object]]) -> list[Document]:
    documents: list[Document] = []
    for record in found:
        try:
            documents.append(records.document_of(entity, record))
        except UnreadableRecordError:
            # It was told of when it was read, with its number and what is missing.
            continue
    return documents
