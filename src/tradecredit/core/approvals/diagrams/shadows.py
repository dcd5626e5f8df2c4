"""A flow in shadow: drawn and published, it only puts down whom it would have asked; the authority table decides."""

from __future__ import annotations

import re
from typing import Final

from tradecredit.core.approvals.diagrams import reading

_PROCESS: Final = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?process\b")
_SAID: Final = re.compile(r"""\s+(?:[A-Za-z_][\w.-]*:)?shadow=(?:"[^"]*"|'[^']*')""")
_OURS: Final = re.compile(rf"""xmlns:([A-Za-z_][\w.-]*)=["']{re.escape(reading.OURS)}["']""")


def put(text: str, *, is_shadow: bool) -> str:
    """Return the diagram with its process marked as a shadow, or no longer; everything else stays byte for byte."""
    begins = _PROCESS.search(text)
    if begins is None or reading.read(text).is_shadow == is_shadow:
        return text
    head, rest = text[: begins.end()], text[begins.end() :]
    if not is_shadow:
        end = rest.index(">")
        return head + _SAID.sub("", rest[:end], count=1) + rest[end:]
    prefix = _OURS.search(text)
    if prefix is not None:
        return f'{head} {prefix.group(1)}:shadow="true"{rest}'
    return f'{head} xmlns:tc="{reading.OURS}" tc:shadow="true"{rest}'
