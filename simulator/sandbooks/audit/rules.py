"""The rules by their numbers, in a few words, for people who read a finding."""

from __future__ import annotations

INVARIANTS = {
    "INV-01": "what is completed is posted exactly once",
    "INV-02": "every document belongs to a transaction of the same company",
    "INV-03": "what is not completed is not posted",
    "INV-04": "what is completed exists, under the id that was told",
    "INV-05": "what is refused is never sent and never posted",
    "INV-09": "no write is repeated blindly after an answer that did not come",
    "INV-11": "every document balances",
    "INV-12": "the trial balance balances",
    "INV-13": "the card moves by what was charged",
    "INV-14": "each account moves by its lines",
    "INV-17": "spend is debited, what is given back is credited",
    "INV-26": "one transaction has at most one foreign currency",
    "INV-31": "a document is dated as its transaction",
    "INV-32": "a closed period does not change",
    "INV-35": "nothing outside the capability table is posted",
    "INV-45": "a request touches its own company alone",
    "INV-62": "the same seed gives the same run",
    "INV-70": "a fault leaves no trace in the books",
    "INV-71": "books and answers agree",
}

FAILURE_MODES = {
    "FM-01": "posted, then the answer was lost",
    "FM-02": "the request was lost before it was posted",
    "FM-04": "the same transaction was taken twice",
    "FM-08": "accepted was mistaken for done",
    "FM-10": "the idempotency key had expired",
    "FM-14": "the answer came cut or as something else",
    "FM-15": "posted late, after the client had given up",
    "FM-16": "an answer was taken for another element",
    "FM-25": "the wrong company",
    "FM-35": "the gateway gave up, the platform did not",
    "FM-44": "the search trailed the books",
    "FM-57": "the period was closed",
    "FM-58": "the date moved",
    "FM-69": "the sign of a refund",
    "FM-73": "a reward or chargeback posted as spend",
    "FM-79": "two foreign currencies",
    "FM-100": "a combination that is not offered",
}


def in_words(number: str) -> str:
    """A rule or a failure mode with its few words: ``INV-12 the trial balance balances``."""
    words = INVARIANTS.get(number) or FAILURE_MODES.get(number)
    return f"{number} {words}" if words else number
