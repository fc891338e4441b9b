"""One run of an application: the loop of the Web Connector, from serverVersion to closeConnection.

Source: QuickBooks Web Connector Programmer's Guide (the callbacks, their answers and their order).
The functions at the end are jobs of the world: what a run waits for is waited for on the world's clock.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from sandbooks.kit.company import find_company
from sandbooks.kit.errors import NotSimulated
from sandbooks.platforms.quickbooks_desktop.file import PLATFORM
from sandbooks.platforms.quickbooks_desktop.queries import iterators
from sandbooks.platforms.quickbooks_desktop.queries.about_file import country_of
from sandbooks.platforms.quickbooks_desktop.refusals import Hresult
from sandbooks.platforms.quickbooks_desktop.web_connector import applications, soap
from sandbooks.platforms.quickbooks_desktop.web_connector.applications import Application
from sandbooks.platforms.quickbooks_desktop.web_connector.quickbooks import QuickBooks
from sandbooks.wire import Cut, Request
from sandbooks.world import World

VERSION = "2.3.0.207"
QBXML_MAJOR, QBXML_MINOR = 16, 0
NO_OP_WAIT = timedelta(seconds=5)
# The real program has no limit; this one stops an application that never ends.
ROUNDS_MAX = 10_000
FILES_MAX = 10
_NO_WORK = {
    "nvu": "Authentication failed: the application refused user name and password",
    "none": "No data exchange required",
    "busy": "The application is busy",
}
_INTEGER = re.compile(r"\s*-?[0-9]{1,9}\s*")


class Ended(Exception):
    """The run is over; ``status`` is what the window shows."""

    def __init__(self, status: str, *, state: str = "failed") -> None:
        super().__init__(status)
        self.status = status
        self.state = state


class Update:
    """A run of one application."""

    def __init__(self, world: World, run: dict[str, Any], application: Application) -> None:
        company = find_company(world, PLATFORM, application.company)
        if company is None:
            raise AssertionError("an application belongs to a company file")
        self._world = world
        self._run = run
        self._application = application
        self._company = company
        self._quickbooks = QuickBooks(company, application, str(run["id"]))

    # The application

    def _call(self, method: str, *parts: tuple[str, str]) -> list[str]:
        """Call the application. Raises ``soap.Fault``, and ``Ended`` where no SOAP answer comes."""
        body = soap.envelope(method, parts)
        request = Request("POST", self._application.url, soap.headers(method), body)
        own = self._world.bells.hangs(self._application.url)
        answer = self._world.call(request, actor="web_connector") if own else self._world.deliver(request)
        sent = ", ".join(f"{name}={'*' if name == 'strPassword' else text}" for name, text in parts if name != "ticket")
        try:
            if isinstance(answer, Cut):
                raise Ended(f"QBWC1012: the application did not answer {method} ({answer.how})")
            if answer.status not in (200, 500):
                raise Ended(f"QBWC1012: the application answered {method} with HTTP {answer.status}")
            texts = soap.result(answer.body, method)
        except (soap.Fault, soap.NotSoap, Ended) as trouble:
            applications.note(self._world, self._run, method, sent=sent, got=str(trouble))
            if isinstance(trouble, soap.NotSoap):
                raise Ended(f"QBWC1012: {trouble}") from trouble
            raise
        applications.note(self._world, self._run, method, sent=sent, got="\n".join(texts))
        return texts

    def _ask(self, method: str, *parts: tuple[str, str]) -> str:
        """A call whose fault ends the run."""
        try:
            texts = self._call(method, *parts)
        except soap.Fault as fault:
            raise Ended(f"QBWC1042: {method} failed: {fault.text}") from fault
        return texts[0] if texts else ""

    @property
    def _ticket(self) -> tuple[str, str]:
        return ("ticket", str(self._run["ticket"]))

    # The loop

    def begin(self) -> None:
        """From the start: versions, authentication, company file, first round."""
        self._run["state"] = "running"
        self._keep()
        try:
            self._versions()
            self._open(self._authenticate())
            self._rounds(self._about())
        except Ended as ended:
            self._finish(ended)
        self._keep()
        self._tell_what_is_lacking()

    def _keep(self) -> None:
        with self._world.unit():
            applications.keep_run(self._world, self._run)

    def go_on(self) -> None:
        """After a wait: the next round."""
        self._run["state"] = "running"
        try:
            self._rounds("")
        except Ended as ended:
            self._finish(ended)
        self._keep()
        self._tell_what_is_lacking()

    def _tell_what_is_lacking(self) -> None:
        if self._quickbooks.lacking is not None:
            raise self._quickbooks.lacking

    def _versions(self) -> None:
        """Both calls are optional on the application's side: a fault is passed over."""
        with suppress(soap.Fault):
            self._call("serverVersion")
        try:
            texts = self._call("clientVersion", ("strVersion", VERSION))
        except soap.Fault:
            return
        answer = texts[0].strip() if texts else ""
        if answer.startswith("E:"):
            raise Ended(f"The application does not work with this Web Connector: {answer[2:]}")

    def _authenticate(self) -> str:
        """The company file that the application wants. Raises ``Ended`` when there is nothing to do."""
        user = ("strUserName", self._application.user_name)
        try:
            texts = self._call("authenticate", user, ("strPassword", self._application.password))
        except soap.Fault as fault:
            raise Ended(f"QBWC1012: authentication failed: {fault.text}") from fault
        self._run["ticket"] = texts[0] if texts else ""
        wanted = texts[1].strip() if len(texts) > 1 else ""
        self._postpone(texts)
        word = wanted.lower()
        if word in _NO_WORK:
            if self._company.settings.get("close_after_no_work", True):
                self._close()
            raise Ended(_NO_WORK[word], state="failed" if word == "nvu" else "done")
        return wanted

    def _postpone(self, texts: list[str]) -> None:
        """Seconds to put the next automatic run off, and the least seconds between runs."""
        delay, least = (_seconds(texts[index]) if len(texts) > index else 0 for index in (2, 3))
        with self._world.unit():
            application = applications.find(self._world, self._application.id)
            if application is None or not application.auto_run or not (delay or least):
                return
            every = max(application.every_seconds, least)
            planned = applications.plan(self._world, replace(application, every_seconds=max(every, delay)))
            applications.keep(self._world, replace(planned, every_seconds=every))

    def _open(self, path: str) -> None:
        """Open the company file: twice, then the application says which file to try instead, or that it is done."""
        for _ in range(FILES_MAX):
            failure = self._opened(path) and self._opened(path)
            if failure is None:
                return
            said = f"QBWC1009: could not open the company file: {failure.code} {failure.text}"
            told = (("hresult", failure.code), ("message", failure.text))
            path = self._ask("connectionError", self._ticket, *told).strip()
            if path.lower() == "done":
                break
        self._close()
        raise Ended(said)

    def _opened(self, path: str) -> Hresult | None:
        try:
            self._quickbooks.open(path)
        except Hresult as failure:
            applications.note(self._world, self._run, "open company file", sent=path, got=str(failure))
            return failure
        return None

    def _about(self) -> str:
        try:
            return self._quickbooks.about()
        except Hresult:
            return ""

    def _rounds(self, about: str) -> None:
        """Requests and answers until the application has no more."""
        while self._run["rounds"] < ROUNDS_MAX:
            self._run["rounds"] += 1
            document = self._request(about)
            about = ""
            if document.strip().lower() == "noop":
                return self._wait()
            if not document.strip():
                return self._no_more()
            percent = self._hand_over(document)
            self._run["percent"] = max(0, min(percent, 100))
            if percent >= 100:
                raise Ended(self._close() or "OK", state="done")
            if percent < 0:
                said = self._ask("getLastError", self._ticket)
                self._close()
                raise Ended(said or "The application reported an error")
        self._close()
        raise Ended(f"The run was ended after {ROUNDS_MAX} rounds")

    def _request(self, about: str) -> str:
        file = self._quickbooks.file
        return self._ask(
            "sendRequestXML",
            self._ticket,
            ("strHCPResponse", about),
            ("strCompanyFileName", file.path),
            ("qbXMLCountry", country_of(file)),
            ("qbXMLMajorVers", str(QBXML_MAJOR)),
            ("qbXMLMinorVers", str(QBXML_MINOR)),
        )

    def _hand_over(self, document: str) -> int:
        """Run a document and give its answer, or why there is none, to the application; how much is done."""
        answer, code, text = "", "", ""
        try:
            answer = self._quickbooks.run(document)
        except Hresult as failure:
            code, text = failure.code, failure.text
            applications.note(self._world, self._run, "run document", sent=document, got=f"{failure} {failure.detail}")
        told = (("response", answer), ("hresult", code), ("message", text))
        percent = self._ask("receiveResponseXML", self._ticket, *told)
        if not _INTEGER.fullmatch(percent):
            self._close()
            raise Ended(f"receiveResponseXML answered {percent!r}, which is no whole number")
        return int(percent)

    def _no_more(self) -> None:
        """An empty request: the application says why; NoOp means that it will have work in a moment."""
        said = self._ask("getLastError", self._ticket)
        if said.strip().lower() == "noop":
            return self._wait()
        status = self._close()
        if said.strip().lower() == "interactive mode":
            self._quickbooks.lacking = NotSimulated("the Web Connector's interactive mode")
            raise Ended(str(self._quickbooks.lacking))
        raise Ended(said or status or "OK", state="done")

    def _wait(self) -> None:
        self._run["state"] = "waiting"
        due = self._world.clock.now() + NO_OP_WAIT
        with self._world.unit():
            self._world.jobs.put(f"{__name__}:resume", {"run": self._run["id"]}, due=due)

    def _close(self) -> str:
        """closeConnection always comes last; iterators end with the connection."""
        with self._world.unit():
            iterators.close_session(self._world, self._company.id, str(self._run["id"]))
        try:
            texts = self._call("closeConnection", self._ticket)
        except (soap.Fault, Ended):
            return ""
        return texts[0] if texts else ""

    def _finish(self, ended: Ended) -> None:
        self._run["state"], self._run["status"] = ended.state, ended.status
        self._run["ended"] = self._world.clock.now().isoformat()
        with self._world.unit():
            standing = applications.find(self._world, self._application.id)
            if standing is not None:
                refused = ended.status == _NO_WORK["nvu"]
                applications.came_to(self._world, standing, failed=ended.state == "failed" and not refused)


