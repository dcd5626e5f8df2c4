"""From bytes to text: by byte order mark, UTF-8, the banks of the mainland (GB18030), or western one-byte text."""

from __future__ import annotations

import codecs
import re
from typing import Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import figures

_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")


def decode(data: bytes) -> str:
    """Return the text of a file in SWIFT, OFX or BAI2 format; raises UnableToReadBankFileError."""
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data, "utf-8-sig")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # Two-byte Chinese text is made of pairs of high bytes; an accented western letter stands alone.
    if all(len(run) % 2 == 0 for run in _HIGH_RUN.findall(data)):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise figures.refusal(
            "",
            Words(
                zh=f"文件开头声明 {encoding},但内容不是该编码。请重新导出。",
                en=f"The file says it is {encoding} and is not. Export it again.",
            ),
        ) from error
