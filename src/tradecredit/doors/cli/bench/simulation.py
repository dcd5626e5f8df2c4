"""``bench policy --simulate N``: N recorded decisions under another policy, by what differs and by the row engine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.flows.policy.simulated import Simulation
    from tradecredit.flows.rehearsal.fill_decisions import History

_CUSTOMERS: Final = 1_000
# So many decisions are tried again by the ordinary functions, one by one.
_SAMPLE: Final = 2_000
_CHECKS: Final = "order_control.checks"


def figures(count: int) -> dict[str, Any]:
    """Fill a throw-away installation with decisions and try three policies on them.

    Raises ClickException where the answers are wrong: the policy in force flips none, a planted order is the only one
    that a certain change flips, and a sample agrees with the row engine.
    """
    with ground.throw_away(customers=_CUSTOMERS, limit="1000000000.00") as place:
        history = _fill(place, count)
        document = _document(place)
        same, same_seconds = _simulate(place, document, "the policy in force")
        planted, planted_seconds = _simulate(place, _patient(document), "a planted order")
        begun = time.process_time()
        changed, seconds = _simulate(place, _stricter(document), "a stricter policy")
        own_seconds = time.process_time() - begun
        _require("the policy in force flips none of its own", same.flipped == 0 == same.changed)
        _require(
            "the planted order alone flips", [flip.reference for flip in planted.flips] == [history.planted]
        )
        _require("the stricter policy holds some", 0 < changed.newly_held.count < changed.looked_at)
        ground.say("a sample, one by one …")
        sampled, row_seconds = _agree(place, _stricter(document), changed)
    return {
        "simulate.seconds": round(seconds, 2),
        # Without the database and without whatever else the machine does.
        "simulate.processor_seconds": round(own_seconds, 2),
        "simulate.self_seconds": round(same_seconds, 2),
        "simulate.planted_seconds": round(planted_seconds, 2),
        "simulate.decisions": changed.looked_at,
        "simulate.standings": history.standings,
        "simulate.full": history.full,
        "simulate.flipped": changed.flipped,
        "simulate.sampled": sampled,
        "simulate.row_engine_per_s": round(sampled / row_seconds),
        "simulate.per_s": round(changed.looked_at / seconds),
    }


def _fill(place: Ground, count: int) -> History:
    from tradecredit.flows.rehearsal import fill_decisions

    ground.say(f"{count:,} decisions …")
    with place.owner() as owner:
        return fill_decisions.fill_decisions(
            owner,
            pattern=place.pattern,
            count=count,
            customers=_CUSTOMERS,
            actor=installations.system_actor(),
        )


def _simulate(place: Ground, document: Mapping[str, Any], name: str) -> tuple[Simulation, float]:
    from tradecredit.flows.policy import simulate_policy

    shown = -1

    def show(done: int, total: int) -> None:
        nonlocal shown
        if (percent := done * 100 // max(total, 1)) != shown:
            shown = percent
            click.echo(f"\r{name}: {percent} %", nl=False, err=True)

    start = time.perf_counter()
    found = simulate_policy.simulate_policy(
        company=place.company, document=document, actor=installations.system_actor(), progress=show
    )
    spent = time.perf_counter() - start
    click.echo(f" {spent:.1f} s", err=True)
    return found, spent


def _agree(place: Ground, document: Mapping[str, Any], found: Simulation) -> tuple[int, float]:
    """Try a sample again by the ordinary functions; the flips among it must be those of the simulation."""
    from tradecredit.apps.decisions import policies, queries
    from tradecredit.core.decisions import comparing, policy, recording
    from tradecredit.plumbing.access import scope

    after = policy.of_document(document)
    listed = {flip.decision_id: flip.compared for flip in found.flips}
    with scope.entered(installations.system_actor()):
        ours = list(queries.by_ids([*listed][: _SAMPLE // 2]).values())
        ours += list(queries.first(company_id=place.company.pk, most=_SAMPLE - len(ours)))
        before = policy.of_document(
            policies.in_force(company_id=place.company.pk, as_of=ours[0].as_of).document
        )
        start = time.perf_counter()
        rows = [
            (one, comparing.compare(recording.from_dict(one.facts), before=before, after=after))
            for one in ours
        ]
        spent = time.perf_counter() - start
    is_complete = len(found.flips) == found.flipped
    for stored, compared in rows:
        fast = listed.get(stored.id)
        if fast is None:
            _require(
                f"{stored.reference} flips by the row engine only", not compared.is_flipped or not is_complete
            )
        else:
            same = (compared.before, compared.after, set(compared.newly_against)) == (
                fast.before,
                fast.after,
                set(fast.newly_against),
            )
            _require(f"{stored.reference} comes out the same", same)
    return len(rows), spent


def _document(place: Ground) -> Mapping[str, Any]:
    from tradecredit.apps.decisions import policies
    from tradecredit.plumbing import clock
    from tradecredit.plumbing.access import scope

    with scope.entered(installations.system_actor()):
        stored = policies.in_force(company_id=place.company.pk, as_of=clock.today(place.company))
    return dict(stored.document)


def _patient(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the policy with a few more days of delay allowed: days on which only the planted order is late."""
    from tradecredit.core.kernel import document_changes
    from tradecredit.flows.rehearsal import fill_decisions

    path = f"{_CHECKS}.overdue_days.days"
    return dict(document_changes.changed(document, path, fill_decisions.GAP[1]))


def _stricter(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the policy with a lower maximum for one document, which looks at every order's amount."""
    from tradecredit.core.kernel import document_changes

    path = f"{_CHECKS}.single_document_maximum.amounts.CNY"
    return dict(document_changes.changed(document, path, "100000.00"))


def _require(what: str, is_so: bool) -> None:  # noqa: FBT001 - read aloud it is a sentence
    if not is_so:
        raise click.ClickException(f"the simulation is wrong: not so that {what}")
