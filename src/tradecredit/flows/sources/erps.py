"""The port to other systems: five methods that every adapter has, and how it says that something went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.apps.sources.queries import ConnectionRecord
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.core.sources.tallies import Document
    from tradecredit.flows.imports.incoming import IncomingRow

# In the order in which they are read: what comes later names what comes before.
KINDS = ("customers", "invoices", "credit-notes", "payments")
DOCUMENTS = ("invoices", "credit-notes", "payments")


class UnableToReachSourceError(UnableToError):
    """The system does not answer, refuses our credentials, answers something unreadable, or is described wrongly."""

    code = "source_unreachable"
    status = 502


class UnableToDescribeSourceError(UnableToError):
    """The connection's description is wrong: an unknown name, a missing setting, an address that is not allowed."""

    code = "source_badly_described"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A kind of system that can be connected: what it offers and what a connection must say."""

    name: str
    label: Words
    kinds: tuple[str, ...]
    # What is asked for in the open (the address, the name of a database) and the names of what is secret.
    settings: Mapping[str, Words]
    secrets: tuple[str, ...]
    can_write: bool
    note: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows of one kind in our words, the key of the last record, and whether the window ends here.

    ``unreadable`` are records that cannot be made rows, with their numbers and why.
    """

    rows: Sequence[IncomingRow]
    latest_key: str
    is_last: bool
    unreadable: Sequence[tuple[str, Words]] = ()


class Erp(Protocol):
    """One connected system. Every method raises UnableToReachSourceError for whatever the other side does."""

    def kinds(self) -> Sequence[str]:
        """Return the kinds that can be read."""
        ...

    def check(self) -> str:
        """Sign in and return what the system calls itself or its user; raises with the reason."""
        ...

    def read(self, *, kind: str, position: Position, most: int) -> Page:
        """Return the next records of an open window, in the order of their keys."""
        ...

    def documents(self, *, kind: str, begins: date, ends: date) -> Sequence[Document]:
        """Return every document dated from ``begins`` up to ``ends`` (excluded), for comparing both sides."""
        ...

    def write(self, standing: Standing) -> None:
        """Make the system hold the customer or let it go, and give it its line; saying it twice changes nothing."""
        ...


class Erps(Protocol):
    """The systems that can be connected."""

    def systems(self) -> Mapping[str, System]:
        """Return the kinds of systems by name."""
        ...

    def missing_secrets(self, connection: ConnectionRecord) -> Sequence[str]:
        """Return the names of environment variables that the connection needs and that are not set."""
        ...

    def open(self, connection: ConnectionRecord) -> Erp:
        """Return the connected system; nothing is sent yet. Raises UnableToDescribeSourceError."""
        ...


class FakeErps(Protocol):
    """A system that exists only here, for trying, tests and integrators."""

    def systems(self) -> Sequence[str]:
        """Return the systems that it can play."""
        ...

    def faults(self) -> Sequence[str]:
        """Return the ways in which it can go wrong."""
        ...

    def credentials(self) -> tuple[str, str]:
        """Return the user (or key) and the secret that it takes."""
        ...

    def serve(
        self,
        *,
        system: str,
        host: str,
        port: int,
        customers: int,
        invoices: int,
        faulty: Sequence[str],
        rate: float,
    ) -> None:
        """Answer until interrupted, from invented books of this size."""
        ...
