"""The ways in which providers go wrong: seen in practice, or to be feared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.dossier.bureau.answers import Act

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from tradecredit.integrations.bureaus.descriptions import Description

FAULTS: Final = ("timeout", "busy", "quota", "denied", "code", "garbage", "types", "missing", "short")
_GARBAGE: Final = (
    b"",
    b"<html><body>502 Bad Gateway</body></html>",
    b'{"error_code": 0, "result": {"items": [',
    b"null",
    b"[1,2,3]",
    b'"ok"',
    b"\xff\xfe\x00garbage",
    b'{"error_code": NaN}',
    b'{"unexpected": true}',
    b'{"a":' * 60 + b"1" + b"}" * 60,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeReply:
    """What the fake sends back; ``is_silent`` means that it never answers."""

    status: int = 200
    body: bytes = b""
    is_silent: bool = False


def spoil(
    fault: str, *, document: dict[str, Any], description: Description, dice: random.Random
) -> FakeReply:
    """Return the answer as the fault makes it."""
    if fault == "timeout":
        return FakeReply(is_silent=True)
    if fault == "busy":
        return FakeReply(status=dice.choice((429, 500, 502, 503, 504)), body=b"busy")
    if fault == "garbage":
        return FakeReply(body=dice.choice(_GARBAGE))
    if fault in ("quota", "denied", "code"):
        document = _coded(document, description, fault, dice)
    else:
        _SPOILERS[fault](document, description, dice)
    return FakeReply(body=json.dumps(document, ensure_ascii=False).encode())


def _coded(
    document: dict[str, Any], description: Description, fault: str, dice: random.Random
) -> dict[str, Any]:
    wanted = {"quota": (Act.QUOTA,), "denied": (Act.STOPPED,)}.get(
        fault, (Act.RETRY, Act.REFUSED, Act.QUOTA, Act.STOPPED)
    )
    code = dice.choice([code for code, known in description.codes.items() if known.act in wanted])
    said = {description.code: code, description.message: description.codes[code].words.zh}
    return document | said | {description.result: None}


def _changed_types(document: dict[str, Any], description: Description, dice: random.Random) -> None:
    """Send the same with other types: the code as text, a total as text, the result as a text that holds JSON."""
    document[description.code] = str(document[description.code])
    result = document.get(description.result)
    if not isinstance(result, dict):
        return
    for key in ("total", "VerifyResult"):
        if key in result:
            result[key] = str(result[key])
    if dice.random() < 0.5:
        document[description.result] = json.dumps(result, ensure_ascii=False)


def _missing(document: dict[str, Any], description: Description, dice: random.Random) -> None:
    """Leave out most fields of one item, or turn it into something that is no item."""
    for items in _lists(document.get(description.result)):
        if items:
            items[dice.randrange(len(items))] = dice.choice(({}, None, 7, "…", [], {"id": 1}))


def _short(document: dict[str, Any], description: Description, dice: random.Random) -> None:
    """Send fewer items than are announced."""
    for items in filter(None, _lists(document.get(description.result))):
        del items[dice.randrange(len(items)) :]


def _lists(value: Any) -> list[list[Any]]:
    if not isinstance(value, dict):
        return []
    return [one for one in value.values() if isinstance(one, list)] + [
        inner for one in value.values() if isinstance(one, dict) for inner in _lists(one)
    ]


_SPOILERS: Final[Mapping[str, Callable[[dict[str, Any], Description, random.Random], None]]] = {
    "types": _changed_types,
    "missing": _missing,
    "short": _short,
}
