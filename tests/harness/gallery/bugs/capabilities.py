"""Bugs in knowing what a platform has to offer."""

from __future__ import annotations

from typing import Any

from tests.harness.gallery.client.netsuite import NetSuiteDriver, number, ref
from tests.harness.gallery.registry import bug


@bug("A transfer in NetSuite, which has none to offer, is posted as a journal", severity="S2", origin="FM-100")
class P40(NetSuiteDriver):
    def why_not(self, given: dict[str, Any]) -> str:
        if given["kind"] == "transfer" and given["from"]["amount"] == given["to"]["amount"]:
            return ""
        return super().why_not(given)

    def record(self, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        if given["kind"] != "transfer":
            return super().record(given)
        sides = (("to", "debit"), ("from", "credit"))
        lines = [{"account": ref(given[s]["account"]), m: number(given[s]["amount"])} for s, m in sides]
        body = {"externalId": given["id"], "tranDate": given["date"], "subsidiary": ref("1"), "memo": given["id"]}
        return "journalEntry", {**body, "line": {"items": lines}}
