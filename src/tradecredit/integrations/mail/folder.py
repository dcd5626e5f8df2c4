"""Mail of sandbox companies: written into a folder, one file a message, so that nothing leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.integrations.mail import composing

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Writes ``<message_id>.eml`` below a folder, which is made when the first message comes."""

    folder: Path

    def send(self, *, recipient: str, subject: str, body: str, message_id: str) -> None:
        """Write the message; one that is there already stays as it is."""
        path = self.folder / f"{message_id}.eml"
        if path.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        message = composing.compose(
            sender="sandbox@tradecredit.invalid",
            recipient=recipient,
            subject=subject,
            body=body,
            message_id=message_id,
        )
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(path)
