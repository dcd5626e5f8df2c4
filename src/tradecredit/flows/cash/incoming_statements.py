"""A bank file that cannot be taken."""

from __future__ import annotations

from tradecredit.core.kernel.refusal import UnableToError


class UnableToReadBankFileError(UnableToError):
    """The file as a whole is refused: broken, hostile, too large, or not to be told apart; ``place`` says where."""

    code = "bank_file_unreadable"
