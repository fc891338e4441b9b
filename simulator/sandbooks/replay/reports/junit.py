"""Results as JUnit XML, the form that CI servers read.

One suite for each scenario file, one case for each run. A run that did not hold is a failure; one that could not be
played is an error.
Source: https://github.com/testmoapp/junitxml (the elements and attributes that CI servers agree on).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from sandbooks.replay.reports.places import shown_file
from sandbooks.replay.result import Result

# Source: https://www.w3.org/TR/xml/#charsets: what may not stand in XML at all, not even as a reference.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(results: Sequence[Result], file: Path) -> None:
    """Write JUnit XML; the file's folder is made when it is not there. Raises ``OSError``."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(junit_xml(results))


def junit_xml(results: Sequence[Result]) -> bytes:
    """The results as one UTF-8 document."""
    root = ElementTree.Element("testsuites", {"name": "sandbooks replay", **_counts(results)})
    by_file: dict[str, list[Result]] = {}
    for result in results:
        by_file.setdefault(shown_file(result.scenario.file), []).append(result)
    for file, group in by_file.items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": _text(file), **_counts(group)})
        for result in group:
            _case(suite, result, file)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _counts(results: Sequence[Result]) -> dict[str, str]:
    errors = sum(bool(result.error) for result in results)
    failures = sum(not result.passed for result in results) - errors
    return {"tests": str(len(results)), "failures": str(failures), "errors": str(errors), "skipped": "0"}


def _case(suite: ElementTree.Element, result: Result, file: str) -> None:
    scenario = result.scenario
    attributes = {"name": scenario.name, "classname": file.removesuffix(".yaml").replace("/", "."), "file": file}
    case = ElementTree.SubElement(suite, "testcase", {name: _text(value) for name, value in attributes.items()})
    properties = ElementTree.SubElement(case, "properties")
    facts = {"title": scenario.title, "platform": scenario.platform, "seed": scenario.seed, **scenario.values}
    facts["exchanges"] = len(result.exchanges)
    for name, value in facts.items():
        ElementTree.SubElement(properties, "property", {"name": _text(str(name)), "value": _text(str(value))})
    if not result.passed:
        problem = ElementTree.SubElement(case, "error" if result.error else "failure")
        problem.set("message", _text(result.problems[0]))
        problem.set("type", "Unplayable" if result.error else "NotAsExpected")
        problem.text = _text("\n".join(result.problems))


def _text(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
