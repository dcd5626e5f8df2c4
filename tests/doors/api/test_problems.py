"""A route that there is not answers as every other refusal does."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.django_db
def test_an_unknown_route_answers_a_problem_document(client, method):
    answer = getattr(client, method)("/api/v1/customer/C1", headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "route_unknown"
    assert answer.json()["detail"] == (
        f"There is no route {method.upper()} /api/v1/customer/C1; they are listed at /api/v1/docs."
    )
