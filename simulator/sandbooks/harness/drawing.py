"""Drawn examples: Hypothesis chooses company, work, accidents and the bookkeeper's doings.

Strategies give plain scenario data and nothing that depends on a client. They stay within what the platform's
capability edition offers, so that a client has no reason to refuse.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sandbooks.harness.drawing_meanwhile import asked, doings, with_two_workers
from sandbooks.harness.examples import (
    ABROAD,
    BRITISH,
    FOREIGN_ACCOUNT,
    NAMES,
    SETTINGS,
    Data,
    Menu,
    Setting,
    add_account,
    amount,
    base,
    with_foreign_supplier,
    with_steps,
)
from sandbooks.harness.systematic import LAG, RESTART, SYNC, pay, receipt
from sandbooks.harness.webhook_examples import DISTURBANCES, RECEIVE, planned
from sandbooks.money import digits

LABELS = ("r-01", "r-02", "r-03", "r-04")
SUPPLIERS = tuple(name for name in NAMES if name == name.strip())  # as a platform keeps them
EXPENSES = ("travel", "meals", "software")
LEAST_ABROAD = 100  # in minor units: what is less may be nothing in the company's own currency
FAULTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("drop_response", ("commit", "validate", "render", "send")),
    ("server_error", ("commit", "validate", "send")),
    ("html_error_page", ("commit", "send")),
    ("truncate", ("render",)),
    ("reset", ("commit", "send")),
    ("throttle", ("admit",)),
    ("delay", ("admit", "commit")),
    ("expire_token", ("send", "deliver")),
    ("stale_read", ("admit",)),
    ("refuse", ("connect", "admit", "validate")),
    ("revoke_token", ("send",)),
)


@st.composite
def examples(draw: st.DrawFn, menu: Menu, *, faults: frozenset[str], restarts: bool, workers: bool = False) -> Data:
    """One scenario: a company, one to four transactions with what happens to them, and accidents."""
    setting = draw(st.sampled_from(SETTINGS))
    data = base(menu, setting, seed=draw(st.integers(1, 9999)), name=draw(st.sampled_from(SUPPLIERS)))
    if draw(st.booleans()):
        data["clock"] = draw(st.sampled_from(_clocks(setting)))
    foreign = menu.foreign_on(setting)
    if "foreign_card" in foreign:
        facts = {"type": "credit_card", "name": f"Card in {setting.foreign}", "currency": setting.foreign}
        data = add_account(data, "foreign_card", facts)
    if draw(st.integers(0, 4)) == 0:
        return draw(_related(menu, setting, data, foreign))
    steps: list[Data] = [*draw(_accidents(faults, restarts))]
    if RECEIVE in menu.verbs:
        steps += draw(_disturbances(menu, faults))
    labels = LABELS[: draw(st.integers(1, len(LABELS)))]
    pushed: list[Data] = []
    for label in labels:
        one = draw(_expense(menu, setting, label, foreign))
        pushed.append(one)
        steps.append({"push": one})
        steps += draw(_aftermath(menu, setting, pushed, restarts))
        if draw(st.integers(0, 4)) == 0:
            steps += draw(doings(menu, one))
    if "submit_bills" in menu.verbs and draw(st.integers(0, 3)) == 0:
        if draw(st.booleans()):
            data = with_foreign_supplier(data, setting)
            steps += draw(_foreign_bills(setting))
        else:
            steps += draw(_bills(setting))
    steps.append(SYNC)
    if workers and draw(st.integers(0, 2)) == 0:
        steps = with_two_workers(steps)
    return with_steps(data, *_batched(draw, steps))


@st.composite
def _related(draw: st.DrawFn, menu: Menu, setting: Setting, data: Data, foreign: list[str]) -> Data:
    """Undisturbed work with a relation that is asked of it."""
    steps: list[Data] = []
    for label in LABELS[: draw(st.integers(1, len(LABELS)))]:
        steps.append({"push": draw(_expense(menu, setting, label, foreign))})
        steps += draw(st.sampled_from([[], [SYNC]]))
    return draw(asked(with_steps(data, *_batched(draw, [*steps, SYNC]))))


def _clocks(setting: Setting) -> list[str]:
    """Moments at which the date is another one elsewhere."""
    times = ("00:05:00", "12:00:00", "23:55:00")
    return [f"{setting.day}T{time} {setting.timezone}" for time in times]


def _batched(draw: st.DrawFn, steps: list[Data]) -> list[Data]:
    """Neighbouring pushes become one push, sometimes."""
    found: list[Data] = []
    for step in steps:
        last = found[-1] if found else {}
        if "push" in step and "push" in last and draw(st.booleans()):
            before = last["push"] if isinstance(last["push"], list) else [last["push"]]
            kinds = {next(iter(t)) for t in [*before, step["push"]]}
            if not kinds & {"transfer"}:
                found[-1] = {"push": [*before, step["push"]]}
                continue
        found.append(step)
    return found


@st.composite
def _money(draw: st.DrawFn, currency: str, *, least: int = 1) -> str:
    """An amount in minor units of at least so many."""
    usual = [minor for minor in (1, 10, 33, 100, 1005, 99_999, 124_85) if minor >= least]
    minor = draw(st.one_of(st.integers(least, 999_999), st.sampled_from(usual)))
    places = digits(currency)
    text = f"{minor:0{places + 1}d}"
    return f"{text[:-places]}.{text[-places:]} {currency}" if places else f"{text} {currency}"


@st.composite
def _expense(draw: st.DrawFn, menu: Menu, setting: Setting, label: str, foreign: list[str]) -> Data:
    others = [name for name in ("reimbursable", "adjustment") if menu.offers(name) and setting is BRITISH]
    kind = draw(st.sampled_from([*menu.card_kinds(), *others]))
    if kind == "reimbursable":
        due = {"due_date": setting.day, "contact": "jane", "account": "meals"}
        return {"reimbursable": label, "date": setting.day, **due, "amount": draw(_money(setting.currency))}
    if kind == "adjustment":
        money = draw(_money(setting.currency))
        pair = [{"amount": f"Dr {money}", "account": "meals"}, {"amount": f"Cr {money}", "account": "travel"}]
        return {"adjustment": label, "date": setting.day, "lines": pair}
    return draw(_card(menu, setting, label, kind, foreign))


@st.composite
def _card(draw: st.DrawFn, menu: Menu, setting: Setting, label: str, kind: str, foreign: list[str]) -> Data:
    given: Data = {kind: label, "date": setting.day}
    abroad = bool(foreign) and draw(st.integers(0, 3)) == 0
    currency = setting.foreign if abroad else setting.currency
    if abroad:
        given |= {"bank_account": draw(st.sampled_from(foreign)), "rate": setting.equation}
    elif kind in menu.card_kinds("bank") and draw(st.integers(0, 4)) == 0:
        given["bank_account"] = "checking"
    given |= draw(_content(menu, setting, currency))
    if draw(st.booleans()):
        given["merchant"] = draw(st.sampled_from(NAMES))
    if menu.offered.limits_of("expense").notes_required or draw(st.booleans()):
        given["notes"] = draw(st.sampled_from(["Fares", 'Lunch <with> "A&B"', "Größe: 5 €, 🍕"]))
    return given


@st.composite
def _content(draw: st.DrawFn, menu: Menu, setting: Setting, currency: str) -> Data:
    most = min(menu.lines_most("expense"), 4)
    least = LEAST_ABROAD if currency != setting.currency else 1
    if most == 1 or draw(st.booleans()):
        return {"amount": draw(_money(currency, least=least)), "account": draw(st.sampled_from(EXPENSES))}
    taxed = bool(setting.tax) and currency == setting.currency and draw(st.booleans())
    tax = setting.tax if taxed else ""
    return {"lines": [draw(_line(currency, tax, least=least)) for _ in range(draw(st.integers(1, most)))]}


@st.composite
def _line(draw: st.DrawFn, currency: str, tax: str, *, least: int) -> Data:
    net = draw(_money(currency, least=least))
    line: Data = {"net": net, "account": draw(st.sampled_from(EXPENSES))}
    if tax:
        share = int(tax.removesuffix("%"))
        number = net.split(" ")[0]
        minor = int(number.replace(".", "")) * share
        owed = (minor + 50) // 100
        line |= {"tax": "standard", "tax_amount": amount(f"{owed}e-{digits(currency)}", currency)}
    return line


@st.composite
def _aftermath(draw: st.DrawFn, menu: Menu, setting: Setting, pushed: list[Data], restarts: bool) -> list[Data]:
    """What happens once something was handed over: nothing, a sync, the same again, a change, a file, a pause."""
    one = pushed[-1]
    label = str(next(iter(one.values())))
    choices: list[list[Data]] = [[], [SYNC], [SYNC, {"push": one}], [{"push": one}], [SYNC, {"advance": "2h"}]]
    if restarts:
        choices.append([RESTART])
    if "update" in menu.verbs and menu.offers("update.expense") and _is_simple(one):
        changed = {"transaction": label, "amount": draw(_money(setting.currency)), "account": "meals"}
        choices.append([SYNC, {"update": changed}])
    if label == LABELS[0] and menu.takes_file(next(iter(one))):
        choices.append([SYNC, receipt("f-01")])
    return draw(st.sampled_from(choices))


def _is_simple(one: Data) -> bool:
    """Whether it is a payment of one line in the company's own currency."""
    return "payment" in one and "lines" not in one and "rate" not in one


