"""Every command of the contract can be asked for help without a database."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tradecredit.doors.cli import main


class TestCommands:
    @pytest.mark.parametrize("name", sorted(main._COMMANDS))
    def test_each_explains_itself(self, name):
        result = CliRunner().invoke(main.cli, [name, "--help"])

        assert result.exit_code == 0, result.output
        assert "Usage:" in result.output
