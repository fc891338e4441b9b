"""An example as a scenario file that people read: one step on each line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbooks.audit import Finding
from sandbooks.harness.examples import Data
from sandbooks.replay.script_schema import validator

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*|\d+(?:\.\d+)? [A-Z]{3}|\d+[smhd]|\d+(?:\.\d+)?%")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def scenario_text(data: Mapping[str, Any]) -> str:
    """The data as YAML. Raises ``ValueError`` where the scenario language cannot hold it."""
    problem = next(iter(validator().iter_errors(data)), None)
    if problem is not None:
        raise ValueError(f"{'/'.join(map(str, problem.absolute_path))}: {problem.message}")
    lines = []
    for name, value in data.items():
        if name == "companies":
            lines += _companies(value)
        elif name == "steps":
            lines += ["steps:", *(f"  - {_step(step)}" for step in value)]
        elif name == "about":
            lines.append(f"about: {_flow(value)}")
        else:
            lines.append(f"{name}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _companies(companies: Mapping[str, Any]) -> list[str]:
    lines = ["companies:"]
    for key, facts in companies.items():
        lines.append(f"  {key}:")
        for name, value in facts.items():
            if isinstance(value, dict):
                lines += [f"    {name}:", *(f"      {label}: {_flow(inner)}" for label, inner in value.items())]
            else:
                lines.append(f"    {name}: {_flow(value)}")
    return lines


def _step(step: Mapping[str, Any]) -> str:
    if len(step) > 1:
        return _flow(step)
    ((verb, value),) = step.items()
    return f"{verb}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(str(key))}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int):
        return "null" if value is None else str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def named(data: Data, finding: Finding) -> Data:
    """The data with a sentence that says what comes of it, and what it covers."""
    covers = sorted({*finding.invariants, *finding.failure_modes})
    ids = re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b ?")
    title = " ".join(ids.sub("", finding.title).split())
    head = {"scenario": title if len(title) >= 10 else f"Found by check: {title}", "covers": covers}
    return {**head, **{name: value for name, value in data.items() if name not in head}}


def write_scenario(data: Data, folder: Path, name: str) -> Path:
    """Write a scenario file; its folder is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.yaml"
    file.write_text(scenario_text(data), encoding="utf-8")
    return file
