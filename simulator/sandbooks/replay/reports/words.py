"""The steps of a scenario in plain words, as one would tell them to an accountant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbooks.platform import CompanyPlan
from sandbooks.replay import script_steps as steps
from sandbooks.replay.reports.amounts import amount, day, dr_cr, duration, moment, size
from sandbooks.replay.reports.places import title_of

ORDINALS = {1: "first", 2: "second", 3: "third"}


@dataclass(frozen=True)
class Told:
    """A step: its sentence, and the points that belong to it."""

    sentence: str
    points: tuple[str, ...] = ()


class Narrator:
    """Tells the steps of one run. Names of accounts and suppliers are those that people see, not the file's keys."""

    def __init__(self, scenario: steps.Scenario) -> None:
        self._scenario = scenario
        self._company = next(iter(scenario.companies.values()), CompanyPlan())

    def tell(self, step: steps.Step) -> Told:
        """One step in words."""
        self._company = self._scenario.companies.get(step.company, self._company)
        teller: Callable[[Any], Told] = getattr(self, f"_{step.verb}")
        return teller(step.action)

    @property
    def platform(self) -> str:
        return title_of(self._scenario.platform)

    def _name(self, part: str, key: str) -> str:
        facts: Mapping[str, Any] = getattr(self._company, part).get(key, {})
        return str(facts.get("name", key.replace("_", " ")))

    def account(self, key: str) -> str:
        """The name of an account."""
        return self._name("accounts", key)

    # What the program and the customer do

    def _connect(self, action: steps.Connect) -> Told:
        if action.consent == "cancel":
            return Told(f"{action.company} is asked to link its {self.platform} company, and cancels.")
        return Told(f"{action.company} links its {self.platform} company; its owner approves.")

    def _configure(self, action: steps.Configure) -> Told:
        chosen = [
            f"{noun} {self._name(part, key)}"
            for noun, part, key in (
                ("card or bank account", "accounts", action.bank_account),
                ("supplier", "suppliers", action.supplier),
                ("customer", "customers", action.customer),
            )
            if key
        ]
        return Told(f"Defaults are set in the hub: {', '.join(chosen) or 'none'}.")

    def _push(self, action: steps.Push) -> Told:
        told = [self._transaction(transaction) for transaction in action.transactions]
        if len(told) == 1:
            return Told(f"The expense program hands over {told[0]}.")
        return Told(f"The expense program hands over {len(told)} transactions:", tuple(told))

    def _update(self, action: steps.Update) -> Told:
        changed = ", ".join(action.changed) or "nothing"
        return Told(f"It changes {self._transaction(action.transaction)} (changed: {changed}).")

    def _transaction(self, transaction: steps.Transaction) -> str:
        if isinstance(transaction, steps.Transfer):
            return self._transfer(transaction)
        if isinstance(transaction, steps.Adjustment):
            lines = "; ".join(f"{dr_cr(line.amount)} {self.account(line.account)}" for line in transaction.lines)
            return f"adjustment {transaction.label} of {day(transaction.date)}: {lines}"
        gross = sum((line.gross for line in transaction.lines[1:]), transaction.lines[0].gross)
        tax = sum((line.tax_amount for line in transaction.lines[1:]), transaction.lines[0].tax_amount)
        accounts = ", ".join(dict.fromkeys(self.account(line.account) for line in transaction.lines))
        told = f"{transaction.kind} {transaction.label} of {day(transaction.date)}: {amount(gross)}"
        told += f", {amount(tax)} of it tax," if tax else ""
        told += f" for {accounts}"
        told += f", at {transaction.rate}" if transaction.rate else ""
        if isinstance(transaction, steps.Expense) and transaction.of:
            told += f", giving back part or all of {transaction.of}"
        if isinstance(transaction, steps.Reimbursable):
            told += f", owed to {self._name('suppliers', transaction.contact)} by {day(transaction.due_date)}"
        return told

    def _transfer(self, transfer: steps.Transfer) -> str:
        arrives = "" if transfer.to_amount == transfer.from_amount else f", arriving as {amount(transfer.to_amount)}"
        places = f"from {self.account(transfer.from_account)} to {self.account(transfer.to_account)}"
        return f"transfer {transfer.label} of {day(transfer.date)}: {amount(transfer.from_amount)} {places}{arrives}"

    def _attach(self, action: steps.Attach) -> Told:
        return Told(f"It attaches {action.name} ({size(action.size)}, {action.type}) to {action.transaction}.")

    def _unlink(self, action: steps.Unlink) -> Told:
        return Told(f"The company {action.company} is disconnected in the hub.")

    def _bill(self, action: steps.Bill) -> Told:
        total = sum((line.gross for line in action.lines[1:]), action.lines[0].gross)
        supplier = self._name("suppliers", action.supplier)
        return Told(f"The program hands over bill {action.label} of {supplier}: {amount(total)}, {day(action.date)}.")

    def _pay(self, action: steps.Pay) -> Told:
        bills = ", ".join(f"{label} with {amount(part)}" for label, part in action.bills.items())
        return Told(f"It pays {bills} from {self.account(action.account)} on {day(action.date)}.")

    def _http(self, action: steps.Http) -> Told:
        place = {"platform": self.platform, "control": "the control API", "hub": "the hub"}.get(action.to)
        told = f"A request goes straight to {place or title_of(action.to)}: {action.method} {action.path}"
        told += "" if action.authorized else ", without credentials"
        expected = [f"HTTP {action.expect_status}"] if action.expect_status else []
        expected += [f"{path} = {value}" for path, value in action.expect_json.items()]
        expected += [f"the text {action.expect_text!r}"] if action.expect_text else []
        expected += ["no answer"] if action.expect_no_answer else []
        return Told(f"{told}.", (f"Expected: {', '.join(expected)}.",) if expected else ())

    # What happens around it

    def _sync(self, action: steps.Sync) -> Told:
        told = "The program is killed and started again. " if action.restart else ""
        limit = "until nothing is left to do" if action.limit is None else f"for {duration(action.limit)}"
        return Told(f"{told}The work runs {limit}.")

    def _advance(self, action: steps.Advance) -> Told:
        if action.to is not None:
            return Told(f"Time passes until {moment(action.to)}.")
        return Told(f"{duration(action.by).capitalize()} pass." if action.by else "Time passes.")

    def _kill(self, action: steps.Kill) -> Told:
        when = "before anything of it is sent" if action.phase == "connect" else "when its answer has arrived"
        where = ", ".join(f"{key} {value}" for key, value in action.at.items())
        down = " It stays down while the bookkeeper works." if action.stays_down else ""
        return Told(f"The program will be killed at its exchange{f' ({where})' if where else ''}, {when}.{down}")

    def _fault(self, action: steps.AddFault | steps.ClearFaults) -> Told:
        if isinstance(action, steps.ClearFaults):
            return Told("All planned faults end.")
        where = address(action.at)
        phase = f", after the phase {action.phase}" if action.phase else ""
        facts = ", ".join(f"{name} {value}" for name, value in action.parameters.items())
        rest = " It may find nothing to act on." if action.may_rest else ""
        return Told(f"A fault is planned: {spaced(action.kind)} {where}{phase}{f' ({facts})' if facts else ''}.{rest}")

    def _bookkeeper(self, action: steps.Bookkeeper) -> Told:
        value = action.value
        if isinstance(value, Mapping):
            value = ", ".join(f"{name} to {new}" for name, new in value.items())
        elif "account" in action.action:
            value = self.account(str(value))
        shown = "" if value in (None, True) else f": {value}"
        return Told(f"In {self.platform} itself, the bookkeeper does this: {spaced(action.action)}{shown}.")

    def _remember(self, action: steps.Remember) -> Told:
        kept = ", ".join(f"{source} as {name}" for name, source in action.sources.items())
        return Told(f"For later, we keep {kept}.")

    # What must hold

    def _expect(self, action: steps.Expect) -> Told:
        return Told("Now this must hold:", tuple(self._expected(action)))

    def _expected(self, expect: steps.Expect) -> Iterator[str]:
        for label, told in expect.transactions.items():
            said = f", and the message contains {told.message_contains!r}" if told.message_contains else ""
            yield f"{label} is {told.status}{said}"
        for label, refused in expect.refused.items():
            said = f" with a message that contains {refused.message_contains!r}" if refused.message_contains else ""
            yield f"{label} is refused{said}, and nothing is written for it"
        for label, native in expect.native.items():
            yield self._native(label, native)
        for name, moved in expect.books.items():
            yield f"{self.account(name)} has moved by {', '.join(dr_cr(m) for m in moved)}"
        yield from self._lines_expected(expect)
        yield from self._around(expect)
        if expect.nothing_else:
            yield "nothing else has moved"

    def _native(self, label: str, native: steps.Native) -> str:
        if not native.count:
            return f"there is no {native.kind} of {label} in {self.platform}"
        count = "exactly one" if native.count == 1 else f"exactly {native.count}"
        facts = ", ".join(f"{path} {value}" for path, value in native.fields.items())
        return f"{count} {native.kind} of {label} is in {self.platform}{f', with {facts}' if facts else ''}"

    def _lines_expected(self, expect: steps.Expect) -> Iterator[str]:
        for label, lines in expect.lines.items():
            posted = "; ".join(
                f"{dr_cr(line.amount)} {self.account(line.account)}"
                + ("" if line.base == line.amount else f" = {amount(abs(line.base))}")
                for line in lines
            )
            yield f"{label} is posted as {posted}"

    def _around(self, expect: steps.Expect) -> Iterator[str]:
        if expect.connection is not None:
            yield f"the connection is {expect.connection}"
        if expect.sync is not None:
            yield f"the latest sync has code {expect.sync}"
        for event, count in expect.webhooks.items():
            yield f"messages {event}: {count}"
        for event, count in expect.deliveries.items():
            yield f"deliveries of {event}: {count}"
        for label, files in expect.attachments.items():
            yield f"{label} carries {', '.join(files) or 'no file'}, byte for byte"
        for item in expect.tape:
            yield f"exchanges with {self.platform} {address(item.at)}: {item.count}"
        if expect.unchanged:
            yield f"unchanged since it was kept: {', '.join(expect.unchanged)}"
        if expect.findings:
            yield f"the audit may find {', '.join(expect.findings)}"


def spaced(name: str) -> str:
    """``drop_response`` as ``drop response``."""
    return name.replace("_", " ")


def address(at: Mapping[str, Any]) -> str:
    """Where a fault acts, in words."""
    nth = ordinal(at.get("nth", 1))
    which = f"every one from the {nth} on:" if at.get("every") else f"the {nth}"
    what = "exchange"
    if "event" in at:
        what = f"{at['event']} webhook"
    elif "write" in at or "read" in at:
        what = f"write of {at['write']}" if "write" in at else f"read of {at['read']}"
    elif "reference" in at:
        what = f"exchange about {at['reference']}"
    elif "operation" in at:
        what = str(at["operation"])
    rest = [f"{name} {at[name]}" for name in ("platform", "company") if name in at]
    rest += [f"operation {at['operation']}"] if "operation" in at and what != str(at["operation"]) else []
    qualified = f" ({', '.join(rest)})" if rest else ""
    return f"at {which} {what}{qualified}"


def ordinal(count: int) -> str:
    """``first``, ``second``, ``4th``."""
    return ORDINALS.get(count, f"{count}th")
