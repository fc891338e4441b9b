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


SENDING = """
import requests

@pytest.mark.sandbooks(strict=True)
def test_export(sandbox):
    acme = sandbox.company("{platform}")
    headers = {{"Authorization": "Bearer " + acme.credentials["access_token"], "Content-Type": "application/xml"}}
    requests.post("{url}", data={body!r}, headers=headers, timeout=5)
"""


@pytest.mark.parametrize(
    ("platform", "url", "body", "words"),
    [
        (
            "freeagent",
            "https://api.freeagent.com/v2/contacts",
            "<contact><organisation-nam>Quay</organisation-nam></contact>",
            "*body.contact.organisation_nam: is no member of this document*",
        ),
        (
            "sage_intacct",
            "https://api.intacct.com/ia/xml/xmlgw.phtml",
            "<request><control><senderidd>s</senderidd></control></request>",
            "*body.control.senderidd: is no member of this element*",
        ),
    ],
)
def test_xml_outside_the_contract_fails_the_test(
    pytester: pytest.Pytester, platform: str, url: str, body: str, words: str
) -> None:
    result = run(pytester, SENDING.format(platform=platform, url=url, body=body))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([words, "*remedy: Did you mean*"])


POLLED = """
from sandbooks.platform import platform_named
from sandbooks.wire import Response

ANSWER = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><{method}Response>'
    "<{method}Result>{result}</{method}Result></{method}Response></s:Body></s:Envelope>"
)
QWC = (
    "<QBWCXML><AppName>Feeder</AppName><AppID/><AppURL>https://feeder.example/qbwc</AppURL><AppDescription/>"
    "<AppSupport>https://feeder.example/help</AppSupport><UserName>f</UserName>"
    "<OwnerID>{57F3B9B6-86F1-4fcc-B1FF-966DE1813D20}</OwnerID><FileID>{57F3B9B6-86F1-4fcc-B1FF-166DE1813D20}</FileID>"
    "<QBType>QBFS</QBType></QBWCXML>"
)

def service(request):
    method = request.header("SOAPAction").strip('"').rpartition("/")[2]
    texts = "<string>ticket</string><string>non</string>"
    result = texts if method == "authenticate" else ""
    return Response(200, (), ANSWER.format(method=method, result=result).encode())

@pytest.mark.sandbooks(strict=True)
def test_poll(sandbox):
    acme = sandbox.company("quickbooks_desktop")
    sandbox.app.receivers.append(("https://feeder.example/", service))
    with sandbox.world.unit():
        bookkeeper = platform_named("quickbooks_desktop").load_bookkeeper()
        bookkeeper.add_application(acme._company, QWC.encode(), password="p")
    sandbox.settle()
"""


def test_what_a_service_answers_to_the_web_connector_outside_the_contract_fails_the_test(
    pytester: pytest.Pytester,
) -> None:
    result = run(pytester, POLLED)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*`non` is neither a company file nor a word*", "*Did you mean `none`?*"])
