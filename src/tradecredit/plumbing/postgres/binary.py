"""Parameters in the database's own binary form: many values in one array cost neither side any reading of text."""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEXT, _UUID, _DATE, _MOMENT, _INTEGER, _JSONB = 25, 2950, 1082, 1184, 23, 3802
# An element's type, the type of its arrays.
_TEXTS, _UUIDS, _DATES = (25, 1009), (2950, 2951), (1082, 1182)
_BIGS, _SMALLS, _FLAGS = (20, 1016), (21, 1005), (16, 1000)
_HEAD: Final = struct.Struct(">iiiii")
_NOTHING: Final = b"\xff\xff\xff\xff"
_OF_SIXTEEN: Final = b"\x00\x00\x00\x10"
_BIG, _SMALL, _DAY = struct.Struct(">iq"), struct.Struct(">ih"), struct.Struct(">ii")
_YES, _NO = b"\x00\x00\x00\x01\x01", b"\x00\x00\x00\x01\x00"
_LENGTH: Final = struct.Struct(">i")
_FIRST_DAY: Final = date(2000, 1, 1).toordinal()
_FIRST_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Parameter(NamedTuple):
    """One parameter: its type's number and its value in binary; None is NULL."""

    type: int
    value: bytes | None


def uuids(values: Sequence[bytes]) -> Parameter:
    """Return identifiers of sixteen bytes each."""
    filling = _OF_SIXTEEN + _OF_SIXTEEN.join(values) if values else b""
    return _array(_UUIDS, len(values), filling)


def texts(values: Sequence[str | None]) -> Parameter:
    """Return any texts; None is NULL."""
    parts: list[bytes] = []
    for value in values:
        if value is None:
            parts.append(_NOTHING)
        else:
            encoded = value.encode()
            parts += (_LENGTH.pack(len(encoded)), encoded)
    return _array(_TEXTS, len(values), b"".join(parts))


def bigs(values: Sequence[int | None]) -> Parameter:
    """Return whole numbers of eight bytes; None is NULL."""
    pack = _BIG.pack
    return _array(
        _BIGS, len(values), b"".join([_NOTHING if value is None else pack(8, value) for value in values])
    )


def smalls(values: Sequence[int | None]) -> Parameter:
    """Return whole numbers of two bytes; None is NULL."""
    pack = _SMALL.pack
    return _array(
        _SMALLS, len(values), b"".join([_NOTHING if value is None else pack(2, value) for value in values])
    )


def flags(values: Sequence[bool]) -> Parameter:
    """Return truths."""
    return _array(_FLAGS, len(values), b"".join([_YES if value else _NO for value in values]))


def days(values: Sequence[date]) -> Parameter:
    """Return days."""
    pack = _DAY.pack
    return _array(
        _DATES, len(values), b"".join([pack(4, value.toordinal() - _FIRST_DAY) for value in values])
    )


def text(value: str) -> Parameter:
    """Return one text."""
    return Parameter(_TEXT, value.encode())


def integer(value: int) -> Parameter:
    """Return one whole number of four bytes."""
    return Parameter(_INTEGER, _LENGTH.pack(value))


def uuid(value: bytes) -> Parameter:
    """Return one identifier."""
    return Parameter(_UUID, value)


def day(value: date) -> Parameter:
    """Return one day."""
    return Parameter(_DATE, _LENGTH.pack(value.toordinal() - _FIRST_DAY))


def moment(value: datetime) -> Parameter:
    """Return one moment; it must know its time zone."""
    passed = value - _FIRST_MOMENT
    counted = (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
    return Parameter(_MOMENT, struct.pack(">q", counted))


def jsonb(document: str | None) -> Parameter:
    """Return one JSON document; None is NULL."""
    # The leading byte is the version of the form.
    return Parameter(_JSONB, None if document is None else b"\x01" + document.encode())


def _array(types: tuple[int, int], count: int, filling: bytes) -> Parameter:
    element, whole = types
    if not count:
        return Parameter(whole, struct.pack(">iii", 0, 0, element))
    return Parameter(whole, _HEAD.pack(1, 0, element, count, 1) + filling)
