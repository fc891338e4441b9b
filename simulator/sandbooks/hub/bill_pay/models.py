"""Models of the records that can be written, platform by platform: what a client asks for before it writes.

Source: contracts/hub/bill_pay_models.yaml, which names the public pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sandbooks.hub.bill_pay.requests import spaced
from sandbooks.settings import read_contract

TYPES = {"": "String", "n": "Number", "d": "DateTime", "b": "Boolean"}
WORDS = {
    "chartOfAccounts": "account",
    "bankAccounts": "bank account",
    "billCreditNotes": "bill credit note",
    "billPayments": "bill payment",
    "bills": "bill",
    "journalEntries": "journal entry",
    "journals": "journal",
    "suppliers": "supplier",
}
_MEMBER = re.compile(
    r"(?P<name>\w+)(?P<required>\*?)(?P<list>(?:\[\])?)(?::(?P<type>\w))?(?:=(?P<values>[^{\s]+))?(?P<inner>\{?)"
)

Body = dict[str, Any]


@cache
def _contract() -> Any:
    return read_contract("hub", "bill_pay_models.yaml")


def model(data_type: str, platform: str, title: str) -> Body:
    """The model of a data type on a platform, in the hub's form of a push option."""
    rows = _contract()["models"][data_type]
    words = iter(str(rows.get(platform, rows["any"])).split())
    word = WORDS[data_type]
    return {
        "type": "Object",
        "displayName": word.capitalize(),
        "description": f"A {word} to be written to {title}.",
        "required": True,
        "properties": _members(words, word, data_type),
    }


def narrowed(model: Body, choices: Mapping[str, Sequence[str]]) -> Body:
    """A model whose members may be one of some choices, by their names; no choices leave a member as it is.

    Source: https://docs.codat.io/usecases/bill-pay/mapping (currencies of a model: one, several, or none for any)
    """
    found = dict(model)
    for name, member in model.get("properties", {}).items():
        inner = narrowed(member, choices)
        if "options" not in inner and choices.get(name):
            inner["options"] = [_choice(value) for value in choices[name]]
        found["properties"] = {**found["properties"], name: inner}
    return found


def _members(words: Iterator[str], word: str, path: str) -> dict[str, Body]:
    """The members up to the closing brace."""
    found: dict[str, Body] = {}
    for text in words:
        if text == "}":
            return found
        match = _MEMBER.fullmatch(text)
        if match is None:
            raise ValueError(f"{path}: {text!r} is no member of a model")
        found[match["name"]] = _member(match, words, word, f"{path}.{match['name']}")
    return found


def _member(match: re.Match[str], words: Iterator[str], word: str, path: str) -> Body:
    name = spaced(match["name"])
    type = "Array" if match["list"] else "Object" if match["inner"] else TYPES[match["type"] or ""]
    body: Body = {
        "type": type,
        "displayName": name,
        "description": f"{name} of the {word}.",
        "required": bool(match["required"]),
    }
    if match["values"]:
        body["options"] = [_choice(value.replace("_", " ")) for value in match["values"].split("|")]
    note = _contract()["notes"].get(path)
    if note:
        detail = {"field": match["name"], "details": note, "ref": None}
        body["validation"] = {"information": [detail], "warnings": []}
    if match["inner"]:
        body["properties"] = _members(words, word, path)
    return body


def _choice(value: str) -> Body:
    return {
        "value": value,
        "type": "String",
        "displayName": value,
        "description": f"{value}.",
        "required": False,
    }
