"""The applications in the Web Connector's list, and the log of their runs. Rows of the world."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from sandbooks.kit.company import Company
from sandbooks.kit.tokens import Tokens
from sandbooks.platforms.quickbooks_desktop.access import NO_PERSONAL_DATA, READ_ONLY
from sandbooks.platforms.quickbooks_desktop.file import PLATFORM
from sandbooks.platforms.quickbooks_desktop.refusals import Unknown
from sandbooks.platforms.quickbooks_desktop.web_connector.qwc import Introduction
from sandbooks.world import World

APPLICATIONS = f"{PLATFORM}/application"
RUNS = f"{PLATFORM}/run"
_UPDATE = "sandbooks.platforms.quickbooks_desktop.web_connector.update:"
_TEXT_MAX = 20_000
DAY_SECONDS = 86_400
RETRY_SECONDS_MAX = 6 * 3600


class Application(Struct, frozen=True, kw_only=True):
    """One application. ``schedule`` counts its plans, so that only the latest one polls; ``run`` is the one at work."""

    id: str
    company: str
    name: str
    url: str
    user_name: str
    password: str
    owner_id: str
    file_id: str
    every_seconds: int = 0
    auto_run: bool = False
    read_only: bool = False
    token: str = ""
    schedule: int = 0
    failures: int = 0
    style: str = "Document"
    auth_flags: int = 0
    run: str = ""

    def shown(self) -> dict[str, Any]:
        """As the window shows it: never the password, nor the token."""
        hidden = ("password", "token", "schedule", "failures", "company", "style", "auth_flags", "run")
        return {name: value for name, value in asdict(self).items() if name not in hidden}


def add(company: Company, introduction: Introduction, *, password: str) -> Application:
    """Add an application; the same OwnerID and FileID replace the one that stands."""
    world = company.world
    standing = next((a for a in of_company(company) if a.file_id == introduction["FileID"]), None)
    tokens = Tokens(world, PLATFORM)
    read_only = introduction["IsReadOnly"] == "true"
    # A user grants what is asked for; what is not asked for (pdpNotNeeded) is not granted.
    closed = introduction["PersonalDataPref"] == "pdpNotNeeded"
    scopes = (*((READ_ONLY,) if read_only else ()), *((NO_PERSONAL_DATA,) if closed else ()))
    grant = tokens.new_grant(
        client_id=introduction["AppName"],
        scopes=scopes,
        companies=(company.id,),
        user="Admin",
    )
    made = Application(
        id=standing.id if standing else world.ids.uuid(APPLICATIONS),
        company=company.id,
        name=introduction["AppDisplayName"] or introduction["AppName"],
        url=introduction["AppURL"],
        user_name=introduction["UserName"],
        password=password,
        owner_id=introduction["OwnerID"],
        file_id=introduction["FileID"],
        every_seconds=introduction.every_seconds,
        read_only=read_only,
        token=tokens.issue("access", grant, lifetime=None).value,
        # What was planned for the one that stood comes to nothing; what it has at work goes on.
        schedule=standing.schedule + 1 if standing else 0,
        run=standing.run if standing else "",
        style=introduction["Style"] or "Document",
        auth_flags=introduction.auth_flags,
    )
    keep(world, made)
    return made


def keep(world: World, application: Application) -> None:
    world.put(APPLICATIONS, application.id, asdict(application))


def drop(world: World, application: Application) -> None:
    """Take an application off the list; its log stays."""
    world.put(APPLICATIONS, application.id, None)


def of_company(company: Company) -> list[Application]:
    """The applications of a company file."""
    kept = company.world.kept(APPLICATIONS).values()
    return [Application(**each) for each in kept if each["company"] == company.id]


def find(world: World, id: str) -> Application | None:
    kept = world.get(APPLICATIONS, id)
    return Application(**kept) if kept else None


def lookup(company: Company, id: str) -> Application:
    """An application of a company file. Raises ``Unknown``."""
    found = find(company.world, id)
    if found is None or found.company != company.id:
        raise Unknown("application", id)
    return found


def plan(world: World, application: Application, *, after: int = 0) -> Application:
    """Put the next automatic run on the clock, if there is to be one, after so many seconds or its own interval.

    Earlier plans end.

    An application of this world that has a bell is polled when it has rung.
    """
    planned = replace(application, schedule=application.schedule + 1)
    keep(world, planned)
    if world.bells.hangs(planned.url):
        world.bells.follow(
            planned.url,
            run=_UPDATE + "tick",
            body={"application": planned.id, "schedule": planned.schedule},
            every=timedelta(seconds=planned.every_seconds or DAY_SECONDS),
        )
        return planned
    if planned.auto_run and (after or planned.every_seconds > 0):
        due = world.clock.now() + timedelta(seconds=after or planned.every_seconds)
        world.jobs.put(_UPDATE + "look_in", {"application": planned.id, "schedule": planned.schedule}, due=due)
    return planned


def came_to(world: World, application: Application, *, failed: bool) -> None:
    """How a run of an application with a bell ended: after a failure the program comes again by itself.

    It would come at every interval; each further failure makes the pause longer, so that a company file which stays
    closed for a week is not asked for every few seconds of it.
    """
    if not world.bells.hangs(application.url):
        return
    failures = application.failures + 1 if failed else 0
    if failures != application.failures:
        keep(world, replace(application, failures=failures))
    if failed and application.auto_run:
        pause = min(RETRY_SECONDS_MAX, max(1, application.every_seconds) * 2 ** min(failures, 20))
        world.bells.ring(application.url, later=timedelta(seconds=pause))


# Runs


def is_busy(world: World, application: Application, *, but: str = "") -> bool:
    """Whether a run of an application, but for one, has begun and waits to go on.

    One that stands as running is at an end: what an application raised in this process, or a kill, cut it short.
    """
    run = find_run(world, application.run) if application.run not in ("", but) else None
    return run is not None and run["state"] == "waiting"


def queue(world: World, application: Application, *, why: str) -> dict[str, Any]:
    """A new run of an application, due now."""
    run: dict[str, Any] = {
        "id": world.ids.uuid(RUNS),
        "number": world.ids.number(RUNS),
        "application": application.id,
        "company": application.company,
        "why": why,
        "state": "queued",
        "status": "",
        "percent": 0,
        "rounds": 0,
        "ticket": "",
        "asked_at": "",
        "started": world.clock.now().isoformat(),
        "ended": "",
        "log": [],
    }
    keep_run(world, run)
    world.jobs.put(_UPDATE + "begin", {"run": run["id"]})
    return run


def keep_run(world: World, run: dict[str, Any]) -> None:
    world.put(RUNS, str(run["id"]), run)


def find_run(world: World, id: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = world.get(RUNS, id)
    return found


def runs_of(company: Company, application: str = "") -> list[dict[str, Any]]:
    """The runs over a company file, oldest first."""
    kept = [run for run in company.world.kept(RUNS).values() if run["company"] == company.id]
    return sorted((r for r in kept if application in ("", r["application"])), key=lambda run: int(run["number"]))


def shown(run: dict[str, Any]) -> dict[str, Any]:
    """A run as the window shows it."""
    return {name: value for name, value in run.items() if name not in ("company", "number", "ticket", "asked_at")}


def note(world: World, run: dict[str, Any], call: str, *, sent: str = "", got: str = "") -> None:
    """Add a line to the log of a run."""
    line = {"at": world.clock.now().isoformat(), "call": call, "sent": sent[:_TEXT_MAX], "got": got[:_TEXT_MAX]}
    run["log"].append(line)
