"""A position in the tokens, with what every part of the parser needs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tradecredit.core.feel import lexer, tree
from tradecredit.core.feel.parser import vocabulary as vocabularies
from tradecredit.core.feel.parser.vocabulary import Names, Vocabulary
from tradecredit.core.feel.run import Place, UnableToParseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tradecredit.core.feel.lexer import Token

DEEPEST = 60
LONGEST_CHAIN = 200
_STEPS_PER_TOKEN = 40
_FREE_STEPS = 2_000

KEYWORDS = frozenset(
    (
        "and",
        "or",
        "in",
        "between",
        "then",
        "else",
        "return",
        "satisfies",
        "instance",
        "of",
        "if",
        "for",
        "some",
        "every",
        "function",
        "external",
        "true",
        "false",
        "null",
        "not",
    )
)


class Cursor:
    """The tokens of one text; subclasses add the grammar, piece by piece."""

    def __init__(self, text: str, *, names: Names, vocabulary: Vocabulary) -> None:
        self.text = text
        self.tokens = lexer.tokens(text)
        self.at = 0
        self.names = names
        self.types = vocabulary.types
        self.members = vocabularies.shared(vocabulary.members).extended()
        self.depth = 0
        self.steps_left = _FREE_STEPS + _STEPS_PER_TOKEN * len(self.tokens)

    @property
    def token(self) -> Token:
        """The token that is to be read next."""
        return self.tokens[self.at]

    def peek(self, ahead: int) -> Token:
        """Return a later token, the end beyond the last."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def next(self) -> Token:
        """Read a token; raises UnableToParseError when the text has been gone over too often."""
        self.steps_left -= 1
        if self.steps_left < 0:
            raise UnableToParseError("too_hard", text=self.text, start=self.token.start, end=len(self.text))
        found = self.tokens[self.at]
        if found.kind != "end":
            self.at += 1
        return found

    def is_sign(self, *signs: str) -> bool:
        """Return whether the next token is one of these signs."""
        return self.token.kind == "sign" and self.token.text in signs

    def is_word(self, *words: str) -> bool:
        """Return whether the next token is one of these words."""
        return self.token.kind == "word" and self.token.text in words

    def take_sign(self, *signs: str) -> bool:
        """Read the next token if it is one of these signs."""
        if self.is_sign(*signs):
            self.next()
            return True
        return False

    def expect(self, text: str) -> Token:
        """Read this sign or word; raises UnableToParseError when something else stands here."""
        if self.token.kind not in {"sign", "word"} or self.token.text != text:
            raise self.unexpected(f"“{text}”")
        return self.next()

    def unexpected(self, expected: str) -> UnableToParseError:
        """Return the error for what stands here."""
        code = "unexpected_end" if self.token.kind == "end" else "unexpected_text"
        return UnableToParseError(
            code,
            text=self.text,
            start=self.token.start,
            end=self.token.end,
            expected=expected,
            **({"found": self.token.text[:40]} if code == "unexpected_text" else {}),
        )

    def place(self, start: int) -> Place:
        """Return the place from an offset to the end of what was read last."""
        return Place(self.text, start, max(start, self.tokens[self.at - 1].end if self.at else start))

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Go one level down; raises UnableToParseError when that is too deep."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnableToParseError(
                "too_deep", text=self.text, start=self.token.start, end=self.token.end, limit=str(DEEPEST)
            )
        try:
            yield
        finally:
            self.depth -= 1

    @contextmanager
    def knowing(self, names: Iterable[str]) -> Iterator[None]:
        """Read a part in which more names are known."""
        before = self.names
        self.names = Names.of(names, outer=before)
        try:
            yield
        finally:
            self.names = before

    @contextmanager
    def knowing_members(self) -> Iterator[None]:
        """Read a filter's condition, in which entries of the items may be named directly."""
        before = self.names
        self.names = self.members.extended(before)
        try:
            yield
        finally:
            self.names = before

    def learn_member(self, name: str) -> None:
        """Remember an entry's name, for paths further on."""
        self.members.add(name)

    def longest_known(self, names: Names) -> tuple[int, str]:
        """Return how many tokens the longest known name here has, and its spelling; (0, "") when there is none."""
        longest, spelling = 0, ""
        for words, name in names.candidates(self.token.text):
            if len(words) > longest and all(
                self.peek(index).text == word and self.peek(index).kind != "text"
                for index, word in enumerate(words)
            ):
                longest, spelling = len(words), name
        return longest, spelling

    def name(self, names: Names) -> str:
        """Read a name: the longest known one, or all words that stand side by side."""
        if self.token.kind != "word":
            raise self.unexpected("a name / 名称")
        length, spelling = self.longest_known(names)
        if length and not self._is_plain_word(length):
            for _ in range(length):
                self.next()
            return spelling
        parts = [self.next().text]
        while self._is_plain_word(0):
            parts.append(self.next().text)
        return " ".join(parts)

    def _is_plain_word(self, ahead: int) -> bool:
        token = self.peek(ahead)
        return token.kind == "number" or (token.kind == "word" and token.text not in KEYWORDS)

    def name_until(self, *stops: str) -> str:
        """Read the words of a new name up to one of these signs or words."""
        start = self.token
        parts: list[str] = []
        while self.token.kind != "end" and self.token.text not in stops:
            if self.token.kind == "text" or self.is_sign("(", ")", "[", "]", "{", "}", ",", ":", "="):
                raise self.unexpected("a name / 名称")
            parts.append(self.next().text)
        if not parts or start.kind != "word":
            raise self.unexpected("a name / 名称")
        # The spelling is the source's, with runs of white space as one space.
        return " ".join(self.text[start.start : self.tokens[self.at - 1].end].split())

    def expression(self) -> tree.Node:
        """Read an expression; the grammar above gives this its meaning."""
        raise NotImplementedError
