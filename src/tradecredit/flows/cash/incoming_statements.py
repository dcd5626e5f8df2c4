"""A bank file that cannot be taken, and what one is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from tradecredit.core.kernel.refusal import UnableToError


class UnableToReadBankFileError(UnableToError):
    """The file as a whole is refused: broken, hostile, too large, or not to be told apart; ``place`` says where."""

    code = "bank_file_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFile:
    """A file as it came: ``profile`` names its columns (a shipped profile, one of the installation's, or YAML text).

    ``account`` and ``currency`` stand in where the file names none.
    """

    name: str
    data: bytes
    profile: str = ""
    account: str = ""
    currency: str = ""
