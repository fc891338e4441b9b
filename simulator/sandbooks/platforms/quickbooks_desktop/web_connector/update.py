"""One run of an application: the loop of the Web Connector, from serverVersion to closeConnection.

Source: QuickBooks Web Connector Programmer's Guide (the callbacks, their answers and their order).
The functions at the end are jobs of the world: what a run waits for is waited for on the world's clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from sandbooks.kit.company import find_company
from sandbooks.platforms.quickbooks_desktop.file import PLATFORM
from sandbooks.platforms.quickbooks_desktop.queries import iterators
from sandbooks.platforms.quickbooks_desktop.queries.about_file import country_of
from sandbooks.platforms.quickbooks_desktop.refusals import Hresult
from sandbooks.platforms.quickbooks_desktop.switches import switch
from sandbooks.platforms.quickbooks_desktop.web_connector import applications
from sandbooks.platforms.quickbooks_desktop.web_connector.applications import Application
from sandbooks.platforms.quickbooks_desktop.web_connector.callbacks import CallbackFailed, Callbacks, failed
from sandbooks.platforms.quickbooks_desktop.web_connector.quickbooks import QuickBooks
from sandbooks.world import World

VERSION = "2.3.0.207"
QBXML_MAJOR, QBXML_MINOR = 16, 0
NO_OP_WAIT = timedelta(seconds=5)
# The real program has no limit; this one stops an application that never ends.
ROUNDS_MAX = 10_000
FILES_MAX = 10
# Source: QuickBooks Web Connector Programmer's Guide, appendix A and the answers of authenticate
_NO_WORK = {
    "nvu": "QBWC1040: Invalid password for the user name",
    "none": "No data exchange required",
    "busy": "The application is busy",
}
_POSTPONED = "Update postponed by application"
_REMOVED = "The application was removed"
_INTERACTIVE = "interactive mode"
# How often the application is asked whether its user is done, and when a user is taken to have gone.
# Unconfirmed: both times; the guide says "periodically" and "a number of seconds".
DONE_EVERY, USER_GONE = timedelta(seconds=10), timedelta(minutes=20)
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
        headers = switch(company, "soap_headers")
        self._callbacks = Callbacks(world, run, application, headers)
        self._ask = self._callbacks.ask

    @property
    def _ticket(self) -> tuple[str, str]:
        return ("ticket", str(self._run["ticket"]))

    @property
    def has_to_wait(self) -> bool:
        """Whether another run of this application is at work. Source: Programmer's Guide (one session at a time)."""
        return applications.is_busy(self._world, self._application, but=str(self._run["id"]))

    # The loop

    def begin(self) -> None:
        """From the start: versions, authentication, company file, first round."""
        self._go(self._from_the_start)

    def _keep(self) -> None:
        with self._world.unit():
            applications.keep_run(self._world, self._run)
            standing = applications.find(self._world, self._application.id)
            at_work = str(self._run["id"]) if self._run["state"] in ("running", "waiting") else ""
            if standing is not None and standing.run != at_work:
                applications.keep(self._world, replace(standing, run=at_work))

    def go_on(self) -> None:
        """After a wait: the next round."""
        self._go(lambda: self._rounds(""))

    def look_at_user(self) -> None:
        """While the user is on the application's page: is the application done with it?"""
        self._go(self._until_done)

    def _go(self, step: Callable[[], None]) -> None:
        self._run["state"] = "running"
        self._keep()
        try:
            step()
        except Ended as ended:
            self._finish(ended)
        except CallbackFailed as trouble:
            self._finish(Ended(str(trouble)))
        self._keep()
        self._tell_what_is_lacking()

    def _from_the_start(self) -> None:
        self._versions()
        self._open(self._authenticate())
        self._rounds(self._about())

    def _tell_what_is_lacking(self) -> None:
        if self._quickbooks.lacking is not None:
            raise self._quickbooks.lacking

    def _versions(self) -> None:
        """Both calls are optional on the application's side: that it does not know them is passed over."""
        with suppress(CallbackFailed):
            self._ask("serverVersion")
        try:
            answer = self._ask("clientVersion", ("strVersion", VERSION)).strip()
        except CallbackFailed:
            return
        # Source: QuickBooks Web Connector Programmer's Guide (clientVersion; QBWC1037, QBWC1046).
        # Unconfirmed: whether O: ends the run; the guide says both.
        if answer and answer[:2] not in ("W:", "E:", "O:"):
            raise Ended(f"QBWC1046: clientVersion answered {answer!r}; the update cannot continue")
        if answer.startswith("E:") or (answer.startswith("W:") and not self._user_agrees):
            raise Ended(f"QBWC1037: the application said of this Web Connector: {answer[2:]}. Update aborted.")

    @property
    def _user(self) -> str:
        return str(self._quickbooks.file.switch("user"))

    @property
    def _user_agrees(self) -> bool:
        return self._user == "agrees"

    def _authenticate(self) -> str:
        """The company file that the application wants. Raises ``Ended`` when there is nothing to do."""
        user = ("strUserName", self._application.user_name)
        texts = self._callbacks.call("authenticate", user, ("strPassword", self._application.password))
        self._run["ticket"] = texts[0] if texts else ""
        wanted = texts[1].strip() if len(texts) > 1 else ""
        word, postponed = wanted.lower(), self._postpone(texts)
        if word in _NO_WORK or postponed:
            if self._company.settings.get("close_after_no_work", True):
                self._close()
            if postponed and word != "nvu":
                raise Ended(_POSTPONED, state="done")
            raise Ended(_NO_WORK[word], state="failed" if word == "nvu" else "done")
        return wanted

    def _postpone(self, texts: list[str]) -> bool:
        """Seconds to put this update off, and the least seconds between runs: only where Auto-Run is on."""
        # Source: QuickBooks Web Connector Programmer's Guide (authenticate, the examples of authRet[2] and authRet[3])
        delay, least = (_seconds(texts[index]) if len(texts) > index else 0 for index in (2, 3))
        with self._world.unit():
            application = applications.find(self._world, self._application.id)
            if application is None or not application.auto_run or not (delay or least):
                return False
            every = max(application.every_seconds, least)
            applications.plan(self._world, replace(application, every_seconds=every), after=delay)
            return bool(delay)

    def _open(self, path: str) -> None:
        """Open the company file: twice, then the application says which file to try instead, or that it is done."""
        for _ in range(FILES_MAX):
            failure = self._opened(path) and self._opened(path)
            if failure is None:
                return
            said = f"QBWC1013: could not open the company file: {failure.code} {failure.text}"
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
        """What the application is told first. Source: QuickBooks Web Connector Programmer's Guide (QBWC1014)"""
        try:
            return self._quickbooks.about()
        except Hresult as failure:
            self._close()
            reason = "could not get the answers to the queries of host, company and preferences"
            raise Ended(f"QBWC1014: {reason}: {failure.code} {failure.text}") from failure

    def _rounds(self, about: str) -> None:
        """Requests and answers until the application has no more."""
        while self._run["rounds"] < ROUNDS_MAX:
            self._run["rounds"] += 1
            document = self._request(about)
            about = ""
            # Source: QuickBooks Web Connector Programmer's Guide (NoOp is asked about like an empty request)
            if document.strip().lower() in ("", "noop"):
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
            raise Ended(str(failed("receiveResponseXML", f"{percent!r} is no whole number")))
        return int(percent)

    def _no_more(self) -> None:
        """No request: the application says why; NoOp means that it will have work in a moment."""
        said = self._ask("getLastError", self._ticket)
        word = said.strip().lower()
        if word == "noop":
            return self._wait()
        if word == _INTERACTIVE:
            return self._invite()
        status = self._close()
        raise Ended(said or status or "OK", state="done")

    def _wait(self) -> None:
        self._later("resume", NO_OP_WAIT)

    def _later(self, job: str, pause: timedelta) -> None:
        self._run["state"] = "waiting"
        due = self._world.clock.now() + pause
        with self._world.unit():
            self._world.jobs.put(f"{__name__}:{job}", {"run": self._run["id"]}, due=due)

    # Interactive mode. Source: QuickBooks Web Connector Programmer's Guide (getInteractiveURL and those after it)

    @property
    def _own_ticket(self) -> tuple[str, str]:
        return ("wcTicket", str(self._run["ticket"]))

    def _invite(self) -> None:
        """Ask the user for leave, and open the application's page."""
        if not self._user_agrees:
            return self._reject("The user declined" if self._user == "declines" else "The user did not answer")
        url = self._ask("getInteractiveURL", self._own_ticket, ("sessionID", str(self._run["id"])))
        applications.note(self._world, self._run, "open browser", sent=url)
        self._run["asked_at"] = self._world.clock.now().isoformat()
        return self._later("look", DONE_EVERY)

    def _until_done(self) -> None:
        """An empty text or Done ends it, and the rounds go on; a user who stays away too long is given up."""
        if self._ask("interactiveDone", self._own_ticket).strip().lower() in ("", "done"):
            return self._rounds("")
        if self._world.clock.now() - datetime.fromisoformat(str(self._run["asked_at"])) >= USER_GONE:
            return self._reject("The user did not finish in time")
        return self._later("look", DONE_EVERY)

    def _reject(self, reason: str) -> None:
        said = self._ask("interactiveRejected", self._own_ticket, ("reason", reason))
        status = self._close()
        raise Ended(said or status or reason, state="done")

    def _close(self) -> str:
        """closeConnection always comes last; iterators end with the connection."""
        with self._world.unit():
            iterators.close_session(self._world, self._company.id, str(self._run["id"]))
        try:
            return self._ask("closeConnection", self._ticket)
        except CallbackFailed:  # it stands in the log; the run ends as it would have
            return ""

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
    """The run of a job; None where it cannot go on. One whose application is gone from the window ends here."""
    with world.unit():
        run = applications.find_run(world, str(body["run"]))
        application = applications.find(world, str(run["application"])) if run else None
        if run is not None and application is None and not run["ended"]:
            ended = {"state": "failed", "status": _REMOVED, "ended": world.clock.now().isoformat()}
            applications.keep_run(world, {**run, **ended})
        return Update(world, run, application) if run is not None and application is not None else None


def begin(world: World, body: dict[str, Any]) -> None:
    """Job: run an application now; or, where another run of it has not ended, after that."""
    update = _of(world, body)
    if update is None:
        return
    with world.unit():
        if update.has_to_wait:
            world.jobs.put(f"{__name__}:begin", body, due=world.clock.now() + NO_OP_WAIT)
            return
    update.begin()


def resume(world: World, body: dict[str, Any]) -> None:
    """Job: go on after a wait."""
    update = _of(world, body)
    if update is not None:
        update.go_on()


def look_in(world: World, body: dict[str, Any]) -> None:
    """Job: an application without a bell is polled at its interval."""
    tick(world, body)


def look(world: World, body: dict[str, Any]) -> None:
    """Job: see whether the user is done with the application's page."""
    update = _of(world, body)
    if update is not None:
        update.look_at_user()


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
            if world.bells.hangs(application.url) or not applications.is_busy(world, application):
                applications.queue(world, application, why="schedule")
        else:
            applications.came_to(world, application, failed=True)
