"""Making a failing example small: whatever can go without the finding going is taken out.

Works on the plain data of a scenario, so that what is left reads like one that a person wrote. Deterministic: the same
start and the same verdicts give the same end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sandbooks.harness.examples import COMPANY, Data

KEPT_STEPS = 2  # connect and configure
MANY = 8  # lines of a transaction, or transactions of a step, of which a part is left out at a time
OPTIONAL = ("notes", "reference", "merchant", "tracking", "description", "due_date", "contact", "bank_account")
Fails = Callable[[Data], bool]


def shrunk(data: Data, fails: Fails, *, tries: int = 80) -> Data:
    """The smallest data found for which ``fails`` still holds, with at most so many runs."""
    seen = {repr(data)}
    left = tries
    progress = True
    while progress and left > 0:
        progress = False
        for smaller in candidates(data):
            key = repr(smaller)
            if key in seen:
                continue
            seen.add(key)
            left -= 1
            if fails(smaller):
                data, progress = smaller, True
                break
            if left <= 0:
                break
    return data


def candidates(data: Data) -> Iterator[Data]:
    """Simpler variants, the boldest first."""
    if "relation" in data:
        yield {name: value for name, value in data.items() if name != "relation"}
    yield from _fewer_steps(data)
    yield from _fewer_transactions(data)
    yield from _fewer_lines(data)
    yield from _plainer_transactions(data)
    yield from _plainer_faults(data)
    yield from _plainer_company(data)


def _with_steps(data: Data, steps: list[Data]) -> Data:
    return {**data, "steps": steps}


def _fewer_steps(data: Data) -> Iterator[Data]:
    steps = data["steps"]
    if len(steps) > KEPT_STEPS + 4:  # the half first
        half = KEPT_STEPS + (len(steps) - KEPT_STEPS) // 2
        yield _with_steps(data, steps[:half])
    for place in range(len(steps) - 1, KEPT_STEPS - 1, -1):
        yield _with_steps(data, steps[:place] + steps[place + 1 :])


def _replaced(data: Data, place: int, verb: str, value: Any) -> Data:
    steps = list(data["steps"])
    steps[place] = {**steps[place], verb: value}
    return _with_steps(data, steps)


def _steps_of(data: Data, verb: str) -> Iterator[tuple[int, Any]]:
    return ((place, step[verb]) for place, step in enumerate(data["steps"]) if verb in step)


def _fewer_transactions(data: Data) -> Iterator[Data]:
    for place, pushed in _steps_of(data, "push"):
        if isinstance(pushed, list) and len(pushed) > 1:
            if len(pushed) > MANY:
                yield from (_replaced(data, place, "push", part) for part in _parts(pushed))
            for index in range(len(pushed)):
                rest = pushed[:index] + pushed[index + 1 :]
                yield _replaced(data, place, "push", rest if len(rest) > 1 else rest[0])
        elif isinstance(pushed, list):
            yield _replaced(data, place, "push", pushed[0])


def _parts(many: list[Data]) -> Iterator[list[Data]]:
    """What is left when a half, a quarter or a sixteenth is left out at the end, or at the beginning."""
    for left_out in (len(many) // 2, len(many) // 4, len(many) // 16 + 1):
        yield many[:-left_out]
        yield many[left_out:]


def _transactions(data: Data) -> Iterator[tuple[Data, Callable[[Data], Data]]]:
    """Every transaction with what puts another in its place."""
    for verb in ("push", "update", "bill", "pay"):
        for place, given in _steps_of(data, verb):
            if isinstance(given, list):
                for index, one in enumerate(given):
                    yield one, partial(_member_replaced, data, place, verb, index)
            else:
                yield given, partial(_replaced, data, place, verb)


def _member_replaced(data: Data, place: int, verb: str, index: int, new: Data) -> Data:
    members = data["steps"][place][verb]
    return _replaced(data, place, verb, [*members[:index], new, *members[index + 1 :]])


def _fewer_lines(data: Data) -> Iterator[Data]:
    for one, put in _transactions(data):
        lines = one.get("lines") or []
        if len(lines) > 1 and "adjustment" not in one:
            if len(lines) > MANY:
                yield from (put({**one, "lines": part}) for part in _parts(lines))
                continue
            for index in range(len(lines)):
                yield put({**one, "lines": lines[:index] + lines[index + 1 :]})
        if len(lines) == 1 and not lines[0].get("tax_amount"):
            rest = {name: value for name, value in one.items() if name != "lines"}
            line = lines[0]
            shorthand = {"amount": line["net"], "account": line["account"]}
            yield put({**rest, **shorthand, **({"tax": line["tax"]} if "tax" in line else {})})


def _plainer_transactions(data: Data) -> Iterator[Data]:
    for one, put in _transactions(data):
        kept = {"contact"} if "reimbursable" in one else set()
        optional = [name for name in OPTIONAL if name in one and name not in kept]
        if len(optional) > 1:
            yield put({name: value for name, value in one.items() if name not in optional})
        for name in optional:
            yield put({key: value for key, value in one.items() if key != name})
        if "tax" in one:
            yield put({key: value for key, value in one.items() if key not in ("tax", "tax_amount")})
        yield from _rounder(one, put)


def _rounder(one: Data, put: Callable[[Data], Data]) -> Iterator[Data]:
    found = re.fullmatch(r"(\d{3,})(\.\d+)? (\w{3})", str(one.get("amount", "")))
    if found and found[1] != "100" and "tax_amount" not in one:
        yield put({**one, "amount": f"100{re.sub('[1-9]', '0', found[2] or '')} {found[3]}"})


def _plainer_faults(data: Data) -> Iterator[Data]:
    for place, given in _steps_of(data, "fault"):
        kind, facts = next(iter(given.items()))
        if not isinstance(facts, dict):
            continue
        for name in [n for n in facts if n not in ("at", "phase", "may_rest")]:
            yield _replaced(data, place, "fault", {kind: {k: v for k, v in facts.items() if k != name}})
        at = facts.get("at") or {}
        for name in [n for n in ("nth", "every") if n in at]:
            fewer = {k: v for k, v in at.items() if k != name}
            if not fewer:
                continue  # an address says something
            yield _replaced(data, place, "fault", {kind: {**facts, "at": fewer}})


def _plainer_company(data: Data) -> Iterator[Data]:
    company = data["companies"][COMPANY]
    used = _words(data["steps"])
    for part in ("accounts", "suppliers", "taxes", "tracking"):
        given = company.get(part, {})
        unused = [key for key in given if key not in used]
        if unused:
            kept = {key: facts for key, facts in given.items() if key in used}
            changed = {**company, part: kept}
            yield {**data, "companies": {COMPANY: {k: v for k, v in changed.items() if v}}}
    names = {facts["name"] for facts in company.get("suppliers", {}).values()}
    for key, facts in company.get("suppliers", {}).items():
        if "Contoso Air" not in names:
            renamed = {**company["suppliers"], key: {**facts, "name": "Contoso Air"}}
            yield {**data, "companies": {COMPANY: {**company, "suppliers": renamed}}}


def _words(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {word for inner in value.values() for word in _words(inner)}
    if isinstance(value, list):
        return {word for inner in value for word in _words(inner)}
    return {str(value)}
