"""``bench policy``: its figures have the settled names, and both engines answer alike before they are compared."""

from __future__ import annotations

import json

from click.testing import CliRunner

from tradecredit.doors.cli.bench import policy


class TestPolicyCommand:
    def test_prints_one_document_with_the_figures(self):
        result = CliRunner().invoke(policy.policy_command, ["--seconds", "0.01", "--rows", "1000", "--json"])
        document = json.loads(result.stdout)
        assert document["name"] == "policy"
        assert {"row.ratio", "traced.ratio", "set.seconds"} <= set(document["figures"])
        assert document["figures"]["set.rows"] == 1000
        assert document["figures"]["row.per_s"] > 0
