"""``strict``: the first request outside a platform's contract fails the test, in words."""

import pytest
from tests.unit.plugin.users import run

pytest_plugins = ["pytester"]

CLIENT = """
import requests

def ask(company, path, **parameters):
    headers = {{"Authorization": "Bearer " + company.credentials["access_token"]}}
    return requests.get("https://api.freeagent.com/v2/" + path, params=parameters, headers=headers, timeout=5)

@pytest.mark.sandbooks(strict={strict})
def test_export(sandbox):
    acme = sandbox.company("freeagent")
    assert ask(acme, "company").status_code == 200
    {body}
"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('ask(acme, "contacts", veiw="all")', "*query veiw: list_contacts knows no such parameter*"),
        ('ask(acme, "contact")', "*path: there is no GET /v2/contact*"),
    ],
)
def test_a_request_outside_the_contract_fails_the_test(pytester: pytest.Pytester, body: str, words: str) -> None:
    result = run(pytester, CLIENT.format(strict=True, body=body))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([words, "*remedy: *"])


def test_a_client_that_swallows_the_error_fails_all_the_same(pytester: pytest.Pytester) -> None:
    body = 'import contextlib\n    with contextlib.suppress(Exception, AssertionError):\n        ask(acme, "contact")'
    result = run(pytester, CLIENT.format(strict=True, body=body))
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*outside the contract*", "*there is no GET /v2/contact*"])


def test_a_client_within_the_contract_passes_and_without_strict_nothing_is_judged(pytester: pytest.Pytester) -> None:
    run(pytester, CLIENT.format(strict=True, body='ask(acme, "contacts", view="all")')).assert_outcomes(passed=1)
    run(pytester, CLIENT.format(strict=False, body='ask(acme, "contacts", veiw="all")')).assert_outcomes(passed=1)
