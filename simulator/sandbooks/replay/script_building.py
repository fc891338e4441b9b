"""From the plain data of a step to the value that a runner plays.

The data already agree with the schema and carry no placeholder. What the schema cannot see (an impossible date, a
currency that does not exist, amounts in two currencies) is a Mistake that names the place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from mimetypes import guess_type
from typing import Any, TypeVar

from sandbooks.money import Money, Rate, parse_money, parse_rate
from sandbooks.replay.script_steps import (
    EXPENSE_KINDS,
    KINDS,
    Action,
    AddFault,
    Adjustment,
    AdjustmentLine,
    Advance,
    Attach,
    Bill,
    Booked,
    Bookkeeper,
    ClearFaults,
    Configure,
    Connect,
    Count,
    Expect,
    Expense,
    Http,
    Kill,
    Line,
    Native,
    OnTape,
    Pay,
    Push,
    Refused,
    Reimbursable,
    Remember,
    Sync,
    Told,
    Transaction,
    Transfer,
    Unlink,
    Update,
)
from sandbooks.settings import NodePath
from sandbooks.world.clock import parse_duration, parse_instant

Data = Mapping[str, Any]
_T = TypeVar("_T")
_SIZES = {"B": 1, "kB": 1000, "MB": 1000**2, "KiB": 1024, "MiB": 1024**2}
_ADDRESS_OF_COUNT = ("platform", "company", "operation", "write", "read", "reference")


class Mistake(Exception):
    """Something in the data that the schema cannot see."""

    def __init__(self, path: NodePath, message: str, remedy: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.remedy = remedy


def _parsed(parse: Callable[[Any], _T], value: Any, path: NodePath, remedy: str) -> _T:
    try:
        return parse(value)
    except ValueError as error:
        raise Mistake(path, f"{str(error)[:1].upper()}{str(error)[1:]}.", remedy) from error


def money(text: Any, path: NodePath) -> Money:
    """An amount that is not negative."""
    amount = _parsed(parse_money, text, path, "Write an amount with its currency, like `412.37 USD`.")
    if amount.amount < 0:
        message = f"`{text}` is negative; the kind already carries the direction."
        raise Mistake(path, message, f"Write `{-amount}`.")
    return amount


def booking(text: str, path: NodePath) -> Money:
    """A signed amount from ``Dr 12.00 GBP``: debit above zero."""
    side, _, amount = text.partition(" ") if text[0] in "DC" else ("Dr", " ", text)
    value = _parsed(parse_money, amount, path, "Write a booking like `Dr 12.00 GBP`.")
    if value.amount < 0:
        other = "Cr" if side == "Dr" else "Dr"
        raise Mistake(path, f"`{text}` says its direction twice.", f"Write `{other} {-value}`.")
    return value if side == "Dr" else -value


def day(value: Any, path: NodePath) -> date:
    """A calendar date."""
    return _parsed(lambda text: date.fromisoformat(str(text)), value, path, "Write a date that exists: `2026-03-28`.")


def moment(value: str, path: NodePath) -> datetime:
    """An instant."""
    return _parsed(parse_instant, value, path, "Write `2026-03-28T17:40:00 Europe/London`, or end it with `Z`.")


def length(value: Any, path: NodePath) -> timedelta:
    """A length of time."""
    return _parsed(parse_duration, value, path, "Write seconds, `30s`, `5m`, `2h`, `+31d` or `P31D`.")


def rate_of(data: Data, path: NodePath, base: str) -> Rate | None:
    """The rate of a document, from the foreign currency to the company's."""
    if "rate" not in data:
        return None
    where = (*path, "rate")
    rate = _parsed(parse_rate, data["rate"], where, "Write `1 USD = 0.7741 GBP`.")
    if rate.base != base:
        remedy = (
            f"Write `1 {rate.base} = … {base}`." if rate.foreign == base else f"Write `1 {rate.foreign} = … {base}`."
        )
        raise Mistake(where, f"`{data['rate']}` does not end in the company's currency {base}.", remedy)
    return rate


