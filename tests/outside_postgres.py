"""Start or stop a throw-away PostgreSQL 15 of the distribution, to test against an outside server."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tradecredit.plumbing.postgres import embedded

BASE = Path(tempfile.gettempdir()) / "tradecredit-postgres-15"
BINARIES = Path("/usr/lib/postgresql/15/bin")


def main() -> None:
    embedded.binaries_dir = lambda: BINARIES  # type: ignore[assignment] # this server only
    server = embedded.Embedded(BASE, is_durable=False)
    if sys.argv[1] == "start":
        server.ensure_running()
        sys.stdout.write(server.url)
    else:
        server.stop()
        shutil.rmtree(BASE, ignore_errors=True)


if __name__ == "__main__":
    main()
