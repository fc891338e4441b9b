"""A company for which nothing is listed has what one needs to begin: an account to pay from, a supplier, a card."""

import pytest
import requests

from sandbooks import Sandbox
from sandbooks.platform import platforms

CONNECTED = [name for name, platform in platforms().items() if platform.connector]


def listed(sandbox: Sandbox, platform: str, kind: str, **plan: object) -> list[object]:
    hub = sandbox.hub(sandbox.company(platform, country="GB", **plan))
    url = f"https://api.codat.io/companies/{hub.id}/connections/{hub.connection_id}/data/{kind}"
    if kind == "suppliers":
        url = f"https://api.codat.io/companies/{hub.id}/data/{kind}"
    with sandbox.intercept():
        answer = requests.get(url, headers={"Authorization": hub.auth_header}, timeout=10)
    answer.raise_for_status()
    found: list[object] = answer.json()["results"]
    return found


@pytest.mark.parametrize("platform", CONNECTED)
def test_a_company_for_which_nothing_is_listed_has_accounts_to_pay_from_and_suppliers(platform: str) -> None:
    with Sandbox(seed=7) as sandbox:
        assert listed(sandbox, platform, "bankAccounts")
        assert listed(sandbox, platform, "suppliers")


@pytest.mark.parametrize("platform", CONNECTED)
def test_a_company_for_which_something_is_listed_has_no_suppliers_but_those(platform: str) -> None:
    with Sandbox(seed=7) as sandbox:
        (one,) = listed(sandbox, platform, "suppliers", suppliers={"airline": {"name": "Contoso Air"}})
        assert isinstance(one, dict)
        assert one["supplierName"] == "Contoso Air"
