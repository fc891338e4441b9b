"""Reading a scenario file: from YAML to the concrete runs that a runner plays.

A file is one script for several platforms and several combinations of its matrix; each of these is a run of its own,
a Scenario. Reading checks what a file must be to be played at all and raises FileInvalid with file, line and remedy;
what is questionable beyond that is for ``lint``. Knows nothing of how a step is played.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sandbooks import capabilities
from sandbooks.capabilities import Capabilities
from sandbooks.platform import CompanyPlan, platform_named
from sandbooks.replay.script_building import Mistake, action, moment, native_of
from sandbooks.replay.script_schema import schema_problems
from sandbooks.replay.script_steps import Expect, Scenario, Step
from sandbooks.settings import Document, FileInvalid, NodePath, Problem, nearest, parse_document, read_document

STEP_WORDS = ("only", "company", "note")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# Texts of these steps may hold values that exist only while the scenario runs.
_LATE_STEPS = ("http",)


@dataclass(frozen=True, slots=True)
class Variant:
    """One combination of the matrix: its values, and the file's data with them filled in."""

    values: Mapping[str, Any]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A file that agrees with the schema. ``platforms`` are the ones that it runs on."""

    document: Document = field(repr=False)
    title: str
    edition: str
    platforms: tuple[str, ...]
    variants: tuple[Variant, ...] = field(repr=False)

    def runs(self, platforms: Iterable[str] = ()) -> tuple[Scenario, ...]:
        """Every run, in the order of platforms and then matrix; only on these platforms when some are given.

        Raises FileInvalid when a step cannot be understood.
        """
        wanted = tuple(platforms) or self.platforms
        chosen = [name for name in self.platforms if name in wanted]
        return tuple(self.run(name, variant) for name in chosen for variant in self.variants)

    def run(self, platform: str, variant: Variant) -> Scenario:
        """One run. Raises FileInvalid when a step cannot be understood."""
        scenario, problems = self.attempt(platform, variant)
        if problems:
            raise FileInvalid(problems)
        return scenario

    def attempt(self, platform: str, variant: Variant) -> tuple[Scenario, tuple[Problem, ...]]:
        """One run without the steps that cannot be understood, and what is wrong with those."""
        data, problems = variant.data, list[Problem]()
        companies = {key: company_plan(key, facts, platform) for key, facts in data["companies"].items()}
        steps = tuple(self._steps(platform, data, companies, problems))
        try:
            clock = moment(data["clock"], ("clock",))
        except Mistake as mistake:
            raise FileInvalid([_problem(self.document, mistake)]) from mistake
        scenario = Scenario(
            file=self.document.file,
            title=data["scenario"],
            platform=platform,
            edition=self.edition,
            values=variant.values,
            seed=data["seed"],
            clock=clock,
            companies=companies,
            steps=steps,
            about=data.get("about"),
            covers=tuple(data.get("covers", ())),
            relation=data.get("relation", ""),
        )
        return scenario, tuple(problems)

    def _steps(
        self, platform: str, data: Mapping[str, Any], companies: Mapping[str, CompanyPlan], problems: list[Problem]
    ) -> Iterator[Step]:
        pushed: dict[str, Mapping[str, Any]] = {}
        for index, raw in enumerate(data["steps"]):
            if platform not in raw.get("only", (platform,)):
                continue
            verb = next(key for key in raw if key not in STEP_WORDS)
            path: NodePath = ("steps", index, verb)
            try:
                company = company_of(raw, verb, companies, path)
                base = companies[company].currency
                built = action(verb, raw[verb], path, base=base, pushed=pushed)
                if isinstance(built, Expect):
                    built = _with_native(built, raw[verb], platform)
            except Mistake as mistake:
                problems.append(_problem(self.document, mistake))
                continue
            line = self.document.position(path[:2])[0]
            yield Step(
                number=index + 1, verb=verb, action=built, company=company, note=raw.get("note"), line=line, path=path
            )


def read_scenario(path: Path) -> ScenarioFile:
    """Read a scenario file. Raises FileInvalid with every problem that the schema sees."""
    return scenario_of(read_document(path))


def parse_scenario(text: str, file: str = "<text>") -> ScenarioFile:
    """A scenario from YAML text."""
    return scenario_of(parse_document(text, file))


def scenario_of(document: Document) -> ScenarioFile:
    """A scenario from a document. Raises FileInvalid."""
    problems = schema_problems(document, document.data)
    if problems:
        raise FileInvalid(problems)
    data = document.data
    edition = data.get("edition", capabilities.LATEST)
    if edition not in capabilities.EDITIONS:
        message, remedy = f"There is no edition `{edition}`.", nearest(edition, capabilities.EDITIONS)
        raise FileInvalid([document.problem(("edition",), message, remedy=remedy)])
    variants = tuple(_variants(document))
    return ScenarioFile(document, data["scenario"], edition, platforms_of(document, edition), variants)


def platforms_of(document: Document, edition: str) -> tuple[str, ...]:
    """The platforms named, or all that offer what is required."""
    data = document.data
    if "platforms" in data:
        return tuple(data["platforms"])
    found = tables(edition).offering(tuple(data["requires"]))
    if not found:
        message = f"No platform offers all of {', '.join(data['requires'])}."
        raise FileInvalid([document.problem(("requires",), message, remedy="Require less, or name `platforms`.")])
    return found


def tables(edition: str) -> Capabilities:
    """The capability tables of an edition."""
    return capabilities.load(edition)


def scenario_files(path: Path) -> tuple[Path, ...]:
    """The scenario files of a folder, in order, or the one file itself."""
    return (path,) if path.is_file() else tuple(sorted(path.rglob("*.yaml")))


def company_plan(key: str, facts: Mapping[str, Any], platform: str) -> CompanyPlan:
    """A company to be opened on a platform, every account and contact with its currency."""
    currency = facts["currency"]
    lists = {name: facts.get(name, {}) for name in ("suppliers", "customers", "taxes", "tracking")}
    accounts = {name: {"currency": currency, **account} for name, account in facts.get("accounts", {}).items()}
    numbers = platform_named(platform).unique_numbers if facts.get("unique_numbers") else ()
    return CompanyPlan(
        name=facts.get("name", key.replace("_", " ").title()),
        country=facts["country"],
        currency=currency,
        time_zone=facts.get("timezone", ""),
        accounts=accounts,
        settings={**dict.fromkeys(numbers, True), **facts.get("settings", {}).get(platform, {})},
        **lists,
    )


def company_of(raw: Mapping[str, Any], verb: str, companies: Mapping[str, CompanyPlan], path: NodePath) -> str:
    """The company that a step is about: named in it, or the only one."""
    value = raw[verb]
    inside = {"connect": value, "unlink": value}.get(verb, value)
    named = raw.get("company")
    if isinstance(inside, dict) and verb in ("connect", "configure"):
        named = inside.get("company", named)
    elif verb in ("connect", "unlink"):
        named = inside
    if named is None and len(companies) == 1:
        return next(iter(companies))
    if named is None:
        remedy = f"Add `company:` beside `{verb}:` ({', '.join(companies)})."
        raise Mistake(path, "The scenario has several companies; which one is meant?", remedy)
    if named not in companies:
        raise Mistake(path, f"There is no company `{named}`.", nearest(str(named), companies))
    return str(named)


def filled(value: Any, values: Mapping[str, Any]) -> Any:
    """Data with the placeholders of the matrix filled in, keys included; unknown ones are left."""
    if isinstance(value, dict):
        return {
            filled(key, values) if isinstance(key, str) else key: filled(inner, values) for key, inner in value.items()
        }
    if isinstance(value, list):
        return [filled(item, values) for item in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    if whole and whole[1] in values:
        return values[whole[1]]
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), value)


def placeholders(value: Any) -> Iterator[str]:
    """Every placeholder that occurs in data."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from placeholders(key)
            yield from placeholders(inner)
    elif isinstance(value, list):
        for item in value:
            yield from placeholders(item)
    elif isinstance(value, str):
        yield from _PLACEHOLDER.findall(value)