@st.composite
def _accidents(draw: st.DrawFn, faults: frozenset[str], restarts: bool) -> list[Data]:
    """Up to two faults and a kill, planned before the work begins."""
    found: list[Data] = []
    kinds = [fault for fault in FAULTS if fault[0] in faults]
    for _ in range(draw(st.integers(0, 2)) if kinds else 0):
        kind, phases = draw(st.sampled_from(kinds))
        facts: dict[str, Any] = {"at": draw(_address()), "phase": draw(st.sampled_from(phases)), "may_rest": True}
        if kind == "stale_read":
            facts |= {"lag": LAG, "at": {"every": True}}
        if kind == "refuse":  # a lawful no is for what would be posted
            facts["at"] = {"write": "r-01"}
        found.append({"fault": {kind: facts}})
    if restarts and draw(st.integers(0, 2)) == 0:
        dies = {"at": draw(_address()), "phase": draw(st.sampled_from(["deliver", "connect"])), "may_rest": True}
        found.append({"kill": dies})
    return found


@st.composite
def _address(draw: st.DrawFn) -> Data:
    nth = draw(st.integers(1, 3))
    at: Data = draw(st.sampled_from([{"write": "r-01"}, {"write": "r-02"}, {"reference": "r-01"}, {}]))
    return {**at, "nth": nth}


