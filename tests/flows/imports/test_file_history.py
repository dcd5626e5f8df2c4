"""Every imported file is remembered with what became of its rows; a dry run is not."""

import pytest

from tradecredit.apps.sources import files
from tradecredit.flows.imports import import_file
from tradecredit.integrations.erp_csv.files import SpreadsheetFiles
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
DATA = "客户编码,客户名称\nH1,示例甲有限公司\nH2,\n".encode()


def test_an_imported_file_is_remembered_and_a_trial_is_not(company, system_actor):
    given = {
        "kind": "customers",
        "data": DATA,
        "name": "客户.csv",
        "company": company,
        "actor": system_actor,
        "files": SpreadsheetFiles(),
    }

    import_file.import_file(**given, dry_run=True)
    import_file.import_file(**given)
    import_file.import_file(**given)

    with scope.entered(system_actor):
        found = files.latest(company_id=company.pk)
    assert [(one.name, one.read, one.created, one.unchanged, one.refused) for one in found] == [
        ("客户.csv", 2, 0, 1, 1),
        ("客户.csv", 2, 1, 0, 1),
    ]
    assert found[0].digest == found[1].digest
    assert found[0].imported_by == system_actor.name
