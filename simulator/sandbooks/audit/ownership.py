"""Which transaction a document belongs to: by what it says, by what was reported of it, else by what it moved.

Clients choose their own reference schemes. So a text that names the transaction is the best sign, the id that the
client reported the next, and the same money on the same account the last: of equals, the one that has no document yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sandbooks.audit.documents import Document, leaves_of
from sandbooks.audit.submitted import Limb, Submitted

if TYPE_CHECKING:
    from sandbooks.audit.evidence import Evidence


def owners_of_documents(documents: Sequence[Document], evidence: Evidence) -> dict[tuple[str, str], str]:
    """The transaction of each document, as far as there is one."""
    owners: dict[tuple[str, str], str] = {}
    by_native_id = {given.native_id.lower(): given.id for given in evidence.submitted or () if given.native_id}
    left = []
    for document in documents:
        reported = by_native_id.get(document.id.lower())
        owner = _named(document, evidence) or reported
        if reported and owner != reported and _only_refers_to(document, owner, reported, evidence):
            owner = reported
        elif owner is not None and owner != reported:
            owner = _paying(document, owner, evidence, taken=set(owners.values())) or owner
        if owner is None:
            left.append(document)
        else:
            owners[document.kind, document.id] = owner
    left = [document for document in left if evidence.is_of_the_system(document)]
    left = [document for document in left if not _owned_with_its_batch(document, documents, owners, evidence)]
    if left and evidence.submitted:
        owners.update(_by_money(left, evidence.submitted, taken=set(owners.values())))
    return owners


def _only_refers_to(document: Document, owner: str | None, reported: str, evidence: Evidence) -> bool:
    """Whether a document names a transaction as a payment names its bill: it moves nothing of that one the same way,
    and it does move what the one moves of which it was reported."""
    given, told = evidence.by_id.get(owner or ""), evidence.by_id.get(reported)
    if given is None or told is None or _moves_as(document, given):
        return False
    return _moves_as(document, told)


def _paying(document: Document, owner: str, evidence: Evidence, *, taken: Collection[str]) -> str | None:
    """The payment whose document names nothing but the bill that it pays, as it does where that stands under an id of
    the client's choice: the one that was reported under a number on it, else one of that bill without a document."""
    bill = evidence.by_id.get(owner)
    if bill is None or _moves_as(document, bill):
        return None
    paying = [given for given in evidence.submitted or () if given.pays and _moves_as(document, given)]
    paying.sort(key=lambda given: given.status in ("failed", "refused"))
    said = {text.lower() for _, text in leaves_of(document.text)} if paying else set()
    told = [given.id for given in paying if given.native_id and given.native_id.lower() in said]
    of_it = [given.id for given in paying if owner in (id for id, _ in given.pays)]
    free = [id for id in of_it if id not in taken]
    return next(iter([*told, *free, *of_it]), None)


def _owned_with_its_batch(
    document: Document, documents: Sequence[Document], owners: dict[tuple[str, str], str], evidence: Evidence
) -> bool:
    """Whether a document is one of several that one request made for one payment of bills; then it is owned."""
    made_with = {owners.get((d.kind, d.id)) for d in documents if d.made_by == document.made_by}
    for given in [evidence.by_id[owner] for owner in made_with if owner in evidence.by_id]:
        if given.kind == "bill_payment" and _bears_part_of(document, given):
            owners[document.kind, document.id] = given.id
            return True
    return False


def _named(document: Document, evidence: Evidence) -> str | None:
    """By the text of the record, else of the one request that made it."""
    if not evidence.references:
        return None
    named = evidence.references.carried(document.text)
    if not named:
        made_by = evidence.by_number.get(document.made_by)
        named = evidence.carried(made_by) if made_by else []
        return named[0] if len(named) == 1 else None
    known = [evidence.by_id[name] for name in named if name in evidence.by_id]
    fitting = [given.id for given in known if _fits(document, given)]
    fitting = fitting or [given.id for given in known if _bears_part_of(document, given)]
    fitting = fitting or [given.id for given in known if _turns_the_same_way(document, given)]
    return _sent_for(document, evidence, fitting or named)


def _sent_for(document: Document, evidence: Evidence, named: Sequence[str]) -> str:
    """Of several transactions that a document names, the one that its request was sent for: a record may also show the
    text of what it belongs to, as a line shows that of its journal."""
    made_by = evidence.by_number.get(document.made_by) if len(named) > 1 else None
    sent_for = [name for name in named if made_by is not None and name in evidence.carried(made_by)]
    return sent_for[0] if len(sent_for) == 1 else named[0]


def _moves_as(document: Document, given: Submitted) -> bool:
    """Whether a document moves an account of a transaction the same way."""
    return _fits(document, given) or _bears_part_of(document, given) or _turns_the_same_way(document, given)


def _fits(document: Document, given: Submitted) -> bool:
    moves = document.moves()
    return any(moves.get((account, money.currency)) == money for account, money in given.limbs())


def _bears_part_of(document: Document, given: Submitted) -> bool:
    """Whether a document moves an account of a transaction the same way, by no more: a share of it."""
    moves = document.moves()
    shares = [(moves.get((account, money.currency)), money) for account, money in given.limbs()]
    return any(share is not None and 0 < share.amount / money.amount <= 1 for share, money in shares if money)


def _turns_the_same_way(document: Document, given: Submitted) -> bool:
    """Whether a document moves an account of a transaction the same way in another currency: a bill in dollars is paid
    from an account in pounds."""
    moved = [(account, money) for (account, _), money in document.moves().items()]
    return any(
        account == own and money.currency != sure.currency and money.amount * sure.amount > 0
        for account, money in moved
        for own, sure in given.limbs()
    )


def _by_money(
    documents: Sequence[Document], submitted: Sequence[Submitted], *, taken: set[str]
) -> dict[tuple[str, str], str]:
    """Document by document: a transaction that moves the same money and has no document yet, on its own date if there
    is one; else the one that was matched last, which then has two."""
    waiting: defaultdict[Limb, list[Submitted]] = defaultdict(list)
    for given in submitted:
        for limb in given.limbs()[-1:]:
            waiting[limb].append(given)
    owners = {}
    matched: dict[Limb, Submitted] = {}
    for document in documents:
        limbs = [(account, money) for (account, _), money in document.moves().items()]
        known = [limb for limb in limbs if limb in waiting]
        if not known:
            continue
        limb = known[0]
        free = waiting[limb] = [given for given in waiting[limb] if given.id not in taken]
        best = next((given for given in free if given.date == document.date), None) or next(iter(free), None)
        best = best or matched.get(limb) or next(given for given in submitted if limb in given.limbs()[-1:])
        matched[limb] = best
        taken.add(best.id)
        owners[document.kind, document.id] = best.id
    return owners
