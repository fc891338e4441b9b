"""The rules by their numbers: each in a few words, and where it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sandbooks.audit.failure_modes import FAILURE_MODES

Place: TypeAlias = Literal["audit", "check", "sweep", "contract"]
"""``audit``: from tape, books and inputs of one run. ``check``: two runs, or many drawn ones, compared. ``sweep``: one
run repeated with a fault or a kill at each place. ``contract``: by the ledger's law or the tests of the platforms and
the hub, whoever the client is."""


@dataclass(frozen=True)
class Rule:
    """One rule: what holds, where it is decided, and how, or why not elsewhere."""

    holds: str
    decided: tuple[Place, ...]
    how: str


RULES: dict[str, Rule] = {
    "INV-01": Rule(
        "what is completed is posted exactly once", ("audit",), "Documents of each transaction, by their ledger effect."
    ),
    "INV-02": Rule(
        "every document belongs to a transaction of the same company",
        ("audit",),
        "By text, by the id that was told, by request, else by account and amount; drafts left beside it by text.",
    ),
    "INV-03": Rule("what is not completed is not posted", ("audit",), "Last outcome against the books, at rest."),
    "INV-04": Rule(
        "what is completed exists, under the id that was told",
        ("audit",),
        "Last outcome against the books; what people took out before the client knew of it is not there.",
    ),
    "INV-05": Rule(
        "what is refused is never sent and never posted", ("audit",), "Requests that carry it, and its documents."
    ),
    "INV-06": Rule(
        "handed over again, nothing changes",
        ("audit", "check"),
        "One run shows a second document; equal books and outcomes of two runs are compared by check.",
    ),
    "INV-07": Rule(
        "another body under one id is never a second document", ("audit",), "Every body under an id against the books."
    ),
    "INV-08": Rule(
        "a kill at any step loses and doubles nothing",
        ("sweep",),
        "The driver is killed after each exchange in turn and restarted; INV-01 to INV-04 are audited after each.",
    ),
    "INV-09": Rule(
        "no write is repeated blindly after an answer that did not come",
        ("audit",),
        "Repeats on the tape: same key, or a look-up in between. Harmless ones count in strict audits alone.",
    ),
    "INV-10": Rule(
        "one write at a time for a transaction",
        ("audit", "sweep"),
        "Overlapping exchanges, in strict audits; they overlap only where several workers run over sockets.",
    ),
    "INV-11": Rule("every document balances", ("audit", "contract"), "Entry by entry; the ledger refuses others."),
    "INV-12": Rule("the trial balance balances", ("audit", "contract"), "Kept balances against the sum of all lines."),
    "INV-13": Rule("the card moves by what was charged", ("audit",), "Gross of each transaction, exactly."),
    "INV-14": Rule("each account moves by its lines", ("audit",), "Net of each line, and tax that is not recovered."),
    "INV-15": Rule(
        "tax goes where it was submitted",
        ("audit",),
        "Amounts on tax accounts and lines; codes where the books name them as the platform's API does; none that "
        "charges tax where none was submitted.",
    ),
    "INV-16": Rule(
        "a full refund takes its payment back",
        ("check",),
        "Books before both against books after (``compare_related``); in one run INV-13 to INV-15 hold for each.",
    ),
    "INV-17": Rule("spend is debited, what is given back is credited", ("audit",), "The sign of every movement."),
    "INV-18": Rule(
        "an update leaves its new state and nothing else",
        ("audit", "check"),
        "The last body against the books; equality with a run that submitted it at once is compared by check.",
    ),
    "INV-19": Rule(
        "an update without a change changes nothing",
        ("check",),
        "Books before it against books after (``compare_related``); in one run INV-18 sees that the state is right.",
    ),
    "INV-20": Rule(
        "order and batches do not matter",
        ("check",),
        "The same transactions in another order or other datasets (``compare_related``).",
    ),
    "INV-21": Rule(
        "amounts on the wire are plain decimals",
        ("audit",),
        "Values in the bodies of writes; rates may have more digits.",
    ),
    "INV-22": Rule(
        "every currency keeps its own decimals", ("audit",), "Amounts in currencies without or with three decimals."
    ),
    "INV-23": Rule("the gross is kept in every tax mode", ("audit",), "What the card or the supplier's account moved."),
    "INV-24": Rule(
        "tax that is computed again is near", ("audit",), "Half a minor unit for each line, the gross exact."
    ),
    "INV-25": Rule(
        "foreign amounts follow the submitted rate",
        ("audit",),
        "Base amounts; a platform's own rate counts only where the client sent it, or it is one, or turned round.",
    ),
    "INV-26": Rule(
        "one transaction has at most one foreign currency", ("audit",), "Currencies of transaction, account and lines."
    ),
    "INV-27": Rule("a transfer moves both sides exactly", ("audit",), "Each side in its account's currency."),
    "INV-28": Rule(
        "a transfer and its return restore all balances",
        ("check",),
        "Books before both against books after (``compare_related``); in one run INV-27 holds for each.",
    ),
    "INV-29": Rule(
        "a reimbursable is owed to the one it names", ("audit",), "The party on payables, and no bank before payment."
    ),
    "INV-30": Rule(
        "no bill is paid beyond its balance",
        ("audit", "contract"),
        "Open balance of the supplier in posting order; a paid bill's native status is the platforms' tests.",
    ),
    "INV-31": Rule("a document is dated as its transaction", ("audit",), "Calendar dates; an open move is recorded."),
    "INV-32": Rule("a closed period does not change", ("audit", "contract"), "Balances as of each closing."),
    "INV-33": Rule(
        "what a document refers to is active",
        ("contract",),
        "The ledger refuses archived accounts, the platforms archived contacts and codes: no run can post them. "
        "What is dropped in silence instead shows as INV-15 or INV-36.",
    ),
    "INV-34": Rule(
        "what is offered is accepted",
        ("audit", "contract"),
        "Told where good work was turned away unsent; the hub's whole table of options is walked by the suite.",
    ),
    "INV-35": Rule(
        "nothing outside the capability table is posted",
        ("audit", "check", "contract"),
        "For clients of the hub; the suite walks every cell of the table. "
        "Whoever writes natively may use what the platform takes, but for transfers, unless the driver says so.",
    ),
    "INV-36": Rule(
        "tracking is kept",
        ("audit",),
        "Dimensions of the lines, else ids in the native document; one of few characters "
        "where its member speaks of dimensions.",
    ),
    "INV-37": Rule(
        "one name has one contact",
        ("audit", "check"),
        "Contacts that the client made, parties of each merchant's spend, how their names are spelled, the supplier "
        "that is named, strangers in the place of a merchant, and spend turned away from a supplier who is there; "
        "check plays awkward names against plain ones.",
    ),
    "INV-38": Rule(
        "texts and references are whole",
        ("audit",),
        "Broken characters, or words encoded once too often; a reference missing where the client keeps it. How a "
        "client composes its texts is not known, so that no description is compared word by word.",
    ),
    "INV-39": Rule("references stay apart", ("audit",), "Equal values where the client keeps its references."),
    "INV-40": Rule("receipts arrive unchanged", ("audit",), "SHA-256 of what the platform's own screens show."),
    "INV-41": Rule("receipts are kept once", ("audit",), "Files submitted against files stored, document by document."),
    "INV-42": Rule("receipts survive an update", ("audit",), "As INV-41, for transactions that were updated."),
    "INV-43": Rule(
        "a file that is not taken leaves nothing",
        ("audit", "contract"),
        "Parts of files, and files outside the table; the platforms' own limits at their edges are their tests.",
    ),
    "INV-44": Rule(
        "tokens are used once and kept",
        ("audit",),
        "Refreshes on the tape, as far as their answers reached the client. Where a platform does not rotate refresh "
        "tokens nothing is lost by using one again. Renewals for each request count in strict audits.",
    ),
    "INV-45": Rule(
        "a request touches its own company alone", ("audit",), "Ids and tokens in requests, and what requests wrote."
    ),
    "INV-46": Rule(
        "companies do not disturb each other",
        ("check",),
        "One company alone against the same beside another (``compare_related``); "
        "in one run INV-02 and INV-45 find what strays.",
    ),
    "INV-47": Rule(
        "waits that were asked for are kept",
        ("audit", "check"),
        "Retry-After on the tape, in strict audits; that the work completes afterwards is checked at the end of a run.",
    ),
    "INV-48": Rule(
        "what is refused for good is not repeated",
        ("audit", "check"),
        "Equal writes after a final refusal, in strict audits; check stops a client that never comes to rest.",
    ),
    "INV-49": Rule(
        "lists are read to their end",
        ("audit", "check"),
        "What a client keeps of a list is not visible: told where work was turned away for a record beyond the page; "
        "check draws charts longer than a page, and plays the same work with short lists and with long ones.",
    ),
    "INV-50": Rule(
        "incremental reads add up to a full one",
        ("check",),
        "What a client keeps is not visible on the tape: two schedules of changes and reads must end alike.",
    ),
    "INV-51": Rule("a search that lags doubles nothing", ("audit", "sweep"), "INV-01 under a lag of every length."),
    "INV-52": Rule(
        "somebody else's change is not overwritten",
        ("audit",),
        "Versions by people and by the client in turn: an old value that came back.",
    ),
    "INV-53": Rule("what is done stays done", ("audit",), "Everything that was told, in order."),
    "INV-54": Rule(
        "the code of a sync tells what happened", ("audit",), "The hub's ended syncs. Others have no codes."
    ),
    "INV-55": Rule(
        "one bad element spoils no other",
        ("audit", "check"),
        "Plain work that fails beside bad work without a reason of its own; check takes the bad element out.",
    ),
    "INV-56": Rule(
        "a second delivery changes nothing",
        ("audit", "check"),
        "Equal writes after two copies of a message; permuted and late deliveries are compared by check.",
    ),
    "INV-57": Rule(
        "what is announced is so",
        ("audit", "contract"),
        "The hub's webhooks against its stored states; none elsewhere.",
    ),
    "INV-58": Rule(
        "signatures are checked over the exact bytes",
        ("audit", "check", "contract"),
        "Genuine deliveries that are turned away; forged ones are sent by check, our own signatures proved by tests.",
    ),
    "INV-59": Rule("late success is success, once", ("audit",), "Late commits on the tape against the last outcome."),
    "INV-60": Rule(
        "failures are explained",
        ("audit",),
        "Last messages: not empty, no markup, no secret, no other company. Whether a text names the right record "
        "only its reader can tell.",
    ),
    "INV-61": Rule(
        "nothing is sent without consent",
        ("audit",),
        "Requests after an unlinking at the hub, and refreshes after the consent was answered as gone.",
    ),
    "INV-62": Rule("the same seed gives the same run", ("check",), "Two canonical tapes, byte by byte."),
    "INV-63": Rule(
        "every line leads back to a request", ("audit",), "Lines, records, exchanges; to a transaction by INV-02."
    ),
    "INV-64": Rule(
        "other people's work does not matter",
        ("check",),
        "The same run with and without a bookkeeper's edits of other documents (``compare_related``); in one run the "
        "amounts of each transaction are audited by themselves.",
    ),
    "INV-65": Rule(
        "platforms agree",
        ("check",),
        "The same work on two platforms, under the map of their accounts (``compare_related``).",
    ),
    "INV-66": Rule(
        "amounts scale",
        ("check",),
        "The same work times a whole number (``compare_related``); in one run INV-13 to INV-15 are exact.",
    ),
    "INV-67": Rule(
        "lines may be split",
        ("check",),
        "Many lines against many documents (``compare_related``); in one run INV-14 counts every line.",
    ),
    "INV-68": Rule(
        "names do not matter",
        ("check",),
        "The same work after renaming (``compare_related``); in one run INV-14 and INV-37 go by ids.",
    ),
    "INV-69": Rule(
        "the client's clock and zone do not matter",
        ("check",),
        "The same work at another hour and in another zone (``compare_related`` with days); "
        "in one run INV-31 finds the day that moved.",
    ),
    "INV-70": Rule(
        "a fault leaves no trace in the books", ("sweep", "check"), "A run with a fault against one without."
    ),
    "INV-71": Rule("books and answers agree", ("audit", "contract"), "Records against tape, answers against records."),
    "INV-72": Rule(
        "what is settled is settled in base, too", ("audit",), "Payables of each supplier and foreign currency."
    ),
    "INV-73": Rule(
        "undone is as never done",
        ("check", "contract"),
        "Books before against books after (``compare_related``), the bookkeeper deleting what was done. "
        "Each platform's own rule of dates is its tests.",
    ),
    "INV-74": Rule(
        "inclusive and exclusive amounts agree",
        ("check",),
        "The same documents in both tax modes (``compare_related``), where a client has both; in one run INV-23 holds.",
    ),
}


def in_words(number: str) -> str:
    """A rule or a failure mode with its few words: ``INV-12 the trial balance balances``."""
    rule = RULES.get(number)
    words = rule.holds if rule else FAILURE_MODES.get(number)
    return f"{number} {words}" if words else number


def decided_in(place: Place) -> list[str]:
    """The numbers of the rules that are decided in one place, in order."""
    return [number for number, rule in RULES.items() if place in rule.decided]


def as_markdown() -> str:
    """The table as a page shows it."""
    rows = [f"| {number} | {rule.holds} | {', '.join(rule.decided)} | {rule.how} |" for number, rule in RULES.items()]
    return "\n".join(["| Rule | What holds | Decided by | How |", "|---|---|---|---|", *rows]) + "\n"
