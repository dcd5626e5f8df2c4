"""Where an installation lives, and how a command wakes it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_SETTINGS = "tradecredit.config.settings.production"


@dataclass(frozen=True, slots=True)
class Installation:
    """An embedded installation below a data directory, or an outside database."""

    data_dir: Path
    database_url: str | None

    @classmethod
    def named(cls, *, data_dir: str | None, database_url: str | None) -> Installation:
        """Take the options, then the environment, then ``./data``."""
        directory = data_dir or os.environ.get("TRADECREDIT_DATA_DIR") or _default_directory()
        url = database_url or os.environ.get("DATABASE_URL")
        # A data directory that was named on the command line wins over an address from the environment.
        if data_dir and not database_url:
            url = None
        return cls(Path(directory).resolve(), url or None)

    @contextmanager
    def awake(self, *, as_owner: bool = False, keep_running: bool = False) -> Iterator[None]:
        """Start the embedded server if it does not run, set Django up, and leave things as they were found."""
        from tradecredit.plumbing.postgres.embedded import Embedded

        server, started = None, False
        if self.database_url is None:
            server = Embedded(self.data_dir)
            started = server.ensure_running()
        os.environ["DATABASE_URL"] = self.database_url or (server.url if server else "")
        os.environ["TRADECREDIT_DATA_DIR"] = str(self.data_dir)
        if as_owner:
            os.environ["TRADECREDIT_AS_OWNER"] = "1"
        else:
            os.environ.pop("TRADECREDIT_AS_OWNER", None)
        os.environ.setdefault("TRADECREDIT_SECRET_KEY", self._secret_key())
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
        import django

        django.setup()
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()
            if server is not None and started and not keep_running:
                server.stop()

    def _secret_key(self) -> str:
        path = self.data_dir / "secret-key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text().strip()


def _default_directory() -> str:
    """Return ``data`` here, or /var/lib/tradecredit for root in a folder the database's user cannot enter."""
    from tradecredit.plumbing.postgres import embedded

    here = Path("data").resolve()
    return "data" if here.exists() or embedded.is_reachable(here.parent) else "/var/lib/tradecredit"


def migrate_as_owner(installation: Installation) -> None:
    """Bring the schema up to date in a process of its own, since the running one acts as the application role."""
    _as_owner(installation, "migrate")


def migrate_where_needed(installation: Installation) -> None:
    """Bring the schema up to date unless it is: a server that comes back after a crash is not to wait for that."""
    from tradecredit.plumbing.postgres import migrate

    if not migrate.is_current():
        migrate_as_owner(installation)


def reset_as_owner(installation: Installation) -> None:
    """Empty the database; the process that does it refuses when a real company is in it."""
    _as_owner(installation, "reset")


def _as_owner(installation: Installation, task: str) -> None:
    environment = {
        **os.environ,
        "TRADECREDIT_AS_OWNER": "1",
        "TRADECREDIT_DATA_DIR": str(installation.data_dir),
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "tradecredit.doors.cli.migrating", task],
        env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        raise click.ClickException(f"the database could not be brought up to date:\n{done.stderr[-2000:]}")


def language() -> str:
    """Return the language of the command line: zh when the environment says so, else en."""
    value = os.environ.get("TRADECREDIT_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if value.lower().startswith("zh") else "en"


def system_actor(name: str = "command line") -> Actor:
    """Return the actor of commands: whoever can run them can reach the database anyway."""
    from tradecredit.plumbing.access import Actor

    return Actor.system(name)


def company_named(code: str | None) -> Company:
    """Return the company with the code, or the only (else the first) one; raises click.UsageError."""
    from tradecredit.plumbing import clock
    from tradecredit.plumbing.access.models import Company

    companies: Any = Company.objects.order_by("created_at", "code")
    found = companies.filter(code=code).first() if code else companies.first()
    if found is None:
        known = ", ".join(companies.values_list("code", flat=True)) or "none yet: run `tradecredit setup`"
        raise click.UsageError(
            f"there is no company {code!r}; known: {known}" if code else f"no company; {known}"
        )
    clock.visit(found)
    return found  # type: ignore[no-any-return] # a Company
