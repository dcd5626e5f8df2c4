"""Put letters into the outbox: one message a letter, under a key that lets it leave only once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from tradecredit.plumbing.outbox import messages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

LETTER: Final = "letter"
THANKS: Final = "thanks"
# Whose sending is written back into the letter itself.
CAUSES: Final = frozenset({LETTER, THANKS})


class Written(Protocol):
    """A letter as it was written, and to which address it goes."""

    @property
    def recipient(self) -> str:
        """The mail address; empty where it has to be printed."""

    @property
    def language(self) -> str:
        """The language of its words."""

    @property
    def subject(self) -> str:
        """Its subject."""

    @property
    def body(self) -> str:
        """Its words."""


def post(*, company_id: UUID, letters: Iterable[tuple[UUID, Written]], cause: str = LETTER) -> None:
    """Have the letters leave by mail after the commit; those without an address wait to be printed."""
    messages.put(
        company_id=company_id,
        messages=[
            messages.NewMessage(
                channel="mail",
                recipient=letter.recipient,
                language=letter.language,
                subject=letter.subject,
                body=letter.body,
                dedupe_key=f"letter:{letter_id}",
                cause_kind=cause,
                cause_id=letter_id,
            )
            for letter_id, letter in letters
            if letter.recipient
        ],
    )
