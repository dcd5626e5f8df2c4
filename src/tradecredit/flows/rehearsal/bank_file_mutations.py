"""Break bank files as transfers, editors and attackers do; everything from one seeded source of chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    Mutation = Callable[[random.Random, bytes], bytes]

_LARGEST: Final = 400_000
_TOKENS: Final = (
    *tuple(
        token.encode()
        for token in (
            *(
                "<!DOCTYPE x [<!ENTITY y 'z'>]>",
                "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
                "&y;",
                "&#0;",
                "&#x110000;",
            ),
            *(
                "<![CDATA[",
                "]]>",
                "<Ntry>",
                "</Stmt>",
                "<a>" * 500,
                "</STMTTRN>",
                "<STMTRS>",
                "<OFX>",
                "</OFX>",
            ),
            *(
                "NaN",
                "1E999999",
                "-0",
                "+",
                "9" * 60,
                "0." + "0" * 60 + "1",
                "1,2,3.4.5",
                "∞",
                "１２３",
                "٣",
                "--5",
                "()",
            ),
            *(
                "\r\n:61:",
                "\r\n:20:",
                "\r\n:62F:",
                "\r\n-",
                "{4:",
                "?20",
                "?99",
                "//",
                "88,",
                "99,0,0,0/",
                "16,",
                "49,,/",
            ),
            *(
                "=cmd|' /C calc'!A0",
                '"',
                "'",
                ";",
                "\t",
                "，",
                "\x00",
                "\ufeff",
                "\u202e",
                "\ud7ff",
                "😀",
                "贷",
                "借",
                "合计",
            ),
            *("2026-02-30", "99999999", "00000000", "1/2/3", "12月31日", "EUR", "eur", "¥", "$", "XYZ9"),
        )
    ),
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x80",
    b"\xff" * 40,
    b"\x1a",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)
_ENCODINGS: Final = ("utf-16", "utf-16-le", "utf-16-be", "gb18030", "latin-1", "utf-8-sig", "big5", "utf-7")
_ROUNDS: Final = (1, 1, 1, 2, 3, 6, 12)


def mutate(chance: random.Random, seed: bytes, others: Sequence[bytes]) -> bytes:
    """Return the file after one or several mutations; ``others`` lend pieces."""
    data = seed
    for _ in range(chance.choice(_ROUNDS)):
        if chance.randrange(12) == 0:
            data = _splice(chance, data, chance.choice(others))
        else:
            data = chance.choice(_MUTATIONS)(chance, data)
        data = data[:_LARGEST]
    return data


def change_digit(chance: random.Random, data: bytes, around: str) -> bytes:
    """Return the file with one digit of the amount in ``around`` (which stands there once) replaced by another."""
    place = data.index(around.encode())
    inside = [place + n for n, char in enumerate(around) if char.isdigit()]
    # The code of a record is not its amount.
    at = chance.choice(inside[5:] if around.startswith("16,") else inside)
    other = chance.choice([digit for digit in b"0123456789" if digit != data[at]])
    return data[:at] + bytes([other]) + data[at + 1 :]


def _cut(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    length = chance.choice((1, 1, 2, 5, 20, 100, 1000))
    return start, min(len(data), start + chance.randrange(length + 1))


def _flip(chance: random.Random, data: bytes) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _replace(chance: random.Random, data: bytes) -> bytes:
    start, end = _cut(chance, data)
    return data[:start] + bytes(chance.randrange(256) for _ in range(min(end - start, 50))) + data[end:]


def _delete(chance: random.Random, data: bytes) -> bytes:
    start, end = _cut(chance, data)
    return data[:start] + data[end:]


def _double(chance: random.Random, data: bytes) -> bytes:
    start, end = _cut(chance, data)
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 10, 200)) + data[end:]


def _insert(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_TOKENS) * chance.choice((1, 1, 1, 3, 50)) + data[at:]


def _truncate(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _swap_lines(chance: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _renumber(chance: random.Random, data: bytes) -> bytes:
    digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]  # noqa: PLR2004 - the digits of ASCII
    if not digits:
        return data
    at = chance.choice(digits)
    return data[:at] + str(chance.randrange(10 ** chance.choice((1, 3, 20)))).encode() + data[at + 1 :]


def _recode(chance: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", errors="replace")
    return text.encode(chance.choice(_ENCODINGS), errors="replace")


def _splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


_MUTATIONS: Final[tuple[Mutation, ...]] = (
    *(
        _flip,
        _replace,
        _delete,
        _double,
        _insert,
        _insert,
        _truncate,
        _swap_lines,
        _renumber,
        _renumber,
        _recode,
    ),
)
