"""Reads, told by what came of them: whole lists, good work that is taken, lag outlasted. INV-34, 49, 51 and 55."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sandbooks.audit.effects import offers
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.invariants.exactly_once import why_not
from sandbooks.audit.invariants.retries import chains, standing_of
from sandbooks.audit.reading import Sent
from sandbooks.audit.submitted import CARD_KINDS, Submitted
from sandbooks.audit.wording import listed, numbers, step, steps_of, times, told
from sandbooks.ledger import AccountClass

SHOWN = 6
RESULTS = (AccountClass.EXPENSE, AccountClass.INCOME)
_OF_ACCOUNTS = re.compile(r"account|categor|chart")
_NAMES_ID = re.compile(r"(?:id|code|no|number|url|key)$", re.IGNORECASE)


@dataclass(frozen=True)
class _Shown:
    """What the client's reads have shown it of the chart of accounts: by answer, and which accounts in all."""

    answers: tuple[tuple[Sent, frozenset[str]], ...]

    @property
    def accounts(self) -> frozenset[str]:
        return frozenset(account for _, accounts in self.answers for account in accounts)


def lists_are_read_to_the_end(evidence: Evidence) -> Iterator[Finding]:
    """INV-49 (D): a list that was read holds every record that is alive; INV-34 (D): what is offered is accepted.

    Told from what came of it: a transaction was turned away without being sent, its account is alive, the client's
    lists of accounts, which show others, never showed it, and the client has posted nothing else to it. Cards and banks
    may have lists of their own.
    """
    turned_away = [given for given in _turned_away(evidence) if not _sent_for(evidence, given)]
    if not turned_away:
        return
    shown = _shown(evidence)
    banks = {given.bank_account for given in evidence.submitted or ()}
    used = {account for one in evidence.submitted or () if one.status == "completed" for account, _ in one.limbs()}
    for given in turned_away:
        named = [account for account, _ in given.limbs() if account in evidence.accounts]
        if not banks & shown.accounts:
            named = [account for account in named if account not in banks]
        unseen = [account for account in named if account not in shown.accounts | used]
        lists = [sent for sent, accounts in shown.answers if len(accounts) > 1]
        if unseen and lists:
            names = listed([evidence.account_name(account) for account in unseen])
            yield Finding(
                title=f"The {given} was turned away, and {names} is there to take it.",
                message=f"{told(given)} The lists of accounts that the client read ({numbers(lists[:SHOWN])}) end "
                f"before {names}.",
                invariants=("INV-34", "INV-49"),
                failure_modes=("FM-39",),
                transaction=given.id,
                exchanges=tuple(sent.number for sent in lists[:SHOWN]),
                steps=tuple(step(sent) for sent in lists[:SHOWN]),
                control="With fewer accounts than fit on one page the same transaction is posted.",
                remedy="Read pages until a short one, or until the answer names no next one.",
                assumption="The account is active, and no answer to the client holds its id.",
            )


def good_work_is_not_turned_away(evidence: Evidence) -> Iterator[Finding]:
    """INV-55 (D): what becomes of a transaction does not depend on the others in its dataset.

    Told from one run: a plain transaction failed beside one that the platform or the client had a reason to refuse,
    and nothing on tape gives a reason for this one.
    """
    turned_away = _turned_away(evidence)
    datasets = {given.dataset for given in turned_away if given.dataset}
    culprits = {
        given.dataset: given
        for given in evidence.submitted or ()
        if given.dataset in datasets and given.status in ("failed", "refused") and not _is_plain(evidence, given)
    }
    for given in turned_away:
        culprit = culprits.get(given.dataset)
        if culprit is None or _refused_alone(evidence, given):
            continue
        yield Finding(
            title=f"The {given} was turned away together with the {culprit}.",
            message=f"{told(given)} Of the other one: {told(culprit)}",
            invariants=("INV-55",),
            failure_modes=("FM-113",),
            transaction=given.id,
            steps=steps_of(evidence, given.id),
            control="Without the other one in the dataset it is posted.",
            remedy="Judge every transaction of a dataset by itself, and every element of a batch by its own answer.",
            assumption="Its accounts are active, its period is open, its amounts are positive and in the company's own "
            "currency, and no answer refused it by itself.",
        )


