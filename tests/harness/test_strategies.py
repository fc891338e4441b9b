"""Strategies and state machines for users: what they draw is taken or refused by the platform as promised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from tests.harness.small_clients import Careful, Hasty

from sandbooks import Sandbox
from sandbooks.audit import BooksWrong
from sandbooks.harness.machines import CHART, SETTINGS, machine_for
from sandbooks.harness.strategies import DAMAGES, Lacking, native_documents, nearly_valid, transactions
from sandbooks.sandbox.company import PlatformCompany
from sandbooks.wire import Request, Response

PAGE = Path(__file__).parents[2] / "docs" / "strategies.md"
FEW = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def environment(company: PlatformCompany) -> dict[str, Any]:
    labels = {part: dict(ids) for part, ids in company.labels.items()}
    return {
        "platform": company.platform,
        "base_url": company.base_url,
        "company_id": company.id,
        "credentials": company.credentials,
        "environment": company.environment,
        "company": {"currency": company.currency, "country": "GB", "timezone": "Europe/London", **labels},
        "defaults": {"bank_account": labels["accounts"]["card"], "supplier": labels["suppliers"]["airline"]},
    }


def driven(sandbox: Sandbox, company: PlatformCompany, handed: list[dict[str, Any]]) -> Mapping[str, Any]:
    driver = Careful()
    with sandbox.intercept(), sandbox.client_time():
        driver.connect(environment(company))
        driver.submit(handed)
        driver.settle()
    return driver.outcomes()


def test_drawn_transactions_are_taken_and_the_books_are_right() -> None:
    with Sandbox(seed=7) as sandbox:
        company = sandbox.company("quickbooks_online", **CHART)

        @FEW
        @given(st.lists(transactions(company, kinds=("payment",)), min_size=1, max_size=3))
        def holds(handed: list[dict[str, Any]]) -> None:
            with sandbox.fork() as fork:
                told = driven(fork, fork.copy_of(company), handed)
                assert {one["status"] for one in told.values()} == {"completed"}
                fork.audit()

        holds()


def test_each_kind_that_is_asked_for_is_drawn_and_no_other() -> None:
    with Sandbox(seed=7) as sandbox:
        company = sandbox.company("quickbooks_online", **CHART)
        seen: set[str] = set()

        @settings(max_examples=60, deadline=None, derandomize=True)
        @given(transactions(company, kinds=("refund", "reimbursable", "adjustment")))
        def drawn(one: dict[str, Any]) -> None:
            seen.add(one["kind"])

        drawn()
    assert seen == {"refund", "reimbursable", "adjustment"}


def test_what_a_platform_does_not_offer_cannot_be_drawn() -> None:
    with Sandbox(seed=7) as sandbox, pytest.raises(Lacking, match="freeagent offers none of refund"):
        transactions(sandbox.company("freeagent", **CHART), kinds=("refund",))


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_one_thing_is_wrong_in_what_is_nearly_valid(damage: str) -> None:
    with Sandbox(seed=7) as sandbox:
        company = sandbox.company("xero", **CHART)

        @settings(max_examples=5, deadline=None, derandomize=True)
        @given(nearly_valid(company, kinds=("payment",), wrong=(damage,)))
        def drawn(one: Any) -> None:
            known = set(company.labels["accounts"].values())
            wrong = [
                one.transaction["currency"] != "GBP",
                one.transaction["date"] == "2026-02-30",
                not one.transaction["lines"],
                any(line["account"] not in known for line in one.transaction["lines"]),
                any(line["net"] in ("1.23456789", "12,50 €") for line in one.transaction["lines"]),
            ]
            assert sum(wrong) == 1

        drawn()


@pytest.mark.parametrize("platform", ["quickbooks_online", "xero", "netsuite", "freeagent"])
def test_native_documents_are_taken_by_their_platform_as_they_are(platform: str) -> None:
    with Sandbox(seed=7) as sandbox:
        company = sandbox.company(platform, **CHART)
        sandbox.audit_at_end = False

        @settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(native_documents(company, kinds=("payment",)))
        def taken(document: Any) -> None:
            with sandbox.fork() as fork:
                fork.audit_at_end = False
                headers = (
                    ("Authorization", f"Bearer {company.credentials['access_token']}"),
                    ("Xero-Tenant-Id", company.id),
                    ("Content-Type", document.content_type),
                    ("Accept", "application/json"),
                )
                url = f"{company.base_url}{document.path}"
                answer = fork.dispatch(Request(document.method, url, headers, document.body))
                assert isinstance(answer, Response)
                assert answer.status < 300, answer.body
                assert len(fork.copy_of(company).documents()) == 1

        taken()
        assert company.documents() == []


def machine(client: type[Careful]) -> type[RuleBasedStateMachine]:
    clients: dict[int, Careful] = {}

    def of(company: PlatformCompany) -> Careful:
        return clients[id(company)]

    def begin(company: PlatformCompany) -> None:
        clients[id(company)] = client()
        of(company).connect(environment(company))

    def export(company: PlatformCompany, handed: list[dict[str, Any]]) -> Mapping[str, Any]:
        of(company).submit(handed)
        of(company).settle()
        return of(company).outcomes()

    def settle(company: PlatformCompany) -> Mapping[str, Any]:
        of(company).settle()
        return of(company).outcomes()

    return machine_for("quickbooks_online", export, settle=settle, begin=begin)


def test_a_machine_lets_a_careful_client_pass() -> None:
    run_state_machine_as_test(machine(Careful), settings=settings(SETTINGS, max_examples=8))


def test_a_machine_finds_a_client_that_posts_twice() -> None:
    wide = settings(SETTINGS, max_examples=150, phases=[Phase.generate])  # shrinking would only take time
    with pytest.raises(BooksWrong, match="twice"):
        run_state_machine_as_test(machine(Hasty), settings=wide)


def test_the_example_on_the_page_works_as_it_stands_there() -> None:
    block = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    module: dict[str, Any] = {}
    exec(compile(block, str(PAGE), "exec"), module)  # noqa: S102 - our own page
    with module["sandbox"]:
        FEW(module["test_it_is_posted_once"])()
