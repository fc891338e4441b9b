"""The report page: one HTML file that needs nothing beside it, and says the same for the same results."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from sandbooks import __version__
from sandbooks.replay.reports.amounts import moment, plural
from sandbooks.replay.reports.overview import overview
from sandbooks.replay.reports.run_view import Budget, RunView, run_view
from sandbooks.replay.result import Result


def render_page(results: Sequence[Result], *, file_names: Sequence[str] = ()) -> str:
    """The whole page. ``file_names`` are those of the tapes and HARs that stand beside it, one for each result."""
    budget = Budget()
    names = file_names or [""] * len(results)
    order = sorted(range(len(results)), key=lambda index: results[index].passed)
    views: dict[int, RunView] = {}
    for index in order:  # failed runs first: what the page has room for goes to them
        views[index] = run_view(results[index], f"run-{index + 1}", file_name=names[index], budget=budget)
    runs = [views[index] for index in range(len(results))]
    script = _source("report.js")
    return (
        _environment()
        .get_template("report.html")
        .render(
            overview=overview(runs),
            runs=runs,
            failed=[run for run in runs if not run.passed],
            version=__version__,
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


@cache
def _environment() -> Environment:
    loader = ChoiceLoader([PackageLoader("sandbooks.replay.reports"), PackageLoader("sandbooks.console")])
    environment = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters.update(plural=lambda count, noun, many="": plural(count, noun, many), moment=moment)
    return environment


def _source(name: str) -> str:
    environment = _environment()
    if environment.loader is None:
        raise AssertionError("the environment has a loader")
    return environment.loader.get_source(environment, name)[0]
