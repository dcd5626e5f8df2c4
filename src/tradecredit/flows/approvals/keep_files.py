"""Keep a file with a request: of a known type by its first bytes, of a bounded size, named by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import attachments, locks, queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.plumbing.access import Actor

_LARGEST: Final = 10_000_000
# What a file begins with says what it is; its name and what the browser claims do not.
_TYPES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),
)


class UnableToKeepFileError(UnableToError):
    """The file is too large, empty, or of no type that is kept."""

    code = "file_refused"


def keep_file(*, request_id: UUID, name: str, content: bytes, actor: Actor) -> UUID:
    """Keep a PDF, picture or Office file with an open request; the same content once. Raises UnableToKeepFileError."""
    media_type = next((kind for start, kind in _TYPES if content.startswith(start)), None)
    if media_type is None or len(content) > _LARGEST:
        raise UnableToKeepFileError(
            Words(
                zh="只能附 10 MB 以内的 PDF、PNG、JPEG 或 Office 文件；请转换后再附。",
                en="A PDF, PNG, JPEG or Office file of at most 10 MB is kept: convert it and attach it again.",
            )
        )
    with db.unit_of_work(actor):
        request = queries.by_id(request_id) if locks.lock_request(request_id) else None
        if request is None or request.status != "open":
            raise UnableToKeepFileError(
                Words(zh="申请已结束，或您无权查看。", en="The request has ended, or is not in your sight.")
            )
        return attachments.attach(
            company_id=request.company_id,
            request_id=request_id,
            name=name,
            media_type=media_type,
            content=content,
            actor=actor,
        )