def lag_is_outlasted(evidence: Evidence) -> Iterator[Finding]:
    """INV-51 (Q): a search that trails the books for a while leads to no second posting."""
    for chain in chains(evidence):
        left = standing_of(evidence, chain)
        looked = next((repeat.looked for repeat in chain if repeat.looked is not None), None)
        if len(left) < 2 or looked is None:
            continue
        documents = [document for of_try in left for document in of_try]
        owner = next((o for d in documents if (o := evidence.owners.get((d.kind, d.id)))), "")
        tries = [chain[0].first, *(repeat.again for repeat in chain)]
        yield Finding(
            title=f"{listed([d.name for d in documents])} are one thing posted {times(len(left))}: "
            f"{numbers([looked])} looked too early.",
            message=f"The look-up did not show what {numbers(tries[:1])} had posted, and it was sent again.",
            invariants=("INV-51",),
            failure_modes=("FM-44",),
            transaction=owner,
            exchanges=tuple(sent.number for sent in tries),
            steps=tuple(step(sent) for sent in [tries[0], looked, *tries[1:]]),
            control="With a search that keeps up with the books, the same look-up finds it.",
            remedy="Look several times over a while before sending again, or send with a key.",
            assumption="Both tries mean one transaction, as their bodies say.",
        )


def _turned_away(evidence: Evidence) -> list[Submitted]:
    """Plain transactions that ended as failed or refused with nothing posted."""
    return [
        given
        for given in evidence.submitted or ()
        if given.status in ("failed", "refused") and not evidence.standing(given.id) and _is_plain(evidence, given)
    ]


def _is_plain(evidence: Evidence, given: Submitted) -> bool:
    """Nothing about it gives a reason to refuse it: known active accounts, lines of income and expense, an open period,
    positive amounts in the company's own currency, a kind that is offered."""
    book = evidence.company.book
    accounts = [evidence.accounts.get(account) for account, _ in given.limbs()]
    if not given.lines or given.kind not in CARD_KINDS or not given.bank_account:
        return False
    if given.submissions > 1 or given.earlier or given.currency != evidence.company.currency:
        return False
    if not all(account is not None and account.active for account in accounts):
        return False
    if any(account.currency not in (None, evidence.company.currency) for account in accounts if account):
        return False
    if any(evidence.accounts[line.account].kind not in RESULTS for line in given.lines):
        return False  # what a line may name beside them is each platform's own
    if given.contact and not (given.contact in evidence.contacts and evidence.contacts[given.contact].live):
        return False
    if any(line.net.amount <= 0 or line.tax.amount < 0 for line in given.lines):
        return False
    if any(closing.through is not None and given.date <= closing.through for closing in book.closings()):
        return False
    done = [other for other in evidence.submitted or () if other.status == "completed"]
    tried = {x for other in done for line in other.lines for x in (line.tax_code, *line.tracking)} | {""}
    if not all({line.tax_code, *line.tracking} <= tried for line in given.lines):
        return False
    offered = offers(evidence)
    return offered is None or why_not(evidence, given, offered) is None


def _sent_for(evidence: Evidence, given: Submitted) -> list[Sent]:
    return [sent for sent in evidence.sent_by_owner.get(given.id, []) if sent.entry.writes]


def _refused_alone(evidence: Evidence, given: Submitted) -> bool:
    """Whether some request that carried this transaction and no other failed."""
    for sent in _sent_for(evidence, given):
        alone = [owner for owner in evidence.carried(sent) if owner in evidence.by_id] == [given.id]
        if alone and not sent.succeeded:
            return True
        if alone and not sent.written:
            return True
    return False


def _shown(evidence: Evidence) -> _Shown:
    known = {id_.lower(): id_ for id_ in evidence.accounts}
    answers = []
    by_hub = any(given.through_hub for given in evidence.submitted or ())
    for sent in evidence.through_hub if by_hub else evidence.sent:  # what the hub reads is not read by its client
        if not sent.entry.writes and sent.succeeded:
            ids = {text.lower() for where, text in sent.answer_leaves if _NAMES_ID.search(where)}
            found = frozenset(known[id_] for id_ in ids if id_ in known)
            if found and _OF_ACCOUNTS.search(sent.text):
                answers.append((sent, found))
    return _Shown(tuple(answers))
