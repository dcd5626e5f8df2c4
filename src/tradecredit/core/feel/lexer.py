"""From text to tokens with their places."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tradecredit.core.feel.run import UnableToParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 50_000

# What FEEL allows in a name: letters of every script (so Chinese), digits after the first, and symbols such as emoji.
_LETTER = (
    r"?_A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_TOKEN = re.compile(
    rf"""
      (?P<space>[\s\ufeff\u180e]+ | //[^\n\r]* | /\*.*?\*/)
    | (?P<number>(?:[0-9]+(?:\.(?!\.)[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[{_LETTER}][{_LETTER}0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<sign>\.\.|\*\*|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.@'])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: ``kind`` is word, number, text, sign or end."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """Cut a text into tokens, the last one of kind ``end``; raises UnableToParseError with the place."""
    if len(text) > LONGEST:
        raise UnableToParseError("too_long", text=text, limit=str(LONGEST))
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _unreadable(text, position)
        kind = found.lastgroup or ""
        if text.startswith("/*", position) and kind != "space":
            raise UnableToParseError("unclosed_comment", text=text, start=position, end=len(text))
        if kind != "space":
            yield Token(kind, found.group(), position, found.end())
        position = found.end()
    yield Token("end", "", len(text), len(text))


def _unreadable(text: str, position: int) -> UnableToParseError:
    if text[position] == '"':
        return UnableToParseError("unclosed_text", text=text, start=position, end=len(text))
    return UnableToParseError(
        "unknown_sign", text=text, start=position, end=position + 1, found=text[position]
    )


def unquoted(token_text: str) -> str:
    """Return what a quoted text says: known escapes are resolved, others keep their backslash."""
    body = token_text[1:-1]
    if "\\" not in body:
        return body
    plain = _ESCAPE.sub(_unescaped, body)
    # Two escapes of a surrogate pair are one character.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(found: re.Match[str]) -> str:
    if found[1] or found[2]:
        code = int(found[1] or found[2], 16)
        return chr(code) if code <= sys.maxunicode else "\ufffd"
    return _PLAIN_ESCAPES.get(found[3], found[0])


@lru_cache(maxsize=16_384)
def words_of(name: str) -> tuple[str, ...]:
    """Return the texts of a name's tokens, by which names are recognised: ``("Days", "overdue")``."""
    try:
        return tuple(token.text for token in tokens(name) if token.kind != "end")
    except UnableToParseError:
        return ()
