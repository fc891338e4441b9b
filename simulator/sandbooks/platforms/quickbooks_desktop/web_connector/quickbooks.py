"""QuickBooks as the Web Connector reaches it: a company file to open, documents to run, HRESULTs when neither works.

Each document is an exchange of its own through the edge, so that it stands on the tape and faults can meet it.
"""

from __future__ import annotations

import re

from sandbooks import exact_json
from sandbooks.kit.company import Company, find_company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.tokens import Tokens
from sandbooks.platforms.quickbooks_desktop.access import is_good
from sandbooks.platforms.quickbooks_desktop.file import PLATFORM, CompanyFile
from sandbooks.platforms.quickbooks_desktop.hresults import (
    CANNOT_OPEN,
    NO_PERMISSION,
    SITUATIONS,
    UNEXPECTED,
    UNSUPPORTED_EDITION,
    hresult,
)
from sandbooks.platforms.quickbooks_desktop.refusals import Hresult
from sandbooks.platforms.quickbooks_desktop.web_connector.applications import Application
from sandbooks.wire import Cut, Request

# The edition of HostRet, as a bit of AuthFlags.
# Source: QuickBooks Web Connector Programmer's Guide (AuthFlags: an edition that is left out is a connection error).
# Unconfirmed: the HRESULT of that error.
_ENTERPRISE = 0x8
_BASE = f"http://quickbooks.localhost/{PLATFORM}"
_WRITES = re.compile(r"<[A-Za-z0-9]+(?:Add|Mod|Del|Void|Merge)Rq[\s>/]")
_ABOUT = (
    '<?xml version="1.0" encoding="utf-8"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq onError="continueOnError">'
    '<HostQueryRq requestID="0"/><CompanyQueryRq requestID="1"><OwnerID>{owner}</OwnerID></CompanyQueryRq>'
    '<PreferencesQueryRq requestID="2"/></QBXMLMsgsRq></QBXML>'
)


class QuickBooks:
    """The request processor of one company file, for one application and one session."""

    def __init__(self, company: Company, application: Application, session: str) -> None:
        self._company = company
        self._application = application
        self._session = session
        self.lacking: NotSimulated | None = None

    @property
    def file(self) -> CompanyFile:
        return CompanyFile(self._company)

    def open(self, path: str) -> None:
        """Open the company file that was asked for; nothing means the one that is open. Raises ``Hresult``."""
        code = SITUATIONS.get(str(self.file.switch("file_state")), "")
        if code:
            raise hresult(code)
        if path and path.lower() != self.file.path.lower():
            raise hresult(CANNOT_OPEN, path)
        with self._company.world.unit():
            token = Tokens(self._company.world, PLATFORM).find("access", self._application.token)
        if token is None or not is_good(token, self._company.world.clock.now()):
            raise hresult(NO_PERMISSION)
        if self._application.auth_flags not in (0, self._application.auth_flags | _ENTERPRISE):
            raise hresult(UNSUPPORTED_EDITION)
        self._remember()

    def _remember(self) -> None:
        """First contact leaves the application's FileID in the company file."""
        mine = {self._application.owner_id: self._application.file_id}
        with self._company.world.unit():
            company = find_company(self._company.world, PLATFORM, self._company.id) or self._company
            kept: dict[str, str] = company.settings.get("file_ids", {})
            if not mine.items() <= kept.items():
                alias = self._application.file_id.strip("{}").lower()
                known = [*company.settings.get("known_as", ()), alias]
                company.change_settings(file_ids={**kept, **mine}, known_as=known)

    @property
    def _actor(self) -> str:
        """Whose document it is: the hub's of this world, or that of code under test."""
        return "hub" if self._company.world.bells.hangs(self._application.url) else "client"

    def about(self) -> str:
        """What the first sendRequestXML tells: host, company, preferences."""
        return self.run(_ABOUT.format(owner=self._application.owner_id))

    def run(self, document: str) -> str:
        """Run a document. Raises ``Hresult``."""
        door = "change" if _WRITES.search(document) else "query"
        headers = (
            ("Authorization", f"Bearer {self._application.token}"),
            ("Content-Type", "text/xml; charset=utf-8"),
            ("X-Web-Connector-Session", self._session),
        )
        request = Request("POST", f"{_BASE}/qbxml/{door}", headers, document.encode("utf-8", "replace"))
        try:
            answer = self._company.world.call(request, actor=self._actor)
        except NotSimulated as lack:
            self.lacking = lack
            raise hresult(UNEXPECTED, str(lack)) from lack
        if isinstance(answer, Cut):
            raise hresult(UNEXPECTED, "QuickBooks ended before it answered")
        if answer.status == 200:
            return answer.body.decode("utf-8")
        raise _failure(answer.status, answer.body)


def _failure(status: int, body: bytes) -> Hresult:
    if status in (401, 403):
        return hresult(NO_PERMISSION)
    try:
        told = exact_json.loads(body)
    except exact_json.MalformedJson:
        told = {}
    code = told.get("hresult") if isinstance(told, dict) else None
    if code:
        return hresult(str(code), str(told.get("detail", "")))
    return hresult(UNEXPECTED, str(told.get("message", "")) if isinstance(told, dict) else "")
