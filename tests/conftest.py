"""The suite's database: one throw-away server a run, one template, one clone a worker (and a race)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg.conninfo import conninfo_to_dict, make_conninfo

import conftest_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_ROOM = 6_000_000_000
ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("TRADECREDIT_SECRET_KEY", "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz")


# Whether a machine is slow says nothing of the code: no property is measured by a clock.
settings.register_profile("house", deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.load_profile("house")


def _folder_in_memory() -> Path | None:
    """Return a folder in memory with room for the suite's databases, if this machine has one."""
    found = Path("/dev/shm")  # noqa: S108 - each run makes a folder of its own in it
    is_there = found.is_dir() and os.access(found, os.W_OK)
    return found if is_there and shutil.disk_usage(found).free > _ROOM else None


def _with_database(url: str, name: str) -> str:
    return make_conninfo(**{**conninfo_to_dict(url), "dbname": name})


def _schema_digest() -> str:
    """Name a template by what makes it, so that a development server can keep it between runs."""
    import hashlib

    digest = hashlib.sha256()
    package = ROOT / "src" / "tradecredit"
    for pattern in ("**/migrations/*.py", "**/models.py", "**/sql/*.sql", "plumbing/guards.py"):
        for path in sorted(package.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Server:
    """A PostgreSQL server for tests: an outside one, or an embedded one without fsync."""

    def __init__(self, base: Path) -> None:
        from tradecredit.plumbing.postgres.embedded import Embedded

        self.embedded: Embedded | None = None
        # Only databases of the suite's own (tc_…) are made and dropped there.
        outside = os.environ.get("TRADECREDIT_TEST_DATABASE_URL") or os.environ.get("DATABASE_URL")
        if outside:
            self.url = outside
        else:
            self.embedded = Embedded(base, is_durable=False)
            self.embedded.ensure_running()
            self.url = self.embedded.url
        self.template = f"tc_template_{_schema_digest()}"

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(_with_database(self.url, "postgres"), autocommit=True)

    def make_template(self) -> None:
        with self.admin() as connection:
            # Whoever needs another template does not wait for this one.
            connection.execute("SELECT pg_advisory_lock(77, hashtext(%s))", [self.template])
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [self.template]
            ).fetchone()
            if found:
                return
            building = f"{self.template}_building"
            connection.execute(f"DROP DATABASE IF EXISTS {building}")
            connection.execute(f"CREATE DATABASE {building}")
            done = subprocess.run(
                [sys.executable, "-m", "tradecredit.doors.cli.migrating"],
                env={
                    **os.environ,
                    "DATABASE_URL": _with_database(self.url, building),
                    "DJANGO_SETTINGS_MODULE": "tradecredit.config.settings.test",
                },
                check=False,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                pytest.exit(
                    f"the test database could not be built:\n{done.stdout}\n{done.stderr}", returncode=3
                )
            connection.execute(f"ALTER DATABASE {building} RENAME TO {self.template}")

    def address_of(self, name: str) -> str:
        return _with_database(self.url, name)

    def clone(self, template: str | None = None) -> str:
        name = f"tc_test_{uuid4().hex[:12]}"
        with self.admin() as connection:
            connection.execute("SELECT pg_advisory_lock(78)")
            # Copied as files: ten times faster than through the log, for a server that need not survive.
            connection.execute(
                f"CREATE DATABASE {name} TEMPLATE {template or self.template} STRATEGY file_copy"
            )
        return name

    def drop(self, name: str) -> None:
        with self.admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server a worker process; without xdist one a run."""
    base = Path(tempfile.mkdtemp(prefix="tc-test-", dir=_folder_in_memory()))
    base.chmod(0o755)
    found = Server(base)
    found.make_template()
    yield found
    if found.embedded is not None:
        found.embedded.stop()
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(server: Server, django_db_blocker) -> Iterator[None]:
    """Replace Django's test database by a clone of our template, used as the application role."""
    name = server.clone()
    with django_db_blocker.unblock():
        conftest_database.point_django_at(server, name)
    yield
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()
    server.drop(name)


@pytest.fixture(scope="session")
def worlds(server: Server, django_db_setup, django_db_blocker) -> Iterator[conftest_database.Worlds]:
    """Worlds built once a worker; tests that share one name an xdist_group, so that one worker builds it."""
    found = conftest_database.Worlds(server, django_db_blocker)
    yield found
    found.drop()


@pytest.fixture
def own_database(server: Server, django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database of the test's own, for races and commits; everything in it is really committed."""
    name = server.clone()
    with django_db_blocker.unblock(), conftest_database.pointed_at(server, name):
        yield _with_database(server.url, name)
    server.drop(name)


@pytest.fixture(autouse=True)
def _no_visit_outlasts_its_test() -> Iterator[None]:
    """Commands called in this process visit sandbox companies; the next test starts on the real day."""
    from tradecredit.plumbing import clock

    with clock.visits():
        yield


@pytest.fixture
def system_actor() -> Actor:
    """The system itself."""
    from tradecredit.plumbing.access import Actor

    return Actor.system("test")


@pytest.fixture
def company(db) -> Company:
    """A sandbox company 示例机电 on 2026-03-02."""
    from factories import companies

    return companies.company()


@pytest.fixture
def shared_data() -> Path:
    """The folder with real data; a clone without it skips these tests."""
    found = Path(os.environ.get("TRADECREDIT_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not found.is_dir():
        pytest.skip("no shared data folder here: set TRADECREDIT_SHARED_DATA to run the tests on real data")
    return found
