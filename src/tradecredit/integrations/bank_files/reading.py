"""Which format a bank file is in, and its statements; everything here runs in the child process."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.statements import StatementFile
from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import bai2, camt, figures, mt940, ofx, tables, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.cash_application.statements import BankFile, Statement
    from tradecredit.integrations.bank_files.profiles import Profile

    Reader = Callable[[bytes], tuple[str, tuple[Statement, ...]]]

FILE_BYTES_MAX: Final = 32 * 1024 * 1024
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SWIFT: Final = re.compile(r"^(?:\{1:|:(?:\d{2}[A-Z]?|NS):)", re.MULTILINE)
_OFX: Final = re.compile(r"OFXHEADER|<\?OFX|<OFX>", re.IGNORECASE)
_BAI: Final = re.compile(r"^01,[^\n]*/?\s*$\n?\s*(?:02|88|99),", re.MULTILINE)
_LOOKED_AT: Final = 4000


def read(file: BankFile, *, profiles: Mapping[str, Profile]) -> StatementFile:
    """Return the statements of a file in whatever format; raises UnableToReadBankFileError."""
    _check_size(file.data)
    reader = None if file.profile else _reader(file.data)
    if reader is None:
        form, profile, found = tables.read(file, known=profiles)
    else:
        (form, found), profile = reader(file.data), ""
    if not found:
        raise figures.refusal(
            "",
            Words(
                zh="文件中没有任何对账单。请检查是否下载完整、格式是否正确。",
                en="There is no statement in the file. Check that it was downloaded whole and in the right format.",
            ),
        )
    return StatementFile(format=form, profile=profile, statements=found)


def _check_size(data: bytes) -> None:
    if not data.strip(b" \r\n\t\0"):
        raise figures.refusal(
            "", Words(zh="文件是空的。请检查下载是否成功。", en="The file is empty. Check the download.")
        )
    if len(data) > FILE_BYTES_MAX:
        raise figures.refusal(
            "",
            Words(
                zh=f"文件过大({len(data):,} 字节，上限 {FILE_BYTES_MAX:,})。请按月拆分后再导入。",
                en=f"The file is too large ({len(data):,} bytes, at most {FILE_BYTES_MAX:,}). Split it by month.",
            ),
        )


def _reader(data: bytes) -> Reader | None:
    """Return who reads the format, None for tables."""
    if data.startswith(_WORKBOOKS):
        return None
    head = data[:_LOOKED_AT].decode(texts.encoding_of(data), errors="replace").lstrip("\ufeff \r\n\t")
    if _OFX.search(head):
        return ofx.read
    if head.startswith("<") and not head.lower().startswith(("<html", "<table", "<!doctype html")):
        return camt.read
    if _SWIFT.search(head):
        return mt940.read
    return bai2.read if _BAI.match(head) else None
