"""What people delete or void while the program is down, before it knows that it has posted it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.harness.desktop_clients import Polled
from tests.harness.gallery.client import xero
from tests.harness.gallery.client.driver import Driver, IntacctDriver
from tests.harness.gallery.client.netsuite import NetSuiteDriver
from tests.harness.small_clients import Careful

from sandbooks.harness.examples import Menu, scenario_of
from sandbooks.harness.judging import Judge, Verdict
from sandbooks.harness.subject import subject_of_class
from sandbooks.harness.systematic import bookkeeping


class AdoptsTheDead(Driver):
    """Takes whatever bears its token, deleted or not."""

    platforms = ("xero",)

    class Xero(xero.Xero):
        def find(self, document: Any) -> str | None:
            token = self.driver.texts.token(document.id)
            rows = self.paged("BankTransactions")
            found = [row["BankTransactionID"] for row in rows if token in str(row.get("Reference") or "")]
            return found[0] if found else None


def verdicts(driver: type[Any], platform: str) -> list[Verdict]:
    subject = subject_of_class(driver)
    judge = Judge(subject)
    examples = [e for e in bookkeeping(Menu(platform, subject.verbs)) if "before it starts again" in e.about]
    assert examples
    return [judge.judge(scenario_of(example.data, platform)) for example in examples]


def test_a_dead_document_that_is_adopted_is_found() -> None:
    for verdict in verdicts(AdoptsTheDead, "xero"):
        (finding,) = verdict.findings
        assert finding.invariants[:1] == ("INV-04",)
        assert finding.failure_modes == ("FM-52",)


@pytest.mark.parametrize(
    ("driver", "platform"),
    [
        (Driver, "xero"),
        (Driver, "quickbooks_online"),
        (Careful, "quickbooks_online"),
        (IntacctDriver, "sage_intacct"),
        (NetSuiteDriver, "netsuite"),
        (Polled, "quickbooks_desktop"),
    ],
)
def test_who_posts_again_or_says_that_it_failed_or_was_answered_is_right(driver: type[Any], platform: str) -> None:
    for verdict in verdicts(driver, platform):
        assert verdict.fired == {"kill 0"}, "the program died when it had posted, and stayed down"
        assert not verdict.trouble
        assert verdict.findings == []