def action(verb: str, value: Any, path: NodePath, *, base: str, pushed: dict[str, Data]) -> Action:
    """The action of a step. ``pushed`` is the data of every transaction so far; pushes and updates add to it."""
    if verb == "push":
        return _push(value, path, base, pushed)
    if verb == "update":
        return _update(value, path, base, pushed)
    if verb == "bill":
        return _bill(value, path, base)
    if verb == "pay":
        return _pay(value, path, base)
    return _BUILDERS[verb](value, path)


def _push(value: Any, path: NodePath, base: str, pushed: dict[str, Data]) -> Push:
    several = isinstance(value, list)
    built = []
    for index, data in enumerate(value if several else [value]):
        place = (*path, index) if several else path
        transaction = transaction_of(data, place, base)
        pushed[transaction.label] = data
        built.append(transaction)
    return Push(tuple(built))


def _update(value: Data, path: NodePath, base: str, pushed: dict[str, Data]) -> Update:
    label = str(value["transaction"])
    if label not in pushed:
        raise Mistake((*path, "transaction"), f"`{label}` has not been pushed before.", "Push it in an earlier step.")
    changes = {key: inner for key, inner in value.items() if key != "transaction"}
    kept = dict(pushed[label])
    if "lines" in changes:
        kept = {key: inner for key, inner in kept.items() if key not in _SHORTHAND}
    elif changes.keys() & set(_SHORTHAND):
        kept = _in_shorthand(kept, path)
    merged = {**kept, **changes}
    pushed[label] = merged
    return Update(replace(transaction_of(merged, path, base), path=path), tuple(changes))


_SHORTHAND = ("amount", "account", "tax", "tax_amount", "tracking")


def _in_shorthand(data: Data, path: NodePath) -> dict[str, Any]:
    if "lines" in data:
        raise Mistake(path, "A transaction of several lines cannot be changed in shorthand.", "Give all `lines` anew.")
    return dict(data)


def transaction_of(data: Data, path: NodePath, base: str) -> Transaction:
    """A transaction; its kind is the key that names one."""
    kind = next(name for name in KINDS if name in data)
    label = str(data[kind])
    if kind == "transfer":
        return _transfer(data, path, label)
    if kind == "adjustment":
        return _adjustment(data, path, label, base)
    lines = _lines(data, path)
    if kind == "reimbursable":
        return Reimbursable(
            label=label,
            date=day(data["date"], (*path, "date")),
            due_date=day(data.get("due_date", data["date"]), (*path, "due_date")),
            contact=data["contact"],
            lines=lines,
            rate=rate_of(data, path, base),
            reference=data.get("reference"),
            notes=data.get("notes"),
            path=path,
        )
    assert kind in EXPENSE_KINDS
    texts = {name: data.get(name) for name in ("of", "bank_account", "contact", "merchant", "reference", "notes")}
    when = day(data["date"], (*path, "date"))
    return Expense(label=label, kind=kind, date=when, lines=lines, rate=rate_of(data, path, base), path=path, **texts)


def _transfer(data: Data, path: NodePath, label: str) -> Transfer:
    ((source, given),) = data["from"].items()
    ((target, taken),) = data["to"].items()
    return Transfer(
        label=label,
        date=day(data["date"], (*path, "date")),
        from_account=source,
        from_amount=money(given, (*path, "from")),
        to_account=target,
        to_amount=money(taken, (*path, "to")),
        notes=data.get("notes"),
        path=path,
    )


def _adjustment(data: Data, path: NodePath, label: str, base: str) -> Adjustment:
    lines = tuple(
        AdjustmentLine(
            amount=booking(line["amount"], (*path, "lines", index, "amount")),
            account=line["account"],
            tracking=line.get("tracking", {}),
            description=line.get("description"),
        )
        for index, line in enumerate(data["lines"])
    )
    when, rate = day(data["date"], (*path, "date")), rate_of(data, path, base)
    return Adjustment(label=label, date=when, lines=lines, rate=rate, reference=data.get("reference"), path=path)


