"""One run of a benchmark: its installation, its server, its rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.doors.cli.bench import load, pgbench
from tradecredit.doors.cli.proving import serving_child

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.doors.cli.bench.load import Load
    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.serving_child import WebChild


@dataclass(slots=True)
class Bench:
    """One run: the installation, its server, how long each round takes."""

    place: Ground
    web: WebChild
    seconds: float
    is_long: bool
    marks: int = 0

    def mark(self) -> str:
        """Return a mark that no round before has used, for references and keys."""
        self.marks += 1
        return f"B{self.marks}"

    def run(self, request: Callable[[int], bytes], *, clients: int, **until: Any) -> Load:
        """Run a closed loop against the server; every answer must be a success."""
        found = load.closed_loop(
            host=serving_child.HOST, port=self.web.port, clients=clients, request=request, **until
        )
        found.require_success()
        return found

    def pgbench(self, *, clients: int, last: int) -> float:
        """Return the rate of our own statement over the customers up to the number given.

        Under the settings of the quick door's own sessions: its plans suit pgbench better than those it would choose.
        """
        from tradecredit.flows.rehearsal import own_statement
        from tradecredit.plumbing.postgres import pipelined

        script = own_statement.SCRIPT.format(first=1, last=last)
        return pgbench.rate(
            url=self.place.server.url,
            script=script,
            clients=clients,
            seconds=self.seconds,
            settings=pipelined.SETTINGS,
        )
