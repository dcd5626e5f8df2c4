"""What the house asks of the outside, and who answers: adapters are registered by config/wiring.py.

A door or a task says ``ports.find(ports.PolicyPacks)`` and hands the adapter to the flow.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from uuid import UUID

    from tradecredit.core.cash_application.statements import BankFile, StatementFile
    from tradecredit.core.dossier.bureau.answers import Answer, Question
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.plumbing.access.models import Company

P = TypeVar("P")

_adapters: dict[type[Any], Any] = {}


class UnwiredPortError(LookupError):
    """No adapter is registered for a port."""


def register(port: type[Any], adapter: Any) -> None:
    """Let an adapter answer for a port; called by config/wiring.py and by tests."""
    _adapters[port] = adapter


def find(port: type[P]) -> P:
    """Return the adapter of a port; raises UnwiredPortError."""
    if port not in _adapters:
        named = dict(_adapters)
        importlib.import_module(settings.WIRING).wire()
        # Whoever was named before stays: wiring fills only what is missing.
        _adapters.update(named)
    if port not in _adapters:
        raise UnwiredPortError(f"no adapter answers for {port.__name__}: register one in config/wiring.py")
    return cast("P", _adapters[port])


class PolicyPacks(Protocol):
    """The starter packs that ship, or a folder of the user's own."""

    def load_pack(self, name: str) -> Mapping[str, Any]:
        """Return a pack as one document; raises PolicyError naming the bad place."""

    def load_folder(self, pack: Path) -> Mapping[str, Any]:
        """Return a folder of the user's own, or a packed file, as one document; raises PolicyError."""

    def load_own(self, pack: Path) -> Mapping[str, Any]:
        """Return what a folder itself says, without what it extends; raises PolicyError."""

    def base_of(self, pack: Path, own: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the policy that a folder extends, if it extends one; raises PolicyError."""

    def save(self, document: Mapping[str, Any], target: Path) -> None:
        """Write a policy as a folder, or as one packed file where the name ends so."""

    def pack_names(self) -> Sequence[str]:
        """Return the names of the packs that ship."""

    def load_order_examples(self, name: str) -> Mapping[str, Any]:
        """Return the orders among the examples of a pack that ships, by file name; none for another name."""


class PolicySignatures(Protocol):
    """Signs policies and checks who signed them."""

    def new_key(self) -> bytes:
        """Return a new private key as PEM."""

    def sign(self, document: Mapping[str, Any], *, private_pem: bytes) -> Any:
        """Return the signature of a policy, with its digest and the signer's public key."""

    def verify(
        self, document: Mapping[str, Any], signature: Mapping[str, Any], *, public_key: str | None = None
    ) -> str:
        """Return the signer's public key; raises UnableToTrustPolicyError."""


class BankFileSession(Protocol):
    """Reads many bank files one after the other in one safe place."""

    def read(self, file: BankFile) -> StatementFile:
        """Return the statements of one file; raises UnableToReadBankFileError."""

    def peak_mb(self) -> int:
        """Return how much memory that place has taken at most."""


class BankFiles(Protocol):
    """Reads bank statements from files of every common format, where a hostile file can do no harm."""

    def read(self, file: BankFile) -> StatementFile:
        """Return the statements of one file; raises UnableToReadBankFileError."""

    def session(self) -> AbstractContextManager[BankFileSession]:
        """Open a place in which many files are read."""

    def profiles(self) -> Mapping[str, Words]:
        """Return the names and titles of the column profiles that can be named."""


class Photos(Protocol):
    """Looks at photographs of papers, where a hostile picture can do no harm."""

    def codes(self, data: bytes) -> Sequence[str]:
        """Return the texts of the codes printed in a picture; raises UnableToReadPhotoError."""


class Bureaus(Protocol):
    """The bureaus of company facts; asking one never raises for what the other side does."""

    def names(self) -> Mapping[str, Words]:
        """Return the names and titles of the bureaus."""

    def kinds(self, name: str) -> Sequence[str]:
        """Return the kinds of reports that a bureau offers."""

    def is_ready(self, name: str, *, base_url: str = "") -> bool:
        """Tell whether a bureau's address and credentials are set."""

    def ask(self, question: Question, *, base_url: str = "") -> Answer:
        """Return what a bureau says to a question."""


class FakeBureaus(Protocol):
    """A bureau that exists only here, for trying, tests and integrators."""

    def faults(self) -> Sequence[str]:
        """Return the ways in which it can go wrong."""

    def serve(
        self, *, host: str, port: int, faulty: Sequence[str], rate: float, seed: int, names: Mapping[str, str]
    ) -> None:
        """Answer until interrupted; ``names`` are companies by registered number."""


class Cures(Protocol):
    """Looks at what cash has cured, in the transaction that books it.

    A port, since whoever books cash cannot know who freezes and holds: they book cash themselves.
    """

    def cure(self, *, company: Company, customer_ids: Iterable[UUID]) -> None:
        """Have the customers looked at when the flow around has recorded everything."""


class Mailer(Protocol):
    """Carries messages to people outside."""

    def send(self, *, recipient: str, subject: str, body: str, message_id: str) -> None:
        """Send one message; raises on failure; sending the same message_id again has no second effect."""


class SandboxMailer(Mailer, Protocol):
    """Keeps the messages of sandbox companies in the house: nothing leaves them."""


class FlowCalls(Protocol):
    """Interfaces that flows may ask: registered by whoever runs the server, never by a diagram."""

    def names(self) -> Sequence[str]:
        """Return the names under which they are registered."""

    def ask(self, name: str, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what an interface answers to the facts, in time; None where it does not, for whatever reason."""


class ChatRooms(Protocol):
    """The chats of the house: each carries messages as mail does, to a mobile number where one is known."""

    def names(self) -> Sequence[str]:
        """Return the chats that are set up."""

    def room(self, name: str) -> Mailer:
        """Return who carries messages into a chat."""


class SandboxChatRooms(ChatRooms, Protocol):
    """Keeps the chat messages of sandbox companies in the house: nothing leaves them."""


def chat_rooms_for(*, is_sandbox: bool) -> ChatRooms:
    """Return the chats of a company."""
    return find(SandboxChatRooms) if is_sandbox else find(ChatRooms)


def public_url() -> str:
    """Return the address under which people reach this installation; empty where nobody has said it."""
    return str(settings.PUBLIC_URL).rstrip("/")


def sandbox_mailer() -> Mailer:
    """Return who keeps the messages of sandbox companies."""
    return find(SandboxMailer)


def mailer_for(*, is_sandbox: bool) -> Mailer | None:
    """Return who carries a company's messages; None while no mail server is named, and messages wait."""
    if is_sandbox:
        return sandbox_mailer()
    try:
        return find(Mailer)
    except UnwiredPortError:
        return None
