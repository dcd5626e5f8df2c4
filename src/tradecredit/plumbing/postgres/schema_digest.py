"""What the schema of this version is made of, as a digest kept with the database: equal digests need no migration."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.utils import CursorWrapper

_PACKAGE: Final = Path(__file__).parents[2]
# Files that a migration or a guard reads: models say what is guarded and how.
_PATTERNS: Final = (
    "**/migrations/*.py",
    "**/*models.py",
    "**/sql/*.sql",
    "plumbing/guards.py",
    "plumbing/rows.py",
)
_BESIDE: Final = ("django", "django-allauth", "django-axes", "procrastinate")


def of_code(package: Path = _PACKAGE) -> str:
    """Return the digest of everything that makes the schema: our files, and the versions of others' migrations."""
    found = hashlib.sha256()
    for path in _files(package):
        found.update(f"{path.relative_to(package).as_posix()}\n".encode())
        found.update(path.read_bytes())
    for name in _BESIDE:
        found.update(f"{name} {metadata.version(name)}\n".encode())
    return found.hexdigest()


def of_database(cursor: CursorWrapper) -> str | None:
    """Return the digest of the schema that the database was brought to last; None where that is not known."""
    cursor.execute("SELECT obj_description(to_regclass('public.django_migrations'))")
    row = cursor.fetchone()
    return row[0] if row else None


def forget(cursor: CursorWrapper) -> None:
    """Let the database's schema be unknown: before it is changed."""
    cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
    if cursor.fetchone()[0]:
        cursor.execute("COMMENT ON TABLE public.django_migrations IS NULL")


def keep(cursor: CursorWrapper) -> None:
    """Note that the database has the schema of this version."""
    cursor.execute(f"COMMENT ON TABLE public.django_migrations IS '{of_code()}'")


def _files(package: Path) -> Iterator[Path]:
    yield from sorted({path for pattern in _PATTERNS for path in package.glob(pattern)})
