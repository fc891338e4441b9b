"""What a document refers to is active when it is committed (INV-33): on every platform, whoever the client is."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness.conftest import SYNC

from sandbooks.harness.examples import Data, Menu, base, scenario_of, with_steps
from sandbooks.harness.hub_driver import Hub
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import spend
from sandbooks.settings import PLATFORMS


def posted_on(platform: str, *acts: Data) -> Verdict:
    """A payment on ``software``, after somebody acted on what the hub had read before."""
    subject = subject_of_class(Hub)
    menu = Menu(platform, subject.verbs, True)
    push: Data = {"push": spend(menu, "payment", "r-01", "71.26", account="software")}
    return Judge(subject).judge(scenario_of(with_steps(base(menu), *acts, push, SYNC), platform))


def moved(verdict: Verdict) -> list[Any]:
    return [money for money in verdict.books["acme"].totals.values() if money]


ARCHIVED: Data = {"bookkeeper": {"archive_account": "software"}}
RESTORED: Data = {"bookkeeper": {"restore_account": "software"}}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_is_posted_to_an_account_that_is_archived_and_whoever_sent_it_is_told(platform: str) -> None:
    """INV-33: no run can break it, because the books refuse; what was told must say so."""
    refused = posted_on(platform, ARCHIVED)
    assert refused.told == {"r-01": "PushError"}
    assert moved(refused) == []
    assert refused.findings == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_account_that_came_back_is_posted_to_as_ever(platform: str) -> None:
    taken = posted_on(platform, ARCHIVED, RESTORED)
    assert taken.told == {"r-01": "Completed"}
    assert moved(taken)
    assert taken.findings == []
