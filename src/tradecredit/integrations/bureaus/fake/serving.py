"""Serve the fake bureau for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.integrations.bureaus.fake import bureau, faults

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class ServedFake:
    """The fake bureau behind its port."""

    def faults(self) -> Sequence[str]:
        """Return the ways in which it can go wrong."""
        return faults.FAULTS

    def serve(
        self, *, host: str, port: int, faulty: Sequence[str], rate: float, seed: int, names: Mapping[str, str]
    ) -> None:
        """Answer until interrupted; a number that nobody knows is a company of its own."""
        fake = bureau.FakeBureau(
            faulty=faulty,
            rate=rate,
            seed=seed,
            name_of=lambda subject: names.get(subject, "" if subject.isascii() else subject),
        )
        with bureau.serve(fake, host=host, port=port) as server:
            server.serve_forever()
