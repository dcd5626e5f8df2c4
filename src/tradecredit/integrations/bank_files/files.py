"""The adapter behind the port ``BankFiles``: hands each file to a child process and takes its answer."""

from __future__ import annotations

import json
import select
import selectors
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Self

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.integrations.bank_files import profiles, reading, wire

if TYPE_CHECKING:
    from tradecredit.core.cash_application.statements import BankFile, StatementFile

SECONDS_MAX: Final = 20
_ANSWER_BYTES_MAX: Final = 256 * 1024 * 1024
_LENGTH: Final = struct.Struct(">I")
_PIECE: Final = 1 << 20
# What a pipe that says it is ready takes without blocking.
_PIPE_TAKES: Final = select.PIPE_BUF


class BankFilesInAChild:
    """Reads bank files; ``folder`` holds the column profiles of the installation."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def read(self, file: BankFile) -> StatementFile:
        """Read one file; raises UnableToReadBankFileError."""
        with Child(self._own_profiles()) as child:
            return child.read(file)

    def session(self) -> Child:
        """Return a child process that reads many files; a context manager."""
        return Child(self._own_profiles())

    def profiles(self) -> dict[str, Words]:
        """Return the names and titles of the column profiles that can be named."""
        shipped = {name: profile.title for name, profile in profiles.shipped().items()}
        own = {name: profiles.parse(text, source=name).title for name, text in self._own_profiles().items()}
        return {**shipped, **own}

    def _own_profiles(self) -> dict[str, str]:
        if self._folder is None or not self._folder.is_dir():
            return {}
        return {path.stem: path.read_text(encoding="utf-8") for path in sorted(self._folder.glob("*.yaml"))}


class Child:
    """One child process, which may read many files one after the other; a context manager."""

    def __init__(self, own_profiles: dict[str, str] | None = None) -> None:
        self._own_profiles = own_profiles or {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def peak_mb(self) -> int:
        """Return how much memory the running child has held at most, 0 where the system does not tell."""
        status = Path(f"/proc/{self._process.pid}/status") if self._process else Path()
        if not status.is_file():
            return 0
        lines = (line.split() for line in status.read_text(encoding="ascii").splitlines())
        return next((int(words[1]) // 1024 for words in lines if words[0] == "VmHWM:"), 0)

    def end(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def read(self, file: BankFile, *, seconds: int = SECONDS_MAX) -> StatementFile:
        """Read one file; raises UnableToReadBankFileError, also when the child died or took too long."""
        if len(file.data) > reading.FILE_BYTES_MAX:
            raise _refused("large")
        if self._process is None:
            self._process = _start()
        head = {
            "name": file.name,
            "profile": file.profile,
            "account": file.account,
            "currency": file.currency,
            "profiles": self._own_profiles,
        }
        try:
            answer = _exchange(
                self._process, [json.dumps(head).encode(), file.data], deadline=time.monotonic() + seconds
            )
        except (TimeoutError, EOFError, BrokenPipeError) as error:
            self.end()
            raise _refused("slow" if isinstance(error, TimeoutError) else "died") from error
        return _understood(answer)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-m", "tradecredit.integrations.bank_files.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONHASHSEED": "0", "LANG": "C.UTF-8"},
        close_fds=True,
        bufsize=0,
    )


def _exchange(process: subprocess.Popen[bytes], frames: list[bytes], *, deadline: float) -> bytes:
    """Write the frames and read one; raises TimeoutError, EOFError, BrokenPipeError."""
    source, target = process.stdout, process.stdin
    if source is None or target is None:
        raise RuntimeError("the child has both pipes")
    waiting = memoryview(b"".join(_LENGTH.pack(len(frame)) + frame for frame in frames))
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        selector.register(target, selectors.EVENT_WRITE)
        while not _is_whole(answer):
            left = deadline - time.monotonic()
            ready = selector.select(left) if left > 0 else []
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                if key.fileobj is source:
                    answer += _received(source)
                else:
                    waiting = waiting[target.write(waiting[:_PIPE_TAKES]) or 0 :]
                    if not waiting:
                        selector.unregister(target)
    return bytes(answer[_LENGTH.size :])


def _received(source: IO[bytes]) -> bytes:
    piece = source.read(_PIECE)
    if not piece:
        raise EOFError
    return piece


def _is_whole(answer: bytearray) -> bool:
    if len(answer) < _LENGTH.size:
        return False
    (length,) = _LENGTH.unpack(bytes(answer[: _LENGTH.size]))
    if length > _ANSWER_BYTES_MAX:
        raise EOFError
    return len(answer) >= _LENGTH.size + int(length)


def _understood(answer: bytes) -> StatementFile:
    document: dict[str, Any] = json.loads(answer)
    refused = document.get("refused")
    if refused:
        raise UnableToReadBankFileError(Words(zh=refused["zh"], en=refused["en"]), **refused["facts"])
    return wire.load(document["file"])


def _refused(why: str) -> UnableToReadBankFileError:
    return UnableToReadBankFileError(_REFUSALS[why], cause=why)


_REFUSALS: Final = {
    "large": Words(
        zh=f"文件过大（上限 {reading.FILE_BYTES_MAX:,} 字节）。请按月拆分后再导入。",
        en=f"The file is too large (at most {reading.FILE_BYTES_MAX:,} bytes). Split it by month.",
    ),
    "slow": Words(
        zh="读取文件超时，已停止。请拆分文件，或核实其来源。",
        en="Reading the file took too long and was stopped. Split it, or make sure where it comes from.",
    ),
    "died": Words(
        zh="读取该文件需要过多内存或时间，已停止。请拆分文件，或核实其来源。",
        en="Reading the file needed too much memory or time and was stopped. Split it, or make sure where it comes from.",
    ),
}
