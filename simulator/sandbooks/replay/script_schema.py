"""Comparing a scenario with its schema, in words that help the person who wrote it.

A JSON Schema validator says which keyword failed; a choice between many shapes makes that unreadable. Here the shape
that was meant is found first (by the verb, the kind, the fault that is named), and only its own faults are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from sandbooks.replay.script_steps import KINDS
from sandbooks.settings import Document, NodePath, Problem, known_platforms, nearest, read_contract, widened

_TYPES = {"object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number", "null": "null"}


def schema_problems(document: Document, data: Any, *, note: str = "") -> list[Problem]:
    """Everything that the schema sees, by line. ``note`` is added to each message (which variant is meant)."""
    found = {_problem(document, error, note): None for top in validator().iter_errors(data) for error in _meant(top)}
    return sorted(found, key=lambda problem: (problem.line, problem.column))


@cache
def validator() -> Draft202012Validator:
    """The validator of scenario files."""
    return Draft202012Validator(widened(read_contract("scenario.schema.json"), known_platforms()))


def _meant(error: ValidationError) -> Iterator[ValidationError]:
    """The faults of the shape that was meant, when an error is a failed choice."""
    if error.validator not in ("oneOf", "anyOf") or not error.context or _is_step_choice(error) or _is_two_forms(error):
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    best = min(branches.values(), key=lambda errors: sum(map(_distance, errors)))
    if _names_no_kind(error) or all(
        inner.validator in ("enum", "const", "pattern", "type") and not inner.relative_path for inner in best
    ):
        yield error
    else:
        for inner in best:
            yield from _meant(inner)


def _distance(error: ValidationError) -> float:
    """How far a shape is from what was written: a missing first key or another type says that it was not meant."""
    if error.validator == "type" and not error.relative_path:
        return 1000
    if error.validator == "required" and not error.relative_path:
        missing = _missing(error)
        return 100 if missing[0] == _schema(error)["required"][0] else 1
    if error.validator in ("oneOf", "anyOf") and error.context:
        return 0.5
    return 1 if error.relative_path else 2


def _is_step_choice(error: ValidationError) -> bool:
    return list(error.absolute_schema_path)[-3:] == ["$defs", "step", "oneOf"] or (
        len(error.absolute_path) == 2 and error.absolute_path[0] == "steps"
    )


def _is_two_forms(error: ValidationError) -> bool:
    return error.validator == "oneOf" and "lines" in _schema(error).get("dependentSchemas", ())


def _two_forms(name: str, written: Mapping[str, Any]) -> tuple[str, str]:
    remedy = "Give either `amount` and `account`, or `lines`."
    missing = [key for key in ("amount", "account") if key not in written]
    if "lines" in written or not missing:
        return f"{name} mixes `lines` with the shorthand", remedy
    return f"{name} lacks {' and '.join(f'`{key}`' for key in missing)}", remedy


def _names_no_kind(error: ValidationError) -> bool:
    written = _mapping(error.instance)
    return bool(written) and _is_transaction(error) and not written.keys() & set(KINDS)


def _is_transaction(error: ValidationError) -> bool:
    shapes = [*_schema(error).get("oneOf", ()), *_schema(error).get("anyOf", ())]
    return any(shape.get("$ref") in ("#/$defs/push_payment", "#/$defs/transaction") for shape in shapes)


def _problem(document: Document, error: ValidationError, note: str) -> Problem:
    path: NodePath = tuple(error.absolute_path)
    path, message, remedy = _in_words(path, error)
    return document.problem(path, f"{message} ({note})." if note else f"{message}.", remedy=remedy)


def _in_words(path: NodePath, error: ValidationError) -> tuple[NodePath, str, str]:
    """Place, what is wrong, and what to write instead."""
    words = [part for part in path if isinstance(part, str)]
    name = f"`{words[-1]}`" if words else "The file"
    if _is_step_choice(error):
        return path, *_step_choice(error)
    if error.validator == "additionalProperties":
        return _unknown_key(path, error)
    if error.validator == "required":
        missing = _missing(error)
        return path, f"{name} lacks {', '.join(f'`{key}`' for key in missing)}", _described(error, missing[0])
    if error.validator == "type":
        wanted = str(error.validator_value)
        return path, f"{name} is not {_TYPES.get(wanted, wanted)}", _hint(error)
    if error.schema is False:
        return path, *_two_forms(name, {"lines": None})
    if _is_two_forms(error):
        return path, *_two_forms(name, _mapping(error.instance))
    if _names_no_kind(error):
        first = next(iter(_mapping(error.instance)), "")
        return path, f"{name} names no kind of transaction", nearest(first, KINDS)
    if error.validator in ("oneOf", "anyOf", "enum", "const", "pattern", "not", "propertyNames"):
        return path, f"`{_short(error.instance)}` cannot stand here", _hint(error)
    return path, f"{name}: {error.message}", _hint(error)


def _step_choice(error: ValidationError) -> tuple[str, str]:
    if not isinstance(error.instance, dict):
        return "A step is a mapping", "Write `- verb: value`."
    schema = _schema(error)
    verbs = [branch["required"][0] for branch in schema.get("oneOf", ())]
    present = [key for key in error.instance if key in verbs]
    if len(present) > 1:
        return f"One step has several verbs: {', '.join(present)}", "Begin a step of its own, with `-`, for each."
    unknown = [key for key in error.instance if key not in schema["properties"]]
    if unknown:
        return f"Unknown verb `{unknown[0]}`", nearest(unknown[0], verbs)
    return "The step has no verb", f"Use one of: {', '.join(verbs)}."


def _unknown_key(path: NodePath, error: ValidationError) -> tuple[NodePath, str, str]:
    schema, written = _schema(error), list(_mapping(error.instance))
    known = set(schema.get("properties", {}))
    unknown = next(key for key in written if key not in known)
    return (*path, unknown), f"Unknown key `{unknown}`", nearest(unknown, known - set(written))


def _hint(error: ValidationError) -> str:
    """What the schema says about the place."""
    schema = _schema(error)
    words = _words(schema)
    if words and isinstance(error.instance, str):
        return nearest(error.instance, words)
    if schema.get("description"):
        return str(schema["description"])
    branches = [branch for branch in schema.get("anyOf", ()) if isinstance(branch, dict)]
    told = [str(branch["description"]) for branch in map(_resolved, branches) if "description" in branch]
    return told[0] if told else f"It must satisfy: {error.validator} {_short(error.validator_value)}."


def _words(schema: Mapping[str, Any]) -> list[str]:
    found = [*schema.get("enum", ())]
    for branch in schema.get("anyOf", ()):
        found += [word for word in _resolved(branch).get("enum", ()) if word is not None]
    return [str(word) for word in found]


def _described(error: ValidationError, key: str) -> str:
    schema = _schema(error).get("properties", {}).get(key, {})
    described = schema.get("description") or _resolved(schema).get("description")
    return f"Add `{key}`: {described}" if described else f"Add `{key}`."


def _resolved(schema: Any) -> Mapping[str, Any]:
    if isinstance(schema, dict) and "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        resolved: Mapping[str, Any] = read_contract("scenario.schema.json")["$defs"][name]
        return resolved
    return schema if isinstance(schema, dict) else {}


def _missing(error: ValidationError) -> list[str]:
    return [key for key in _schema(error).get("required", ()) if key not in _mapping(error.instance)]


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return _mapping(error.schema)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
