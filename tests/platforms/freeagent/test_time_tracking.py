"""Tasks, timeslips and timers: time that is kept beside the books."""

from datetime import timedelta

from tests.platforms.freeagent.desk import BASE, Desk

from sandbooks import exact_json


def task(desk: Desk, name: str = "Survey", **members: object) -> dict[str, str]:
    project = f"{BASE}/v2/projects/{desk.labels['tracking']['site']}"
    made = desk.make(f"tasks?project={project}", "task", name=name, **members)
    assert isinstance(made, dict)
    return made


def slip(desk: Desk, of: dict[str, str], hours: str, **members: object) -> dict[str, object]:
    given = {"task": of["url"], "project": of["project"], "user": desk.me(), "dated_on": "2026-03-02", "hours": hours}
    return {**given, **members}


def test_a_task_belongs_to_a_project_and_stays_while_time_is_spent_on_it(desk: Desk) -> None:
    made = task(desk, billing_rate="45.5")
    assert (made["status"], made["billing_rate"], made["currency"], made["is_deletable"]) == (
        "Active",
        "45.5",
        "GBP",
        True,
    )
    desk.make("timeslips", "timeslip", **slip(desk, made, "1.5"))
    assert desk.get(made["url"])["task"]["is_deletable"] is False
    assert desk.refused("DELETE", made["url"]) == "Task has timeslips and can't be deleted"
    assert "has items" in desk.refused("DELETE", made["project"])
    other = task(desk, "Repair")
    assert desk.change(other["url"], "task", status="Completed")["name"] == "Repair"
    assert [t["name"] for t in desk.get("tasks", view="completed")["tasks"]] == ["Repair"]
    assert [t["name"] for t in desk.get("tasks", sort="-name")["tasks"]] == ["Survey", "Repair"]
    desk.drop(other["url"])
    assert desk.refused("POST", "tasks", {"task": {"name": "x"}}, status=400).endswith("project")
    assert desk.books() == {}


def test_timeslips_are_filtered_nested_and_refused(desk: Desk) -> None:
    made = task(desk)
    first = desk.make("timeslips", "timeslip", **slip(desk, made, "1.5", comment="Roof"))
    batch = {"timeslips": [slip(desk, made, "2"), slip(desk, made, "0.25", dated_on="2026-04-01")]}
    assert desk.send("POST", "timeslips", batch).status == 201
    found = desk.get("timeslips", from_date="2026-03-01", to_date="2026-03-31", task=made["url"])["timeslips"]
    assert [one["hours"] for one in found] == ["1.5", "2.0"]
    nested = desk.get(first["url"], nested="true")["timeslip"]
    assert (nested["task"]["name"], nested["project"]["name"], nested["user"]["url"]) == (
        "Survey",
        "North Site",
        desk.me(),
    )
    assert desk.change(first["url"], "timeslip", hours="3")["comment"] == "Roof"
    wrong = {"timeslips": [slip(desk, made, "1"), slip(desk, made, "25")]}
    assert desk.refused("POST", "timeslips", wrong) == "hours must be between 0 and 24"
    assert desk.refused("POST", "timeslips", {"timeslip": slip(desk, made, "")}) == "hours can't be blank"
    desk.drop(first["url"])
    assert len(desk.get("timeslips", user=desk.me())["timeslips"]) == 2


def test_a_timer_runs_on_from_what_is_recorded(desk: Desk) -> None:
    made = desk.make("timeslips", "timeslip", **slip(desk, task(desk), "1.5"))
    started = exact_json.loads(desk.send("POST", f"{made['url']}/timer").body)["timeslip"]
    assert started["timer"]["running"] is True
    assert [one["url"] for one in desk.get("timeslips", view="running")["timeslips"]] == [made["url"]]
    desk.world.advance(by=timedelta(minutes=30))
    stopped = exact_json.loads(desk.send("DELETE", f"{made['url']}/timer").body)["timeslip"]
    assert (stopped["hours"], "timer" in stopped) == ("2.0", False)
    assert desk.get("timeslips", view="running")["timeslips"] == []
