from __future__ import annotations

import pytest

from factories import companies
from tradecredit.apps.worklist import queries
from tradecredit.flows.watch import complete_task
from tradecredit.plumbing.access import Actor, Role, scope

SYSTEM = Actor.system("test")


@pytest.fixture
def task(scene):
    scene.invoice()
    scene.dun(1)
    with scope.entered(SYSTEM):
        return next(task for task in queries.tasks() if task.kind == "dunning.stage-1")


class TestCompleteTask:
    def test_records_the_outcome_of_the_roles_task_once(self, scene, task):
        seller = companies.person(scene.company, Role.SALES)

        done = complete_task.complete_task(
            company=scene.company, task_id=task.id, outcome="客户答应周五付款", actor=seller
        )

        assert (done.outcome, done.done_by) == ("客户答应周五付款", seller.name)
        with pytest.raises(complete_task.UnableToCompleteTaskError):
            complete_task.complete_task(company=scene.company, task_id=task.id, outcome="again", actor=seller)

    def test_refuses_another_role(self, scene, task):
        lawyer = companies.person(scene.company, Role.LEGAL)

        with pytest.raises(complete_task.UnableToCompleteTaskError):
            complete_task.complete_task(company=scene.company, task_id=task.id, outcome="done", actor=lawyer)

        with scope.entered(SYSTEM):
            assert queries.task(task.id).done_at is None
