"""The sync engine over a platform that has no idempotency keys: only the look-up stands between it and a double."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from tests.hub.desk import Desk, open_desk, transaction_id

from sandbooks.connector import Connector, Request
from sandbooks.hub import native
from sandbooks.platform import Platform, load


class Keyless:
    """A connector whose requests carry no key, as on platforms that know none."""

    look_up_waits: Sequence[int] = (5, 30, 90)

    def __init__(self, inner: Connector) -> None:
        self._inner = inner

    @property
    def payables(self) -> Any:
        """As it stands: that a connector has them is not looked up by ``__getattr__``."""
        inner: Any = self._inner
        return inner.payables

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def signed(self, request: Request, *rest: Any, **facts: Any) -> Request:
        bare = replace(request, path=re.sub(r"&requestid=[^&]*", "", request.path))
        return self._inner.signed(bare, *rest, **facts)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    def keyless(platform: Platform) -> Any:
        return Keyless(load(platform.connector))

    monkeypatch.setattr(native, "connector_of", keyless)
    return open_desk()


@pytest.mark.parametrize("phase", ["validate", "commit"])
@pytest.mark.parametrize("lag", ["0s", "20s", "80s"])
def test_an_answer_lost_before_or_after_the_commit_leaves_one_document(desk: Desk, phase: str, lag: str) -> None:
    plan: Any = desk.world.plan
    plan.add("drop_response", at={"write": transaction_id(1)}, phase=phase)
    plan.add("stale_read", at={"operation": "GET /v3/company/*/query", "every": True}, lag=lag)
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    assert desk.outcome(sync)[0] == "Completed"
    assert len(desk.documents(1)) == 1
    assert desk.balance("visa") == "-13.00 GBP"


def test_a_platform_that_never_answers_a_write_gets_a_bounded_number_of_them(desk: Desk) -> None:
    plan: Any = desk.world.plan
    plan.add("drop_response", at={"write": transaction_id(1), "every": True}, phase="validate")
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    status, message = desk.outcome(sync)
    assert status == "PushError"
    assert message
    sent = [entry for entry in desk.world.tape.entries() if "/purchase?" in entry.url]
    assert len(sent) == 5
    assert desk.documents(1) == []
    plan.clear()
    again = desk.push(desk.expense(1))
    desk.world.settle()
    assert desk.outcome(again)[0] == "Completed"
    assert len(desk.documents(1)) == 1


def test_a_resubmission_after_an_open_outcome_adopts_what_was_written_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan: Any = desk.world.plan
    plan.add("drop_response", at={"write": transaction_id(1), "every": True}, phase="commit")
    plan.add("stale_read", at={"operation": "GET /v3/company/*/query", "every": True}, lag="10d")
    monkeypatch.setattr("sandbooks.hub.syncs.engine.ATTEMPTS_MAX", 1)
    sync = desk.push(desk.expense(1))
    desk.world.settle()
    assert desk.outcome(sync)[0] == "PushError"
    plan.clear()
    again = desk.push(desk.expense(1))
    desk.world.settle()
    assert desk.outcome(again)[0] == "Completed"
    assert len(desk.documents(1)) == 1