def _seconds(text: str) -> int:
    return max(0, int(text)) if _INTEGER.fullmatch(text) else 0


def _of(world: World, body: dict[str, Any]) -> Update | None:
    with world.unit():
        run = applications.find_run(world, str(body["run"]))
        application = applications.find(world, str(run["application"])) if run else None
        return Update(world, run, application) if run is not None and application is not None else None


def begin(world: World, body: dict[str, Any]) -> None:
    """Job: run an application now."""
    update = _of(world, body)
    if update is not None:
        update.begin()


def resume(world: World, body: dict[str, Any]) -> None:
    """Job: go on after a wait."""
    update = _of(world, body)
    if update is not None:
        update.go_on()


def look_in(world: World, body: dict[str, Any]) -> None:
    """Job: an application without a bell is polled at its interval."""
    tick(world, body)


def tick(world: World, body: dict[str, Any]) -> None:
    """Job: an automatic run is due. The next one is planned first, so that a failing run does not end the schedule."""
    with world.unit():
        application = applications.find(world, str(body["application"]))
        if application is None or application.schedule != body["schedule"] or not application.auto_run:
            return
        if world.bells.hangs(application.url):
            world.bells.heard(application.url)
        else:
            applications.plan(world, application)
        company = find_company(world, PLATFORM, application.company)
        if company is not None and company.settings.get("web_connector_running", True):
            applications.queue(world, application, why="schedule")
        else:
            applications.came_to(world, application, failed=True)
