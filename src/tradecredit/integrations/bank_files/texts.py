"""From bytes to text: by byte order mark, zero bytes (UTF-16), UTF-8, the mainland's banks (GB18030), or one-byte text."""

from __future__ import annotations

import codecs
import re
from typing import Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import figures

_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_LOOKED_AT: Final = 4096
_RUNS: Final = 2000


def decode(data: bytes) -> str:
    """Return the text of a file; raises UnableToReadBankFileError."""
    encoding = encoding_of(data)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise figures.refusal(
            f"byte {error.start:,}",
            Words(
                zh=f"内容不是 {encoding} 编码的文字，文件可能已损坏。请重新导出。",
                en=f"the content is no text in {encoding}; the file may be damaged. Export it again.",
            ),
        ) from error


def encoding_of(data: bytes) -> str:
    """Return the encoding that the bytes are in; raises UnableToReadBankFileError for what is no text."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:_LOOKED_AT]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[first::2].count(0) > len(sample) // 4:
            return encoding
    if b"\0" in data:
        raise figures.refusal(
            f"byte {data.index(0):,}",
            Words(
                zh="这不是文字文件（含零字节）。请重新导出。",
                en="this is no text (it holds zero bytes). Export it again.",
            ),
        )
    return _without_mark(data)


def _without_mark(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # Chinese text is made of pairs of high bytes, by and large; an accented western letter stands alone.
        runs = _HIGH_RUN.findall(data)[:_RUNS]
        pairs = sum(len(run) % 2 == 0 for run in runs)
        return "gb18030" if pairs * 2 >= len(runs) else "latin-1"
    return "utf-8"
