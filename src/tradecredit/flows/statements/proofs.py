"""Files that come with an answer to a statement: what they are by their first bytes, and refused otherwise."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from tradecredit.apps.receivables import confirmation_operations as operations
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

BYTES_MOST: Final = 5_000_000
COUNT_MOST: Final = 5
_MAGIC: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


class UnableToTakeAnswerError(UnableToError):
    """The answer is not to be understood: an amount, a day or a file is wrong."""

    code = "statement_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A file as it was sent."""

    name: str
    content: bytes


def checked(proof: Proof) -> operations.NewProof:
    """Return a file to keep: only PDF, PNG and JPEG by their first bytes, whatever their names say.

    Raises UnableToTakeAnswerError.
    """
    kind = next((media for magic, media in _MAGIC.items() if proof.content.startswith(magic)), None)
    if kind is None or len(proof.content) > BYTES_MOST:
        raise refusal(
            "凭证须为 PDF、PNG 或 JPEG，且不超过 5 MB。", "A proof is a PDF, PNG or JPEG of at most 5 MB."
        )
    return operations.NewProof(
        name=proof.name[-200:],
        media_type=kind,
        content=proof.content,
        digest=hashlib.sha256(proof.content).hexdigest(),
    )


def refusal(zh: str, en: str) -> UnableToTakeAnswerError:
    """Return the refusal of an answer that is not to be understood."""
    return UnableToTakeAnswerError(Words(zh=zh, en=en))