@st.composite
def _bills(draw: st.DrawFn, setting: Setting) -> list[Data]:
    money = draw(_money(setting.currency))
    facts = {"supplier": "airline", "date": setting.day, "due_date": setting.day, "account": "software"}
    paid = pay("p-01", {"b-01": money})
    paid["pay"]["date"] = setting.day
    return [{"bill": {"id": "b-01", **facts, "amount": money}}, SYNC, paid]


@st.composite
def _foreign_bills(draw: st.DrawFn, setting: Setting) -> list[Data]:
    """A bill in the foreign currency, paid whole or in part, from either account, at the same rate or another."""
    places = digits(setting.foreign)
    minor = draw(st.integers(2 * LEAST_ABROAD, 999_999))
    part = draw(st.sampled_from([minor, minor - LEAST_ABROAD, (minor + 1) // 2]))
    owed, money = (amount(f"{number}e-{places}", setting.foreign) for number in (minor, part))
    dates = {"date": setting.day, "due_date": setting.day}
    facts = {"supplier": ABROAD, **dates, "account": "software", "rate": setting.equation}
    source = draw(st.sampled_from(["checking", FOREIGN_ACCOUNT]))
    rate = draw(st.sampled_from([setting.equation, setting.later_equation]))
    paid = pay("p-01", {"b-01": money}, source=source, rate=rate)
    paid["pay"]["date"] = setting.day
    return [{"bill": {"id": "b-01", **facts, "amount": owed}}, SYNC, paid]


@st.composite
def _disturbances(draw: st.DrawFn, menu: Menu, faults: frozenset[str]) -> list[Data]:
    """Now and then one disturbance, at one of the first deliveries."""
    known = [(kind, more) for _, kind, more in DISTURBANCES if kind in faults]
    if RECEIVE not in menu.verbs or not known or draw(st.integers(0, 2)):
        return []
    kind, more = draw(st.sampled_from(known))
    return [planned(menu, kind, more, nth=draw(st.integers(1, 3)))]
