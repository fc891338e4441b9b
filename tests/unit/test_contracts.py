"""The contract files agree with themselves and with each other."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from sandbooks.settings import PLATFORMS, contract_path, read_contract

FAULTS: dict[str, Any] = read_contract("faults.yaml")
SCHEMA: dict[str, Any] = json.loads(contract_path("scenario.schema.json").read_text())


@pytest.mark.parametrize("kind", FAULTS["faults"])
def test_a_fault_names_known_phases_and_is_described(kind: str) -> None:
    fault = FAULTS["faults"][kind]
    assert set(fault["phases"]) <= set(FAULTS["phases"])
    assert fault["default_phase"] in fault["phases"]
    assert fault["outcome"] in {"rejected", "unknown", "committed"}
    for text in ("title", "description", "client_sees", "books", "since"):
        assert fault[text]
    assert all(number.startswith("FM-") for number in fault["failure_modes"])


def test_phases_stand_in_their_order() -> None:
    assert list(FAULTS["phases"]) == ["connect", "send", "admit", "validate", "commit", "render", "deliver"]
    assert [phase["order"] for phase in FAULTS["phases"].values()] == list(range(7))


@pytest.mark.parametrize("kind", FAULTS["faults"])
def test_the_scenario_language_knows_each_fault_with_its_phases_and_parameters(kind: str) -> None:
    fault = FAULTS["faults"][kind]
    properties = SCHEMA["$defs"][f"fault_{kind}"]["properties"]
    assert properties["phase"]["anyOf"][0]["enum"] == fault["phases"]
    assert properties.keys() - {"at", "phase", "may_rest"} == fault["parameters"].keys()
    for name, facts in fault["parameters"].items():
        assert properties[name].get("default") == facts["default"]


def test_the_scenario_language_has_no_other_faults() -> None:
    assert SCHEMA["$defs"]["fault"]["properties"].keys() == FAULTS["faults"].keys() | {"clear"}


def test_addresses_are_alike_everywhere() -> None:
    address = FAULTS["address"].keys()
    assert SCHEMA["$defs"]["address"]["properties"].keys() == address
    assert read_contract("control.yaml")["components"]["schemas"]["Address"]["properties"].keys() == address


def test_the_scenario_schema_is_a_schema_and_has_no_key_that_yaml_reads_as_true() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    keys = {name for definition in _objects(SCHEMA) for name in definition.get("properties", {})}
    assert not keys & {"on", "off", "yes", "no", "y", "n"}


def test_every_key_of_the_scenario_language_is_described() -> None:
    for definition in _objects(SCHEMA):
        for name, schema in definition.get("properties", {}).items():
            if isinstance(schema, dict) and not _is_constraint(schema):
                assert _described(schema), name


@pytest.mark.parametrize("name", ["control.yaml", "driver.yaml"])
def test_operations_are_named_once_and_references_resolve(name: str) -> None:
    document = read_contract(name)
    operations = [
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]
    assert len(operations) == len(set(operations)) > 5
    for found in _objects(document):
        if "$ref" in found:
            target: Any = document
            for part in found["$ref"].removeprefix("#/").split("/"):
                target = target[part]


def test_every_platform_is_known_to_control_and_to_scenarios() -> None:
    assert tuple(read_contract("control.yaml")["components"]["schemas"]["Platform"]["enum"]) == PLATFORMS
    assert tuple(SCHEMA["$defs"]["platform"]["enum"]) == PLATFORMS


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in _objects(inner))]
    if isinstance(value, list):
        return [found for inner in value for found in _objects(inner)]
    return []


def _is_constraint(schema: dict[str, Any]) -> bool:
    return schema.keys() <= {"type", "minimum", "anyOf", "items", "minItems", "maxItems", "pattern"}


def _described(schema: dict[str, Any]) -> bool:
    if "description" in schema:
        return True
    name = schema.get("$ref", "").rpartition("/")[2]
    return "description" in SCHEMA["$defs"].get(name, {})
