"""Every platform: what its own API answers, saved to files, becomes a company with the same accounts and contacts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import requests
from click.testing import CliRunner

from sandbooks import Sandbox
from sandbooks.cli.main import main
from sandbooks.sandbox.company import PlatformCompany

ACCOUNTS = {"trips": {"type": "expense", "name": "Long trips abroad"}}
SUPPLIERS = {"cab": {"name": "Contoso Cabs & Sons"}}
QBXML = """<?xml version="1.0" encoding="utf-8"?><QBXML><QBXMLMsgsRs><{kind}QueryRs requestID="1" statusCode="0">
<{kind}Ret><Name>{name}</Name><FullName>{name}</FullName>{more}</{kind}Ret></{kind}QueryRs></QBXMLMsgsRs></QBXML>"""


def paths(company: PlatformCompany) -> list[str]:
    """Where a platform's own lists stand, below the base that its environment names."""
    key = company.credentials
    query = "QBO_API_URL|/company/{id}/query?query=select%20*%20from%20{what}%20maxresults%201000"
    bc = f"BC_API_URL|/v2.0/{key.get('tenant_id')}/Production/api/v2.0/companies({company.id})/"
    return {
        "quickbooks_online": [query.format(id=company.id, what=what) for what in ("Account", "Vendor")],
        "xero": ["XERO_BASE_URL|/Accounts", "XERO_BASE_URL|/TaxRates", "XERO_BASE_URL|/Contacts"],
        "freeagent": [f"FREEAGENT_API_BASE_URL|{name}" for name in ("categories", "contacts")],
        "zoho_books": [
            f"ZOHO_API_BASE_URL|/{name}?organization_id={company.id}" for name in ("chartofaccounts", "contacts")
        ],
        "business_central": [f"{bc}{name}" for name in ("accounts", "vendors")],
        "netsuite": [f"NETSUITE_REST_URL|/record/v1/{name}" for name in _netsuite(company)],
    }[company.platform]


def _netsuite(company: PlatformCompany) -> list[str]:
    return [f"account/{company.native_id('trips')}", f"vendor/{company.labels['suppliers']['cab']}"]


def answers(company: PlatformCompany) -> Iterator[tuple[str, bytes]]:
    """The answers of the platform's own API to its lists, with the ends of their file names."""
    if company.platform == "sage_intacct":
        yield from ((".xml", _intacct(company, name)) for name in ("GLACCOUNT", "VENDOR"))
        return
    if company.platform == "quickbooks_desktop":
        kind = "<AccountType>Expense</AccountType>"
        yield ".xml", QBXML.format(kind="Account", name=ACCOUNTS["trips"]["name"], more=kind).encode()
        yield ".xml", QBXML.format(kind="Vendor", name=escape(SUPPLIERS["cab"]["name"]), more="").encode()
        return
    for place in paths(company):
        base, _, path = place.partition("|")
        url = company.environment[base].rstrip("/") + ("/" + path.lstrip("/"))
        answer = requests.get(url, headers=_headers(company), timeout=5)
        assert answer.status_code == 200, answer.text
        yield ".json", answer.content


def _headers(company: PlatformCompany) -> dict[str, str]:
    scheme = "Zoho-oauthtoken" if company.platform == "zoho_books" else "Bearer"
    told = {"Authorization": f"{scheme} {company.credentials['access_token']}", "Accept": "application/json"}
    return {**told, "Xero-Tenant-Id": company.credentials.get("tenant_id", ""), "User-Agent": "tests"}


def _intacct(company: PlatformCompany, name: str) -> bytes:
    key = company.credentials
    control = f"<senderid>{key['sender_id']}</senderid><password>{key['sender_password']}</password>"
    control += "<controlid>c-1</controlid><uniqueid>false</uniqueid><dtdversion>3.0</dtdversion>"
    login = f"<userid>{key['user_id']}</userid><companyid>{company.id}</companyid>"
    login += f"<password>{key['user_password']}</password>"
    query = (
        f"<readByQuery><object>{name}</object><fields>*</fields><query></query><pagesize>1000</pagesize></readByQuery>"
    )
    body = (
        f'<?xml version="1.0"?><request><control>{control}</control><operation>'
        f"<authentication><login>{login}</login></authentication>"
        f'<content><function controlid="f-1">{query}</function></content></operation></request>'
    )
    url = company.environment["INTACCT_ENDPOINT_URL"]
    answer = requests.post(url, data=body, headers={"Content-Type": "application/xml"}, timeout=5)
    assert b"<status>failure" not in answer.content, answer.text
    return answer.content


PLATFORMS = (
    "quickbooks_online",
    "quickbooks_desktop",
    "xero",
    "netsuite",
    "business_central",
    "freeagent",
    "sage_intacct",
    "zoho_books",
)


@pytest.fixture
def files(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    platform: str = request.param
    with Sandbox(seed=5) as sandbox:
        company = sandbox.company(platform, country="GB", currency="GBP", accounts=ACCOUNTS, suppliers=SUPPLIERS)
        with sandbox.intercept(), sandbox.client_time():
            made = list(answers(company))
    written = []
    for number, (end, content) in enumerate(made):
        file = tmp_path / f"{platform}-{number}{end}"
        file.write_bytes(content)
        written.append(str(file))
    return written


@pytest.mark.parametrize(("files", "platform"), [(p, p) for p in PLATFORMS], indirect=["files"])
def test_a_vendor_s_own_answers_become_a_company_with_their_accounts_and_contacts(
    files: list[str], platform: str
) -> None:
    with Sandbox(seed=6) as sandbox, sandbox.serve() as server:
        asked = ["import", *files, "--platform", platform, "--name", "A copy", "--at", server.url]
        made = CliRunner().invoke(main, asked)
        assert made.exit_code == 0, made.output
        shown = CliRunner().invoke(main, ["books", made.output.split()[1], "--at", server.url])
        assert shown.exit_code == 0, shown.output
        known = _names(sandbox, platform, made.output.split()[1])
    assert ACCOUNTS["trips"]["name"] in known
    assert SUPPLIERS["cab"]["name"] in known


def _names(sandbox: Sandbox, platform: str, id: str) -> set[str]:
    from sandbooks.audit.contacts import contacts_of
    from sandbooks.control.companies import company_named
    from sandbooks.platform import platform_named

    company = company_named(sandbox.world, platform, id)
    contacts = {contact.name for contact in contacts_of(platform_named(platform), company)}
    return contacts | {account.name for account in company.book.accounts()}


def test_a_file_that_is_no_answer_is_said(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text("code;name\n1;Travel\n")
    made = CliRunner().invoke(main, ["import", str(file), "--platform", "xero", "--at", "http://127.0.0.1:9"])
    assert made.exit_code == 2
    assert "neither JSON nor XML" in made.output
