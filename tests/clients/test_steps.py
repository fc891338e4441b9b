"""The record of the eight steps: who promised them, who cannot, and what is told of a script that leaves one out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clients.cannot import CANNOT, differing, wanted
from tests.clients.steps import STEPS, Recorder
from tests.clients.test_clients import CLIENTS

PROMISED = {
    *("python-quickbooks", "xero-python", "codat-sync-for-expenses", "netsuite", "freeagent", "zohopy", "qbwc-kit"),
    *("ms-dynamics-business-central-sdk", "msal", "sageintacctsdk", "@intacct/intacct-sdk"),
}
PACKAGES = json.loads((Path(__file__).parent / "node" / "package.json").read_text())["dependencies"]
KNOWN = {package for client in CLIENTS for package in client.packages} | set(PACKAGES)


def test_the_promised_clients_do_every_step_but_one_that_qbxml_has_no_message_for() -> None:
    assert PROMISED <= KNOWN
    assert {pair for pair in CANNOT if pair[0] in PROMISED} == {("qbwc-kit", "attach")}


def test_what_cannot_be_done_names_a_client_and_a_step_and_says_why() -> None:
    assert {client for client, _ in CANNOT} <= KNOWN
    assert {step for _, step in CANNOT} <= set(STEPS)
    assert all(len(reason.split()) > 4 for reason in CANNOT.values())


def test_a_step_left_out_and_one_that_should_be_impossible_are_told() -> None:
    told = "\n".join(f"step {client} {step}" for client, step in wanted(["qbwc-kit"]) if step != "lists")
    assert differing(told, ["qbwc-kit"]) == [("qbwc-kit", "lists")]
    assert differing(f"{told}\nstep qbwc-kit attach", ["qbwc-kit"]) == [("qbwc-kit", "attach"), ("qbwc-kit", "lists")]


def test_only_a_step_that_held_is_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    step = Recorder("freeagent").step
    with step("create"):
        pass
    with pytest.raises(ZeroDivisionError), step("attach"):
        _ = 1 // 0
    with pytest.raises(ValueError, match="none of the steps"), step("attached"):
        pass
    assert capsys.readouterr().out == "step freeagent create\n"
