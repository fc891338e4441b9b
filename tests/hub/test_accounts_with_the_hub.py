"""The client's own plan: what a free account does not include, and that an expired one gets nothing."""

from __future__ import annotations

import re

import pytest
from tests.hub.contract import operations
from tests.hub.desk import Desk


def test_an_expired_account_is_told_so_by_every_operation(desk: Desk) -> None:
    desk.choose(account="expired")
    for name, (_, method, path, _) in operations().items():
        filled = re.sub(r"\{[^}]+\}", "x", path)
        answer = desk.send(method.upper(), filled, None if method == "get" else {})
        assert (name, answer.status, answer.body["error"]) == (name, 402, "Payment Required")
    desk.choose(account="paid")
    assert desk.send("GET", "{c}").status == 200


def test_a_wrong_key_of_an_expired_account_is_a_wrong_key(desk: Desk) -> None:
    desk.choose(account="expired")
    assert desk.send("GET", "{c}", headers=(("Authorization", "Basic d3Jvbmc="),)).status == 401


def test_a_free_account_has_fifty_companies(desk: Desk) -> None:
    desk.choose(account="free")
    answers = [desk.send("POST", "/companies", {"name": f"Globex {number}"}).status for number in range(2, 52)]
    assert answers == [200] * 49 + [402]


@pytest.mark.parametrize(("account", "hours", "status"), [("free", 1, 402), ("free", 24, 204), ("paid", 1, 204)])
def test_hourly_reads_are_not_free(desk: Desk, account: str, hours: int, status: int) -> None:
    desk.choose(account=account)
    setting = {"dataType": "suppliers", "fetchOnFirstLink": True, "syncSchedule": hours, "syncOrder": 0}
    body = {"companyId": desk.company, "overridesDefaults": True, "settings": [setting]}
    assert desk.send("POST", "{c}/syncSettings", body).status == status
    kept = desk.get("{c}/syncSettings")["overridesDefaults"]
    assert kept == (status == 204)


def test_the_last_key_goes_where_the_world_reads_the_api_description(desk: Desk) -> None:
    (first,) = desk.get("/apiKeys")["results"]
    assert desk.send("DELETE", f"/apiKeys/{first['id']}").status == 409
    desk.choose("last_api_key_deleted")
    assert desk.send("DELETE", f"/apiKeys/{first['id']}").status == 204
    assert desk.send("GET", "{c}").status == 403
