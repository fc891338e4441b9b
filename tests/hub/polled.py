"""A company whose platform is polled for: what stands on it, its machine, and a program that its user runs."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from lxml import etree
from tests.hub.desk import Desk, open_desk, transaction_id

from sandbooks import exact_json
from sandbooks.kit.tokens import Tokens
from sandbooks.wire import Request, Response

POLLED = "quickbooks_desktop"
TNS = "http://developer.intuit.com/"


def live(desk: Desk, number: int = 1) -> list[Any]:
    """The native documents that carry a transaction's id."""
    records, mark = desk.native.records, f"[{transaction_id(number)}]"
    return [r for kind in records.kinds() for r in records.scan(kind) if mark in exact_json.dumps(r.body).decode()]


def synced(desk: Desk) -> dict[str, Any]:
    """The latest sync after everything has come to rest."""
    desk.world.settle()
    latest: dict[str, Any] = desk.get("{c}/sync/expenses/syncs/latest/status")
    return latest


def machine(desk: Desk, **settings: Any) -> None:
    with desk.world.unit():
        desk.native.change_settings(**settings)


class Program:
    """A program that polls, in a few lines: what the company's user would run."""

    def __init__(self, desk: Desk, url: str, user: str, password: str) -> None:
        self.desk = desk
        self.url = url
        self.user = user
        self.password = password
        self.ticket = ""

    def call(self, method: str, *parts: tuple[str, str]) -> list[str]:
        inner = "".join(f"<{name}>{html.escape(text)}</{name}>" for name, text in parts)
        body = (
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
            f'<{method} xmlns="{TNS}">{inner}</{method}></soap:Body></soap:Envelope>'
        )
        headers = (("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", f'"{TNS}{method}"'))
        answer = self.desk.app.edge.dispatch(Request("POST", self.url, headers, body.encode()), world=self.desk.world)
        assert isinstance(answer, Response)
        assert answer.status == 200, answer.body
        (result,) = etree.fromstring(answer.body).iter(f"{{{TNS}}}{method}Result")
        return [child.text or "" for child in result] or [result.text or ""]

    def sign_in(self, *, password: str = "") -> str:
        """The word that the hub answers with; the ticket is kept."""
        given = ("strUserName", self.user), ("strPassword", password or self.password)
        self.ticket, word = self.call("authenticate", *given)
        return word

    def session(self, run: Callable[[str], str]) -> int:
        """A whole session; how many documents were run."""
        word = self.sign_in()
        if word:
            return 0
        count, percent = 0, 0
        while percent < 100:
            (document,) = self.fetch()
            assert document, "there was work, but nothing to fetch"
            count += 1
            told = ("response", run(document)), ("hresult", ""), ("message", "")
            percent = int(self.call("receiveResponseXML", ("ticket", self.ticket), *told)[0])
        self.call("closeConnection", ("ticket", self.ticket))
        return count

    def fetch(self) -> list[str]:
        return self.call("sendRequestXML", ("ticket", self.ticket), ("strHCPResponse", ""))


def unlinked() -> Desk:
    """A desk with a second connection that waits to be linked."""
    desk = open_desk(platform=POLLED)
    assert desk.send("DELETE", "{c}/connections/{k}").status == 200
    made = desk.send("POST", "{c}/connections", {"platformKey": "pqsw"})
    desk.connection = made.body["id"]
    return desk


def offered(desk: Desk) -> dict[str, str]:
    """What the link page gives out, as a program reads it."""
    url = f"https://link-api.codat.io/companies/{desk.company}/connections/{desk.connection}/program"
    answer = desk.app.edge.dispatch(Request("GET", url, (("Accept", "application/json"),)), world=desk.world)
    assert isinstance(answer, Response)
    told: dict[str, str] = exact_json.loads(answer.body)
    return told


def qbxml(desk: Desk, document: str, *, file: str = "") -> str:
    """QuickBooks itself, with what the program would have left in the company file at first contact."""
    with desk.world.unit():
        owner = desk.world.ids.fixed_uuid("codat/poller")
        desk.native.change_settings(file_ids={"{" + owner + "}": "{" + (file or desk.connection) + "}"})
        token = Tokens(desk.world, POLLED).of_company(desk.native.id)[0].value
    headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "text/xml"))
    url = f"https://sandbooks.invalid/{POLLED}/qbxml"
    answer = desk.app.edge.dispatch(Request("POST", url, headers, document.encode()), world=desk.world)
    assert isinstance(answer, Response)
    assert answer.status == 200, answer.body
    return answer.body.decode()


def program_of(desk: Desk) -> Program:
    told = offered(desk)
    return Program(desk, told["url"], told["userName"], told["password"])
