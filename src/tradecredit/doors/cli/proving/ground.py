"""A throw-away installation for proofs: durable, with its own server, gone when the proof is over."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from uuid import UUID

    from tradecredit.flows.rehearsal.fill_books import Owner, Pattern
    from tradecredit.plumbing.access.models import Company
    from tradecredit.plumbing.postgres.embedded import Embedded

COMPANY_CODE: Final = "PROOF"
ADMIN: Final = "proof@example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The installation on which a proof stands."""

    data_dir: Path
    server: Embedded
    company: Company
    pattern: Pattern
    token: str

    @property
    def company_id(self) -> UUID:
        """The identifier of the only company."""
        return self.pattern.company_id

    @contextmanager
    def owner(self) -> Iterator[Owner]:
        """Open a connection of the owner."""
        import psycopg

        from tradecredit.flows.rehearsal.fill_books import Owner

        with psycopg.connect(self.server.url) as connection:
            yield Owner(connection)


@contextmanager
def throw_away(*, customers: int, limit: str, pack: str = "five-pillars") -> Iterator[Ground]:
    """Make a durable installation with so many customers of that line each; removed at the end.

    The process (and its children) run in the environment ``proof`` meanwhile, which alone admits failpoints.
    """
    base = Path(tempfile.mkdtemp(prefix="tradecredit-proof-"))
    base.chmod(0o755)
    os.environ["TRADECREDIT_ENVIRONMENT"] = "proof"
    # Whatever installation the environment names, a proof never touches it.
    for name in ("DATABASE_URL", "TRADECREDIT_DATA_DIR", "TRADECREDIT_SECRET_KEY"):
        os.environ.pop(name, None)
    installation = installations.Installation(base, None)
    try:
        say("a throw-away installation: database, tables …")
        with _ended_in_order(), installation.awake():
            installations.migrate_as_owner(installation)
            yield _filled(base, customers=customers, limit=limit, pack=pack)
    finally:
        shutil.rmtree(base, ignore_errors=True)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a proof that is told to stop take its server and its folder with it."""
    mine = os.getpid()

    def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        # A child that was forked has neither.
        if os.getpid() != mine:
            os._exit(128 + signum)
        sys.exit(128 + signum)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def say(text: str) -> None:
    """Tell how far a proof is, on standard error."""
    click.echo(text, err=True)


def _filled(base: Path, *, customers: int, limit: str, pack: str) -> Ground:
    import psycopg

    from tradecredit.flows import ports, set_up_company
    from tradecredit.flows.rehearsal import fill_books
    from tradecredit.plumbing.postgres.embedded import Embedded

    made = set_up_company.set_up_company(
        name="示例验证有限公司",
        code=COMPANY_CODE,
        admin_email=ADMIN,
        document=ports.find(ports.PolicyPacks).load_pack(pack),
        valid_from=date(2000, 1, 1),
    )
    token = set_up_company.create_token(email=ADMIN, role="integration", days=1)
    server = Embedded(base)
    actor = installations.system_actor("proof")
    with psycopg.connect(server.url) as connection:
        owner: Any = fill_books.Owner(connection)
        pattern = fill_books.lay_pattern(company=made.company, owner=owner, actor=actor, limit=limit)
        say(f"{customers} customers …")
        fill_books.copy_customers(owner, pattern=pattern, count=customers)
    return Ground(data_dir=base, server=server, company=made.company, pattern=pattern, token=token)
