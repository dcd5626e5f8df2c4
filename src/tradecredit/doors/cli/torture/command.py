"""The group ``tradecredit torture``."""

from __future__ import annotations

import click

from tradecredit.doors.cli.torture import (
    crash,
    dunning,
    dup,
    elle,
    fuzz,
    language,
    letters,
    race,
    replay,
    storm,
    tasks,
    tryton,
)


@click.group("torture")
def torture_command() -> None:
    """Safety proofs on a throw-away installation; every one has a switch that must make it fail."""


torture_command.add_command(race.race_command)
torture_command.add_command(dup.dup_command)
torture_command.add_command(crash.crash_command)
torture_command.add_command(elle.elle_command)
torture_command.add_command(replay.replay_command)
torture_command.add_command(fuzz.fuzz_command)
torture_command.add_command(language.language_command)
torture_command.add_command(tryton.tryton_command)
torture_command.add_command(tasks.tasks_command)
torture_command.add_command(storm.storm_command)
torture_command.add_command(dunning.dunning_command)
torture_command.add_command(dunning.dunning_run_command)
torture_command.add_command(dunning.dunning_play_command)
torture_command.add_command(letters.letters_command)