def _lines(data: Data, path: NodePath) -> tuple[Line, ...]:
    if "lines" in data:
        lines = [_line(line, (*path, "lines", index)) for index, line in enumerate(data["lines"])]
    else:
        gross = money(data["amount"], (*path, "amount"))
        tax = money(data["tax_amount"], (*path, "tax_amount")) if "tax_amount" in data else gross * 0
        _same_currency(gross, tax, (*path, "tax_amount"))
        lines = [_made_line(data, gross - tax, tax)]
    for index, line in enumerate(lines):
        _same_currency(lines[0].net, line.net, (*path, "lines", index, "net"))
    if sum(line.gross.amount for line in lines) < 0:
        raise Mistake(path, "The lines add up to less than nothing; the kind carries the direction.", "Turn the signs.")
    return tuple(lines)


def _line(data: Data, path: NodePath) -> Line:
    net = _signed(data["net"], (*path, "net"))
    tax = _signed(data["tax_amount"], (*path, "tax_amount")) if "tax_amount" in data else net * 0
    _same_currency(net, tax, (*path, "tax_amount"))
    return _made_line(data, net, tax)


def _signed(text: Any, path: NodePath) -> Money:
    """An amount of one line among several: a negative one takes from the others, as a discount does."""
    return _parsed(parse_money, text, path, "Write an amount with its currency, like `412.37 USD`.")


def _made_line(data: Data, net: Money, tax_amount: Money) -> Line:
    tax = data.get("tax", "none")
    return Line(
        net=net,
        tax_amount=tax_amount,
        account=data["account"],
        tax=None if tax == "none" else tax,
        tracking=data.get("tracking", {}),
        description=data.get("description"),
    )


def _same_currency(first: Money, second: Money, path: NodePath) -> None:
    if first.currency != second.currency:
        message = f"`{second}` stands in a transaction in {first.currency}."
        raise Mistake(path, message, f"Write every amount of it in {first.currency}.")


def _bill(data: Data, path: NodePath, base: str) -> Bill:
    return Bill(
        label=str(data["id"]),
        supplier=data["supplier"],
        date=day(data["date"], (*path, "date")),
        due_date=day(data.get("due_date", data["date"]), (*path, "due_date")),
        lines=_lines(data, path),
        rate=rate_of(data, path, base),
        reference=data.get("reference"),
        notes=data.get("notes"),
        path=path,
    )


def _pay(data: Data, path: NodePath, base: str) -> Pay:
    return Pay(
        label=str(data["id"]),
        date=day(data["date"], (*path, "date")),
        account=data["from"],
        bills={label: money(text, (*path, "bills", label)) for label, text in data["bills"].items()},
        rate=rate_of(data, path, base),
        reference=data.get("reference"),
    )


def _connect(value: Any, _: NodePath) -> Connect:
    return Connect(company=value) if isinstance(value, str) else Connect(**value)


def _configure(value: Data, _: NodePath) -> Configure:
    return Configure(**{key: inner for key, inner in value.items() if key != "company"})


def _sync(value: Any, path: NodePath) -> Sync:
    if isinstance(value, str):
        return Sync(restart=value == "after restart", workers=2 if value == "two workers" else 1)
    return Sync(limit=length(value["for"], (*path, "for")))


def _attach(value: Data, path: NodePath) -> Attach:
    name = value.get("name", f"{value['file']}.pdf")
    text = value.get("size", "24 kB")
    unit = text.lstrip("0123456789. ")
    size = Decimal(text.removesuffix(unit).strip()) * _SIZES[unit]
    if size != size.to_integral_value():
        raise Mistake((*path, "size"), f"`{value['size']}` is not a whole number of bytes.", "Write whole bytes.")
    kind = value.get("type") or guess_type(name)[0] or "application/octet-stream"
    return Attach(file=str(value["file"]), transaction=str(value["transaction"]), name=name, type=kind, size=int(size))


def _advance(value: Any, path: NodePath) -> Advance:
    if not isinstance(value, dict):
        return Advance(by=length(value, path))
    if "to" in value:
        return Advance(to=moment(value["to"], (*path, "to")))
    return Advance(by=length(value["by"], (*path, "by")))


