"""The process in which bank files are read: little memory, little time, no way to the books.

It reads frames from standard input (length, JSON head, length, file) and answers each with one frame.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from tradecredit.core.cash_application.statements import BankFile
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.integrations.bank_files import profiles, reading, wire

if TYPE_CHECKING:
    from tradecredit.integrations.bank_files.profiles import Profile

MEMORY_MAX: Final = 1024**3
CPU_SECONDS_MAX: Final = 10
_LENGTH: Final = struct.Struct(">I")


def main() -> None:
    """Answer frames until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (head := read_frame(source)) is not None:
        data = read_frame(source)
        _allow_seconds(CPU_SECONDS_MAX)
        write_frame(target, _answer(json.loads(head), data or b""))
        target.flush()


def read_frame(source: BinaryIO) -> bytes | None:
    """Return the next frame, None at the end."""
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = source.read(length)
    return data if len(data) == length else None


def write_frame(target: BinaryIO, data: bytes) -> None:
    """Write one frame."""
    target.write(_LENGTH.pack(len(data)) + data)


def _allow_seconds(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _answer(head: dict[str, Any], data: bytes) -> bytes:
    try:
        known = _profiles(head["profiles"])
        file = BankFile(
            name=head["name"],
            data=data,
            profile=head["profile"],
            account=head["account"],
            currency=head["currency"],
        )
        return b'{"file":' + wire.dump(reading.read(file, profiles=known)) + b"}"
    except UnableToReadBankFileError as error:
        refusal = {"zh": error.words.zh, "en": error.words.en, "facts": error.facts}
    except (MemoryError, RecursionError):
        words = Words(
            zh="文件内容过大或嵌套过深，未读取。请拆分后再导入。",
            en="The file holds too much, or is nested too deeply, and was not read. Split it.",
        )
        refusal = {"zh": words.zh, "en": words.en, "facts": {}}
    return json.dumps({"refused": refusal}).encode()


def _profiles(texts: dict[str, str]) -> dict[str, Profile]:
    own = [profiles.parse(text, source=name) for name, text in texts.items()]
    return {**profiles.shipped(), **{profile.name: profile for profile in own}}


if __name__ == "__main__":
    main()
