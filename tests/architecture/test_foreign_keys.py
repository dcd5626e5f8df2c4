"""Foreign keys point downhill in the room order; an import linter cannot see strings."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models

_BELOW_ALL = ["access", "outbox", "audit", "idempotency"]


def _order() -> dict[str, int]:
    rooms = [*_BELOW_ALL, *settings.ROOMS]
    # Decisions refer to accounts, and approvals to decisions; cash settles receivables.
    return {label: position for position, label in enumerate(rooms)}


def _relations() -> list[tuple[str, str, str, models.ForeignKey]]:
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith("tradecredit."):
            continue
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey):
                target = field.related_model._meta.app_label
                found.append((model._meta.label, model._meta.app_label, target, field))
    return found


class TestForeignKeys:
    def test_point_downhill(self):
        order = _order()
        uphill = [
            f"{label}.{field.name} → {target}"
            for label, source, target, field in _relations()
            if order[target] > order[source]
        ]
        assert uphill == []

    def test_protect_what_they_point_to(self):
        loose = [
            f"{label}.{field.name}"
            for label, source, _, field in _relations()
            if source in settings.ROOMS and field.remote_field.on_delete is not models.PROTECT
        ]
        assert loose == []

    def test_open_no_door_backwards_between_rooms(self):
        named = [
            f"{label}.{field.name}"
            for label, source, target, field in _relations()
            if source != target and source in settings.ROOMS and field.remote_field.related_name != "+"
        ]
        assert named == []
