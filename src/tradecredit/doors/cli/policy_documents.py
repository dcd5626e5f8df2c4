"""The policy that a command is about: a pack by name, a folder of the user's own, or the company's version in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.plumbing.access import Actor


def load(source: str) -> Mapping[str, Any]:
    """Load a pack by its name, or from a folder or packed file of the user's own."""
    from pathlib import Path

    from tradecredit.flows import ports

    packs = ports.find(ports.PolicyPacks)
    path = Path(source)
    return packs.load_folder(path) if path.is_dir() or path.suffix == ".zip" else packs.load_pack(source)


def in_force(code: str | None, as_of: date | None) -> Mapping[str, Any]:
    """Return the document that the company has in force on the day (today without one)."""
    from tradecredit.apps.decisions import policies
    from tradecredit.plumbing import clock
    from tradecredit.plumbing.access import scope

    company = installations.company_named(code)
    with scope.entered(installations.system_actor()):
        stored = policies.in_force(company_id=company.pk, as_of=as_of or clock.today(company))
    return stored.document


def person(email: str) -> Actor:
    """Return the active user of an address as an actor; any other address is wrong usage."""
    from tradecredit.plumbing.access import people
    from tradecredit.plumbing.access.models import User

    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None:
        raise click.UsageError(f"there is no active user {email!r}")
    return people.actor_of(user)
