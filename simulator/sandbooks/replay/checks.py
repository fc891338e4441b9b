"""What a run must show: the hub's words, native records, the books, webhooks, files, the tape and the audit."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandbooks.money import Money, parse_money
from sandbooks.replay.native_edits import NotEditable, edit_members
from sandbooks.replay.script_steps import Booked, Bookkeeper, Expect, Native, Refused, Told
from sandbooks.replay.values import at_path, differs
from sandbooks.world.ids import key_bytes

if TYPE_CHECKING:
    from sandbooks.replay.run import Place, Run
    from sandbooks.replay.transport import Control


@dataclass(frozen=True)
class FileSent:
    """A file that the scenario attached."""

    label: str
    transaction: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Memory:
    """A remembered value and where it came from."""

    source: str
    value: Any


def file_content(seed: int, label: str, size: int) -> bytes:
    """The bytes of a file: they follow from seed, label and size. They begin as a PNG does."""
    head = b"\x89PNG\r\n\x1a\n"
    return (head + key_bytes(seed, f"file/{label}", max(0, size - len(head))))[:size]


def _path(place: Place) -> str:
    return f"/companies/{place.platform}/{place.company_id}"


def books_of(control: Control, place: Place, *, as_of: str = "") -> dict[str, Any]:
    """The trial balance of a company, as the control API gives it."""
    books: dict[str, Any] = control.call("GET", f"{_path(place)}/books" + (f"?as_of={as_of}" if as_of else ""))
    return books


def exchange_count(control: Control) -> int:
    """How many exchanges are on the tape."""
    return int(control.call("GET", "")["exchanges"])


def check(run: Run, place: Place, expect: Expect) -> list[str]:
    """Everything that an ``expect`` says; what does not hold, in words."""
    failures = [text for label, told in expect.transactions.items() for text in _told(run, label, told)]
    failures += [text for label, refused in expect.refused.items() for text in _refused(run, place, label, refused)]
    failures += [text for label, native in expect.native.items() for text in _native(run, place, label, native)]
    failures += list(_books(run, place, expect))
    failures += [text for label, lines in expect.lines.items() for text in _lines(run, place, label, lines)]
    failures += list(_statuses(place, expect))
    failures += list(_webhooks(run, place, expect))
    failures += [text for label, files in expect.attachments.items() for text in _files(run, place, label, files)]
    failures += list(_tape(run, place, expect))
    failures += list(_unchanged(run, place, expect))
    return failures + findings(run, place)


# The hub's words


def _told(run: Run, label: str, told: Told) -> Iterator[str]:
    run.judged.add(label)
    status, message = run.hub(run.owners.get(label, "")).outcome(run.id_of(label)) if label in run.owners else ("", "")
    if label in run.refusals and not status:
        yield f"{label} was refused: {run.refusals[label][1]}; {told.status} was expected"
    elif status != told.status:
        yield f"{label} is {status or 'unknown to the hub'}, {told.status} was expected; the hub says: {message}"
    elif told.message_contains and told.message_contains.casefold() not in message.casefold():
        yield f"{label}: the hub says {message!r}, which does not contain {told.message_contains!r}"


def _refused(run: Run, place: Place, label: str, refused: Refused) -> Iterator[str]:
    run.judged.add(label)
    status, message = run.refusals.get(label, (0, ""))
    if not status and label in run.owners:
        word, message = run.hub(run.owners[label]).outcome(run.id_of(label))
        if word != "ValidationError":
            yield f"{label} was not refused: it is {word or 'unknown to the hub'}"
            return
    elif not status:
        yield f"{label} was not refused"
        return
    if refused.status is not None and status and status != refused.status:
        yield f"{label} was refused with HTTP {status}, {refused.status} was expected"
    if refused.message_contains and refused.message_contains.casefold() not in message.casefold():
        yield f"{label} was refused with {message!r}, which does not contain {refused.message_contains!r}"
    sent_before = label in run.owners and run.id_of(label) in run.hub(run.owners[label]).syncs
    if label in run.owners and not (sent_before and status):
        yield from _nothing_written(run, place, label)


def _nothing_written(run: Run, place: Place, label: str) -> Iterator[str]:
    id = run.id_of(label)
    made = [d for d in documents(run, place) if _carries(d, id)]
    if made:
        yield f"{label} was refused, yet {made[0]['kind']} {made[0]['native_id']} was made of it"


def unexpected(run: Run) -> list[str]:
    """Transactions that ended otherwise than Completed, and refusals, that no ``expect`` named."""
    failures = []
    for label in (*run.transactions, *run.payables):
        if label in run.judged:
            continue
        if label in run.refusals:
            failures.append(f"{label} was refused and no expect says so: {run.refusals[label][1]}")
            continue
        status, message = run.hub(run.owners[label]).outcome(run.id_of(label))
        if status != "Completed":
            failures.append(f"{label} ended as {status or 'nothing'} and no expect says so: {message}")
    files = [label for label in run.files if label in run.refusals and label not in run.judged]
    failures += [f"the file {label} was refused and no expect says so: {run.refusals[label][1]}" for label in files]
    return failures


# Native records


def documents(run: Run, place: Place) -> list[dict[str, Any]]:
    """Native records that moved money."""
    found: list[dict[str, Any]] = run.control.call("GET", f"{_path(place)}/documents")
    return found


def _carries(document: Mapping[str, Any], id: str) -> bool:
    return id in (document.get("transaction"), document["native_id"]) or id in str(document["native"])


def made_of(run: Run, place: Place, label: str) -> list[dict[str, Any]]:
    """The live native records that came of a transaction."""
    id = run.id_of(label)
    return [d for d in documents(run, place) if d["status"] == "live" and _carries(d, id)]


def _native(run: Run, place: Place, label: str, native: Native) -> Iterator[str]:
    made = [d for d in made_of(run, place, label) if d["kind"] == native.kind]
    if len(made) != native.count:
        kinds = Counter(d["kind"] for d in made_of(run, place, label))
        there = ", ".join(f"{n} {kind}" for kind, n in kinds.items()) or "nothing"
        yield f"{native.count} live {native.kind} of {label} was expected; there is {there}"
        return
    for document in made:
        for path, wanted in native.fields.items():
            found = at_path(document["native"], path)
            if differs(found, wanted):
                yield f"{native.kind} of {label}: {path} is {found!r}, {wanted!r} was expected"


# Books


def movements(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Money]]:
    """How far each account moved, by account id and currency; ``base`` is its key for base currency."""
    moved: dict[str, dict[str, Money]] = {}
    for sign, books in ((-1, before), (1, after)):
        for row in books["accounts"]:
            amounts = {m["currency"]: m for m in row["balances"] if m["currency"] != books["base_currency"]}
            for key, amount in [("base", row["base"]), *amounts.items()]:
                value = Money.of(amount["amount"], amount["currency"]) * sign
                totals = moved.setdefault(row["account"], {})
                totals[key] = totals[key] + value if key in totals else value
    return moved


def dr_cr(amount: Money) -> str:
    """Money as an accountant writes it."""
    return f"{'Dr' if amount.amount >= 0 else 'Cr'} {abs(amount)}"


def _books(run: Run, place: Place, expect: Expect) -> Iterator[str]:
    if not expect.books and not expect.nothing_else:
        return
    now = books_of(run.control, place, as_of=expect.as_of.isoformat() if expect.as_of else "")
    moved = movements(place.books_before, now)
    for name, wanted in expect.books.items():
        yield from _account(name, wanted, moved.get(place.names.book_id(name), {}), now["base_currency"])
    if expect.nothing_else:
        named = {place.names.book_id(name) for name in expect.books}
        yield from _nothing_else(run, place, moved, named)


def _account(name: str, wanted: tuple[Money, ...], moved: Mapping[str, Money], base: str) -> Iterator[str]:
    for amount in wanted:
        key = "base" if amount.currency == base else amount.currency
        found = moved.get(key, Money.zero(amount.currency))
        if found != amount:
            difference = dr_cr(found - amount)
            yield f"{name} moved by {dr_cr(found)}, {dr_cr(amount)} was expected; difference {difference}"


def _nothing_else(run: Run, place: Place, moved: Mapping[str, Mapping[str, Money]], named: set[str]) -> Iterator[str]:
    for account, amounts in moved.items():
        if account not in named and any(amounts.values()):
            shown = ", ".join(dr_cr(amount) for amount in amounts.values() if amount)
            yield f"{place.names.account_of(account)} moved too, by {shown}"
    ids = [run.id_of(label) for label in (*run.transactions, *run.payables)]
    for document in documents(run, place):
        asked = any(_carries(document, id) for id in ids) or not document.get("exchanges")
        if document["status"] == "live" and not asked:
            yield f"{document['kind']} {document['native_id']} moves money and nobody asked for it"


def _lines(run: Run, place: Place, label: str, wanted: tuple[Booked, ...]) -> Iterator[str]:
    id = run.id_of(label)
    names = {f"{d['kind']} {d['native_id']}" for d in documents(run, place) if _carries(d, id)}
    posted = [line for line in run.control.call("GET", f"{_path(place)}/lines") if line["document"] in names]
    expected = Counter((place.names.book_id(b.account), str(b.amount), str(b.base)) for b in wanted)
    found = _net_of_reversals(posted)
    for (account, amount, base), count in (expected - found).items():
        yield f"{label}: no line {place.names.account_of(account)} {amount} = {base} ({count} missing)"
    for account, amount, base in found - expected:
        yield f"{label}: a line {place.names.account_of(account)} {amount} = {base} was not expected"


def _net_of_reversals(posted: list[dict[str, Any]]) -> Counter[tuple[str, str, str]]:
    reversed_entries = {line["reverses"] for line in posted if line["reverses"]}
    standing = [line for line in posted if not line["reverses"] and line["entry"] not in reversed_entries]
    return Counter((line["account"], _text(line["amount"]), _text(line["base"])) for line in standing)


def _text(amount: Mapping[str, str]) -> str:
    return f"{amount['amount']} {amount['currency']}"


# The hub's state


def _statuses(place: Place, expect: Expect) -> Iterator[str]:
    if expect.connection is not None and place.hub is not None:
        status = place.hub.connection_status()
        if status != expect.connection:
            yield f"the connection is {status}, {expect.connection} was expected"
    if expect.sync is not None and place.hub is not None:
        code = place.hub.sync_code()
        if code != expect.sync:
            yield f"the latest sync has code {code}, {expect.sync} was expected"


def _webhooks(run: Run, place: Place, expect: Expect) -> Iterator[str]:
    if not expect.webhooks and not expect.deliveries:
        return
    rows = run.control.call("GET", "/deliveries?platform=codat")
    if place.hub is not None:
        rows = [row for row in rows if row["company_id"] in ("", place.hub.company_id)]
    for event, count in expect.webhooks.items():
        messages = {row["message_id"] for row in rows if row["event"] == event}
        if not count.holds(len(messages)):
            yield f"{len(messages)} message(s) {event}, {count} expected"
    for event, count in expect.deliveries.items():
        attempts = [row for row in rows if row["event"] == event]
        if not count.holds(len(attempts)):
            yield f"{len(attempts)} deliveries of {event}, {count} expected"


def _files(run: Run, place: Place, label: str, files: tuple[str, ...]) -> Iterator[str]:
    wanted = Counter(run.files[name].sha256 for name in files if name in run.files)
    stored: Counter[str] = Counter()
    for document in made_of(run, place, label):
        stored.update(file["sha256"] for file in document.get("attachments", []))
    if stored != wanted:
        expected = ", ".join(files) or "none"
        yield f"{label} carries {stored.total()} file(s) on the platform, {expected} expected, byte for byte"


# The tape


def _tape(run: Run, place: Place, expect: Expect) -> Iterator[str]:
    for item in expect.tape:
        found = [e for e in _exchanges(run, place) if _matches(run, e, item.at)]
        if not item.count.holds(len(found)):
            yield f"{len(found)} exchange(s) with {place.platform} match {dict(item.at)}, {item.count} expected"


def _exchanges(run: Run, place: Place) -> list[dict[str, Any]]:
    from sandbooks import exact_json

    path = f"/_control/worlds/{run.control.world}/tape?platform={quote(place.platform)}"
    return [exact_json.loads(line) for line in run.control.raw("GET", path).splitlines()]


def _matches(run: Run, exchange: Mapping[str, Any], at: Mapping[str, Any]) -> bool:
    request = exchange["request"]
    text = f"{request['url']} {request.get('body', '')}"
    for name, writes in (("write", True), ("read", False), ("reference", None)):
        if name in at:
            if run.token(str(at[name])) not in text:
                return False
            if writes is not None and exchange["writes"] is not writes:
                return False
    operation = at.get("operation")
    return operation is None or operation == exchange["operation"]


# Memory and audit


def value_of(run: Run, place: Place, source: str) -> Any:
    """The value behind a ``remember`` source."""
    if source == "books":
        return [(row["account"], row["base"], row["balances"]) for row in books_of(run.control, place)["accounts"]]
    if source.startswith("answer."):
        return at_path(run.remembered.get("answer"), source.removeprefix("answer."))
    label = source.rpartition(" ")[2]
    made = made_of(run, place, label)
    if source.startswith("native id of "):
        return [(d["kind"], d["native_id"]) for d in made]
    return [d["native"] for d in made]


def _unchanged(run: Run, place: Place, expect: Expect) -> Iterator[str]:
    for name in expect.unchanged:
        kept = run.remembered.get(name)
        if not isinstance(kept, Memory):
            yield f"nothing is remembered as {name}"
        elif value_of(run, place, kept.source) != kept.value:
            yield f"{name} ({kept.source}) has changed"


def findings(run: Run, place: Place) -> list[str]:
    """What the audit finds that no ``expect`` allows."""
    return [
        f"{f['title']} ({', '.join(f['invariants'])})"
        for f in run.findings_of(place)
        if not run.allowed & set(f["invariants"])
    ]


def bookkeeper_body(run: Run, place: Place, action: Bookkeeper) -> dict[str, Any]:
    """The control API's body of a bookkeeper step."""
    value = action.value
    if action.action == "edit":
        return _edit_body(run, place, value)
    if action.action in ("delete", "void"):
        return {"action": action.action, "document": {"transaction": run.id_of(str(value))}}
    if action.action == "lock_period":
        return {"action": "lock_period", "date": str(value) if value is not None else None}
    if action.action in ("archive_account", "restore_account"):
        return {"action": action.action, "account": place.names.native("accounts", str(value))}
    contact, name = next(iter(value.items())) if isinstance(value, Mapping) else (str(value), "")
    native = place.names.native("suppliers", contact)
    native = native if native != contact else place.names.native("customers", contact)
    return {"action": action.action, "contact": native, **({"name": name} if name else {})}


def _edit_body(run: Run, place: Place, value: Mapping[str, Any]) -> dict[str, Any]:
    """An edit in the members of the native document that stands. Raises ``NotEditable``."""
    made = made_of(run, place, str(value["transaction"]))
    if not made:
        raise NotEditable(f"there is no document of {value['transaction']}")
    names, wanted = place.names, {name: str(value[name]) for name in ("notes", "date") if name in value}
    if "account" in value:
        wanted["account"] = names.book_id(str(value["account"]))
    if "contact" in value:
        wanted["contact"] = names.native("suppliers", str(value["contact"]))
    amount = {"amount": parse_money(value["amount"]).amount} if "amount" in value else {}
    changes = edit_members(place.platform, made[-1]["native"], {**wanted, **amount})
    kind, native_id = made[-1]["kind"], made[-1]["native_id"]
    return {"action": "edit", "document": {"kind": kind, "native_id": native_id}, "changes": changes}