def _variants(document: Document) -> Iterator[Variant]:
    data = document.data
    matrix: Mapping[str, list[Any]] = data.get("matrix", {})
    _check_placeholders(document, set(matrix))
    for combination in itertools.product(*matrix.values()):
        values = dict(zip(matrix, combination, strict=True))
        body = filled({key: value for key, value in data.items() if key != "matrix"}, values)
        if matrix and (problems := schema_problems(document, body, note=_in_words(values))):
            raise FileInvalid(problems)
        yield Variant(values, body)


def _in_words(values: Mapping[str, Any]) -> str:
    return "with " + ", ".join(f"{key} = {value}" for key, value in values.items())


def _check_placeholders(document: Document, known: set[str]) -> None:
    used = set(placeholders({key: value for key, value in document.data.items() if key != "matrix"}))
    problems = [
        document.problem(("matrix", name), f"`{name}` is used nowhere.", remedy=f"Use `{{{name}}}`, or remove it.")
        for name in sorted(known - used)
    ]
    early = {key: value for key, value in document.data.items() if key not in ("matrix", "steps")}
    problems += _unknown_placeholders(document, (), early, known)
    for index, step in enumerate(document.data["steps"]):
        if not any(verb in step for verb in _LATE_STEPS):
            problems += _unknown_placeholders(document, ("steps", index), step, known)
    if problems:
        raise FileInvalid(problems)


def _unknown_placeholders(document: Document, path: NodePath, value: Any, known: set[str]) -> list[Problem]:
    remedy = f"Known: {', '.join(sorted(known))}." if known else "Declare it under `matrix`."
    return [
        document.problem(path, f"`{{{name}}}` has no value.", remedy=remedy)
        for name in dict.fromkeys(placeholders(value))
        if name not in known
    ]


def _with_native(expected: Expect, value: Mapping[str, Any], platform: str) -> Expect:
    here = value.get("native", {}).get(platform, {})
    return replace(expected, native={label: native_of(facts) for label, facts in here.items()})


def _problem(document: Document, mistake: Mistake) -> Problem:
    return document.problem(mistake.path, mistake.message, remedy=mistake.remedy)
