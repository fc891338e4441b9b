"""Playing one run of a scenario: a fresh world, the steps in order, and what came of each."""

from __future__ import annotations

from dataclasses import replace

from sandbooks import exact_json
from sandbooks.replay import checks
from sandbooks.replay.result import Played, Result
from sandbooks.replay.run import Run, path_of
from sandbooks.replay.script_steps import Scenario
from sandbooks.replay.transport import InProcess, OverSocket, Refused, Transport


def play(scenario: Scenario, *, base_url: str = "", seed: int | None = None, keep_books: bool = False) -> Result:
    """One run from a fresh world to its result, in this process or on a running server.

    ``keep_books``: the result also holds the books after each step.
    """
    transport: Transport = OverSocket(base_url) if base_url else InProcess()
    scenario = scenario if seed is None else replace(scenario, seed=seed)
    run = Run(scenario, transport)
    result = Result(scenario)
    try:
        run.open()
        for step in scenario.steps:
            before = checks.exchange_count(run.control)
            failures = run.play(step)
            played = Played(step, failures, (before, checks.exchange_count(run.control)))
            result.played.append(played)
            if keep_books:
                played.books = {key: checks.books_of(run.control, place) for key, place in run.places.items()}
            if failures and step.verb != "expect":
                break
        else:
            result.failures = run.close()
        collect(run, result)
    except Refused as refused:
        result.error = str(refused)
    finally:
        _end(run, transport)
    return result


def collect(run: Run, result: Result) -> None:
    """What a report shows of a run: tape, documents, books."""
    raw = run.control.raw("GET", f"/_control/worlds/{run.control.world}/tape")
    result.exchanges = [exact_json.loads(line) for line in raw.splitlines()]
    result.tape = run.control.raw("GET", f"/_control/worlds/{run.control.world}/tape?canonical=true")
    result.har = run.control.call("GET", "/tape.har")
    for key, place in run.places.items():
        result.documents[key] = run.control.call("GET", f"{path_of(place)}/documents")
        result.books_before[key] = place.books_before
        result.books_after[key] = checks.books_of(run.control, place)
        result.lines[key] = run.control.call("GET", f"{path_of(place)}/lines")
        result.names[key] = place.names
    labels = {run.id_of(label): label for label in (*run.transactions, *run.payables)}
    for exchange in result.exchanges:
        text = exact_json.dumps(exchange["request"]).decode()
        exchange["transactions"] = [label for id, label in labels.items() if id in text]


def _end(run: Run, transport: Transport) -> None:
    try:
        run.control.drop()
    except Refused:
        # The world was never made: there is nothing to drop, and why it was not made is in the result already.
        return
    finally:
        transport.close()
