"""0 done, 1 refused or found something, 2 wrong usage: what scripts and acceptance checks rely on."""

import click
import pytest

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.cli import main as command_line


def answering(behaviour):
    @click.command("probe")
    def probe():
        behaviour()

    return probe


def found_something():
    raise click.exceptions.Exit(1)


def refused():
    raise UnableToError(Words(zh="不行。", en="No."))


def wrong_usage():
    raise click.UsageError("no such thing")


class TestMain:
    @pytest.mark.parametrize(
        ("behaviour", "code"),
        [(lambda: None, 0), (found_something, 1), (refused, 1), (wrong_usage, 2)],
    )
    def test_ends_with_the_code_of_what_happened(self, monkeypatch, behaviour, code):
        monkeypatch.setattr(command_line, "cli", answering(behaviour))
        monkeypatch.setattr("sys.argv", ["tradecredit"])

        with pytest.raises(SystemExit) as ended:
            command_line.main()

        assert ended.value.code == code