def _fault(value: Data, path: NodePath) -> AddFault | ClearFaults:
    ((kind, details),) = value.items()
    if kind == "clear":
        return ClearFaults()
    details = dict(details or {})
    known = {name: details.pop(name) for name in ("at", "phase", "may_rest") if name in details}
    for name in ("by", "after", "lag", "retry_after"):
        if details.get(name) is not None:
            length(details[name], (*path, kind, name))
    return AddFault(kind=kind, parameters=details, **known)


def _kill(value: Data, _: NodePath) -> Kill:
    return Kill(**value)


def _bookkeeper(value: Data, path: NodePath) -> Bookkeeper:
    ((name, what),) = value.items()
    if name == "lock_period" and what is not None:
        day(what, (*path, name))
    if name in ("edit", "pay") and "amount" in what:
        money(what["amount"], (*path, name, "amount"))
    if name in ("edit", "pay") and "date" in what:
        day(what["date"], (*path, name, "date"))
    return Bookkeeper(name, what)


def _http(value: Data, _: NodePath) -> Http:
    method, _, target = value["request"].partition(" ")
    rest = {key: inner for key, inner in value.items() if key != "request"}
    return Http(method=method, path=target, has_json="json" in value, **rest)


def _remember(value: Data, _: NodePath) -> Remember:
    return Remember(value)


def _unlink(value: str, _: NodePath) -> Unlink:
    return Unlink(value)


def _expect(value: Data, path: NodePath) -> Expect:
    named = {name: (*path, name) for name in value}
    findings = value.get("findings", "none")
    return Expect(
        transactions={label: _told(word) for label, word in value.get("transactions", {}).items()},
        refused={label: Refused(**facts) for label, facts in value.get("refused", {}).items()},
        native={},
        books={
            account: tuple(booking(text, (*named["books"], account, i)) for i, text in enumerate(texts))
            for account, texts in value.get("books", {}).items()
        },
        as_of=day(value["as_of"], named["as_of"]) if "as_of" in value else None,
        nothing_else="nothing_else" in value,
        unchanged=tuple(value.get("unchanged", ())),
        lines={
            label: tuple(_booked(text, (*named["lines"], label, i)) for i, text in enumerate(texts))
            for label, texts in value.get("lines", {}).items()
        },
        connection=value.get("statuses", {}).get("connection"),
        sync=value.get("statuses", {}).get("sync"),
        webhooks={event: count_of(number) for event, number in value.get("webhooks", {}).items()},
        deliveries={event: count_of(number) for event, number in value.get("deliveries", {}).items()},
        findings=() if findings == "none" else tuple(findings),
        attachments={label: tuple(files) for label, files in value.get("attachments", {}).items()},
        tape=tuple(_on_tape(item) for item in value.get("tape", ())),
    )


def native_of(value: Data) -> Native:
    """What is expected of a native record."""
    fields = {key: inner for key, inner in value.items() if key not in ("exactly_one", "none_of")}
    if "none_of" in value:
        return Native(value["none_of"], 0, fields)
    return Native(value["exactly_one"], 1, fields)


def count_of(value: Any) -> Count:
    """A number, or a range."""
    if isinstance(value, dict):
        return Count(value.get("at_least", 0), value.get("at_most"))
    return Count(value, value)


def _told(word: Any) -> Told:
    return Told(word) if isinstance(word, str) else Told(word["status"], word.get("message_contains"))


def _on_tape(item: Data) -> OnTape:
    return OnTape({key: item[key] for key in _ADDRESS_OF_COUNT if key in item}, count_of(item["count"]))


def _booked(text: str, path: NodePath) -> Booked:
    side, account, rest = text.split(" ", 2)
    amount, _, base = rest.partition(" = ")
    signed = booking(f"{side} {amount}", path)
    return Booked(account, signed, booking(f"{side} {base}", path) if base else signed)


_BUILDERS: Mapping[str, Callable[[Any, NodePath], Action]] = {
    "connect": _connect,
    "configure": _configure,
    "sync": _sync,
    "attach": _attach,
    "unlink": _unlink,
    "advance": _advance,
    "fault": _fault,
    "kill": _kill,
    "bookkeeper": _bookkeeper,
    "http": _http,
    "remember": _remember,
    "expect": _expect,
}
