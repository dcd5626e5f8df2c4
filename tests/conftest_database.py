"""Let Django speak to one of the suite's databases."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def point_django_at(server: Any, name: str) -> None:
    """Close what is open and let the default connection go to the database."""
    from django.db import connections

    from tradecredit.config.settings import base

    connection = connections["default"]
    connection.close()
    settings = base._database(server.address_of(name))
    connection.settings_dict.update(settings)
    connections.databases["default"].update(settings)


@contextmanager
def pointed_at(server: Any, name: str) -> Iterator[None]:
    """Point Django at the database inside the block, and back to where it was after it."""
    from django.db import connections

    before = dict(connections["default"].settings_dict)
    point_django_at(server, name)
    try:
        yield
    finally:
        connections.close_all()
        connections["default"].settings_dict.update(before)
        connections.databases["default"].update(before)
