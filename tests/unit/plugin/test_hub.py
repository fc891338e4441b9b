"""The hub's fixture: a company in the hub, connected to a company on the platform of the test."""

import pytest
from tests.unit.plugin.users import run

pytest_plugins = ["pytester"]


def test_a_hub_company_stands_connected_to_each_platform_of_the_marker(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import requests

        @pytest.mark.sandbooks(platforms=["quickbooks_online", "xero"])
        def test_connected(sandbox_hub, async_sandbox_hub, platform):
            assert sandbox_hub.platform_company.platform == platform
            url = "https://api.codat.io/companies/" + sandbox_hub.id
            answer = requests.get(url, headers={"Authorization": sandbox_hub.auth_header}, timeout=5)
            assert (answer.status_code, answer.json()["id"]) == (200, sandbox_hub.id)

        @pytest.mark.sandbooks(platforms=["xero"])
        def test_first_platform_of_the_marker(sandbox, sandbox_hub):
            assert sandbox_hub.platform_company.platform == "xero"
            with sandbox.fork() as fork:
                before = len(sandbox.tape())
                url = "https://api.codat.io/companies/" + fork.hubs[0].id
                requests.get(url, headers={"Authorization": sandbox_hub.auth_header}, timeout=5)
                assert (len(sandbox.tape()), len(fork.tape())) == (before, before + 1)
        """,
    )
    result.assert_outcomes(passed=3)
