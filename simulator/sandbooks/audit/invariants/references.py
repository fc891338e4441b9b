"""What a document refers to: tracking categories, and contacts. INV-36 and INV-37."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sandbooks.audit.contacts import Contact, normalised
from sandbooks.audit.documents import Document, leaves_of
from sandbooks.audit.effects import leaves_members_out
from sandbooks.audit.evidence import Evidence
from sandbooks.audit.findings import Finding
from sandbooks.audit.reading import Sent, says_word
from sandbooks.audit.submitted import CARD_KINDS, Submitted
from sandbooks.audit.wording import called, listed, numbers, step, steps_of, told

FOLLOWING = 3  # letters after an odd one that show that a name goes on
SPELLED_MOST = 2  # letters that stand for one: ue for ü
SHORTENED = 20  # characters from which a name may end early because a field is full
FEW_CHARACTERS = 5  # of an id, so few that records of several kinds may have it
_TAIL = re.compile(r"[^\W_]+$")
_DIMENSION = re.compile(r"class|depart|locat|track|project|dimension|segment|(?<![a-z])tag", re.IGNORECASE)


def tracking_is_kept(evidence: Evidence) -> Iterator[Finding]:
    """INV-36 (Q): the tracking of the native lines is the tracking that was submitted: nothing is dropped in silence,
    nothing is filled in by default."""
    known = evidence.contacts.keys()  # some platforms keep whom a line is for among its dimensions
    posted = {value for line in evidence.lines for _, value in line.posting.dimensions} - known
    submitted = {value for given in evidence.submitted or () for line in given.lines for value in line.tracking}
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        if given.status != "completed" or given.amended or not documents or leaves_members_out(evidence, given):
            continue
        leaves = [leaf for document in documents for leaf in leaves_of(document.text)]
        for account in dict.fromkeys(line.account for line in given.lines):
            wanted = {value for line in given.lines if line.account == account for value in line.tracking}
            found = {
                value
                for document in documents
                for posting in document.postings
                if posting.account == account
                for _, value in posting.dimensions
            } - known
            missing = {value for value in wanted - found if value in posted or not _is_in(value, leaves)}
            fewer = len(found) < len(wanted)  # else it goes by another name there
            lost = {value for value in missing if fewer or value in posted}
            added = {value for value in found - wanted if value in submitted} if posted & submitted else set()
            if lost or added:
                yield _other_tracking(evidence, given, documents, account, lost=lost, added=added)


def _is_in(value: str, leaves: Sequence[tuple[str, str]]) -> bool:
    """Whether a document says an id, whole or by its last part. One of few characters may be that of anything, so that
    it counts where the member's name speaks of dimensions."""
    tail = _TAIL.search(value)
    known = {word.lower() for word in (value, *([tail[0]] if tail else []))}
    return any(
        says_word(text.lower(), word)
        for word in known
        for place, text in leaves
        if len(word) > FEW_CHARACTERS or _DIMENSION.search(place)
    )


def _named(evidence: Evidence, id: str) -> str:
    return called(evidence, id, among=_DIMENSION if len(id) <= FEW_CHARACTERS else None)


def _other_tracking(
    evidence: Evidence,
    given: Submitted,
    documents: Sequence[Document],
    account: str,
    *,
    lost: set[str],
    added: set[str],
) -> Finding:
    without, beside = ([_named(evidence, id) for id in sorted(ids)] for ids in (lost, added))
    parts = [f"without {listed(without)}" if lost else "", f"with {listed(beside)}" if added else ""]
    return Finding(
        title=f"The {given} is on {evidence.account_name(account)} {listed([p for p in parts if p])} "
        "in the books, otherwise than submitted.",
        message=f"{told(given)} Reports by department, project or class leave it out or count it elsewhere.",
        invariants=("INV-36",),
        failure_modes=("FM-89",) if lost else ("FM-91",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, documents),
        control="A line whose options are active keeps them.",
        remedy="Compare the tracking that the platform answers with what was sent; refuse an option that is gone.",
        assumption="Neither the lines in the books nor the native document name the option by its id.",
    )


def one_contact_for_each_name(evidence: Evidence) -> Iterator[Finding]:
    """INV-37 (Q): the client creates at most one live contact for a name, and none beside one that is there."""
    by_name: defaultdict[tuple[str, str, str], list[Contact]] = defaultdict(list)
    for contact in evidence.contact_list:
        if contact.live and contact.key:
            by_name[contact.kind, contact.role, contact.key].append(contact)
    for contacts in by_name.values():
        made = [contact for contact in contacts if contact.made_by]
        if len(contacts) > 1 and made and not any(contact.touched for contact in contacts):
            yield _twins(evidence, contacts, made[-1])


def _twins(evidence: Evidence, contacts: Sequence[Contact], last: Contact) -> Finding:
    ids = listed([f"{contact.kind} {contact.id}" for contact in contacts])
    steps = [sent for c in contacts if (sent := evidence.by_number.get(c.made_by)) is not None]
    return Finding(
        title=f"{last.name} stands in the contact list {len(contacts)} times: {ids}.",
        message="What is owed to it, and what was spent with it, is spread over several records.",
        invariants=("INV-37",),
        failure_modes=("FM-94",) if re.search(r"[^\w\s]", last.name) else ("FM-93",),
        exchanges=tuple(sent.number for sent in steps),
        steps=tuple(step(sent) for sent in steps),
        control="A name without special characters that is looked up before it is created stands once.",
        remedy="Look a contact up by its whole name, quoted as the query language wants it, inactive ones included; "
        "create it once, under a lock or with a key.",
        assumption="Names are compared without regard to case and width.",
    )


def one_merchant_one_contact(evidence: Evidence) -> Iterator[Finding]:
    """INV-37 (Q): one merchant always ends at one contact; where its own cannot be used, no other takes its place."""
    by_merchant: defaultdict[tuple[str, bool], list[tuple[Submitted, Contact]]] = defaultdict(list)
    for given in evidence.submitted or ():
        contact = _contact_of(evidence, given)
        if given.merchant and contact is not None and contact.id != given.contact:
            by_merchant[normalised(given.merchant), given.direction > 0].append((given, contact))
    for found in by_merchant.values():
        contacts = {contact.id: contact for _, contact in found}
        steady = not any(contact.touched or not contact.live for contact in contacts.values())
        made = any(contact.made_by for contact in contacts.values())
        if len(contacts) > 1 and steady and made:
            yield _spread(evidence, found, list(contacts.values()))
    for found in by_merchant.values():
        for given, contact in found:
            attempt = _turned_away(evidence, given, contact)
            if attempt is not None:
                yield _elsewhere(evidence, given, contact, attempt)


def the_contact_that_was_named(evidence: Evidence) -> Iterator[Finding]:
    """INV-37 (Q): spend that names its supplier is booked with that supplier, whatever the merchant is called."""
    for given in evidence.submitted or ():
        documents = evidence.standing(given.id)
        plain = given.kind in CARD_KINDS and given.names_contact
        if not plain or given.status != "completed" or given.amended or not documents:
            continue
        named = evidence.contacts.get(given.contact)
        found = _contact_of(evidence, given)
        if named is None or found is None or found.id == named.id or not named.live or named.touched:
            continue
        if given.through_hub and (given.kind != "payment" or normalised(given.merchant) not in ("", named.key)):
            continue  # through the hub a merchant may have a contact of its own
        yield _with_another(evidence, given, named, found)


def nobody_else_is_booked(evidence: Evidence) -> Iterator[Finding]:
    """INV-37 (Q): spend that names a merchant and no supplier is booked with that merchant or with the default, never
    with somebody else whom the company knows."""
    for given in evidence.submitted or ():
        asked = given.kind == "payment" and given.merchant and given.contact  # where the default is known
        if not asked or given.names_contact or given.through_hub:
            continue
        if given.status != "completed" or given.amended:
            continue
        found = _contact_of(evidence, given)
        if found is None or found.made_by or found.touched or not found.live or found.id == given.contact:
            continue
        if evidence.standing(given.id) and _letters(found.name) != _letters(given.merchant):
            yield _with_a_stranger(evidence, given, found)


def names_keep_their_letters(evidence: Evidence) -> Iterator[Finding]:
    """INV-37 (Q): the contact that the client makes for a merchant is spelled as the merchant is: no letter is folded,
    left out or put in another's place. Shortening a name, and leaving out signs, is the client's own affair."""
    told_of: set[str] = set()
    for given in evidence.submitted or ():
        contact = _contact_of(evidence, given) if given.merchant and given.status == "completed" else None
        if contact is None or not contact.made_by or contact.touched or contact.id in {given.contact, *told_of}:
            continue
        if not given.amended and _is_misspelt(contact.name, given.merchant) and not _is_meant(evidence, contact):
            told_of.add(contact.id)
            yield _misspelt(evidence, given, contact)


def _is_meant(evidence: Evidence, contact: Contact) -> bool:
    """Whether a merchant is spelled as the contact is: another one may be taken for it where names are compared."""
    meant = evidence.once("spelled merchants", lambda: {_all_letters(g.merchant) for g in evidence.submitted or ()})
    return _all_letters(contact.name) in meant


def _is_misspelt(name: str, merchant: str) -> bool:
    """Whether a name goes on as the merchant's does, but for a letter that is not plain."""
    written, meant = _all_letters(name), _all_letters(merchant)
    same = next((n for n, (a, b) in enumerate(zip(written, meant, strict=False)) if a != b), len(written))
    odd, after = meant[same : same + 1], _letters(meant[same + 1 :])[:FOLLOWING]
    if not odd or odd.isascii() or not _is_common(odd):
        return False
    rest = _letters(written[same:])
    if not after:
        return len(rest) <= SPELLED_MOST and (bool(rest) or len(name) < SHORTENED)
    return any(rest[skipped:].startswith(after) for skipped in range(SPELLED_MOST + 1))


def _all_letters(name: str) -> str:
    """The letters and digits of a name, accents and all."""
    return "".join(each for each in normalised(name) if each.isalnum())


def _is_common(letter: str) -> bool:
    """Whether every platform has the letter. Source: Windows-1252, the least that any of them stores"""
    return bool(letter.encode("cp1252", "ignore"))


def _misspelt(evidence: Evidence, given: Submitted, contact: Contact) -> Finding:
    made_by = evidence.by_number.get(contact.made_by)
    own = {one.number: one for one in steps_of(evidence, given.id, evidence.standing(given.id))}
    story = own if made_by is None else {**own, made_by.number: step(made_by)}
    return Finding(
        title=f"The merchant {given.merchant} of the {given} became the contact {contact.name}.",
        message=f"{told(given)} The contact list has a name that nobody wrote; who looks for {given.merchant} there "
        "does not find it, and makes it a second time.",
        invariants=("INV-37",),
        failure_modes=("FM-94",),
        transaction=given.id,
        steps=tuple(story[number] for number in sorted(story)),
        control="A name of plain letters becomes a contact of that name.",
        remedy="Send the name with the letters that it has, in UTF-8; fold letters only where two names are compared.",
        assumption="The client made the contact for this merchant: up to that letter, and after it, the names are one.",
    )


def _letters(name: str) -> str:
    """What people compare of two names that are written by different programs: letters and digits without accents."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(each for each in plain if each.isalnum())


def _with_a_stranger(evidence: Evidence, given: Submitted, found: Contact) -> Finding:
    return Finding(
        title=f"The {given} of the merchant {given.merchant} was booked with {found.name}.",
        message=f"{told(given)} What was spent with each of them is wrong for both.",
        invariants=("INV-37",),
        failure_modes=("FM-97",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, evidence.standing(given.id)),
        control="A merchant whose name is like no other is booked with a contact of its own, or with the default.",
        remedy="Take a contact for a merchant only where its whole name is the same.",
        assumption=f"{found.name} was there before, is not the default, and nobody chose it for this transaction.",
    )


def _with_another(evidence: Evidence, given: Submitted, named: Contact, found: Contact) -> Finding:
    return Finding(
        title=f"The {given} names {named.name}, and was booked with {found.name}.",
        message=f"{told(given)} What was spent with each supplier is wrong for both.",
        invariants=("INV-37",),
        failure_modes=("FM-97",),
        transaction=given.id,
        steps=steps_of(evidence, given.id, evidence.standing(given.id)),
        control="Where supplier and merchant have one name, or nobody is named, the same client is right.",
        remedy="Use the supplier that the transaction names; look a merchant up only where none is named.",
        assumption="The supplier is active, and nobody renamed it meanwhile; the party on the lines is the contact.",
    )


def _contact_of(evidence: Evidence, given: Submitted) -> Contact | None:
    parties = {posting.party for posting in evidence.postings(given.id) if posting.party}
    known = {id_ for id_ in parties if id_ in evidence.contacts}
    return evidence.contacts[known.pop()] if len(known) == 1 else None


def _turned_away(evidence: Evidence, given: Submitted, contact: Contact) -> Sent | None:
    """The write that should have made the merchant's own contact, was refused, and after which another was used."""
    name = normalised(given.merchant)
    known = [other for other in evidence.contact_list if other.key == name]
    there = [o for o in known if o.live and not o.touched and (o.kind, o.role) == (contact.kind, contact.role)]
    named_after = name in contact.key or contact.key in name  # lawful where its own cannot be used
    if contact.key == name or not known or (named_after and not there):
        return None
    made = [document.made_by for document in evidence.standing(given.id)]
    for sent in evidence.once("refused writes", lambda: _refused(evidence)):
        names_it = any(normalised(value) == name for _, value in sent.leaves)
        if names_it and made and sent.number < made[0]:
            return sent
    return None


def who_is_there_is_found(evidence: Evidence) -> Iterator[Finding]:
    """INV-37 (Q): no spend is turned away because its merchant's contact cannot be made: who is there already is
    found, whatever the letters and on whatever page.

    Only those count that the company's own people made and left as they were, in the place where suppliers stand, and
    where no search lagged.
    """
    turned_away = [g for g in evidence.submitted or () if g.status == "failed" and g.merchant and not g.through_hub]
    if not turned_away or any("stale_read" in fault for sent in evidence.sent for fault in sent.entry.faults):
        return
    named = [evidence.contacts[g.contact] for g in evidence.submitted or () if g.contact in evidence.contacts]
    places = {(contact.kind, contact.role) for contact in named}
    own = [c for c in evidence.contact_list if c.live and not c.touched and not c.made_by]
    suppliers = {contact.key: contact for contact in own if (contact.kind, contact.role) in places}
    for given in turned_away:
        there = suppliers.get(normalised(" ".join(given.merchant.split())))
        if there is None or evidence.standing(given.id):
            continue
        attempts = [
            sent
            for sent in evidence.once("refused writes", lambda: _refused(evidence))
            if any(normalised(value) == there.key for _, value in sent.leaves)
        ]
        if attempts:
            yield _not_found(given, there, attempts)


def _not_found(given: Submitted, there: Contact, attempts: Sequence[Sent]) -> Finding:
    return Finding(
        title=f"The {given} was turned away because its supplier {there.name} could not be made a second time.",
        message=f"{told(given)} {there.name} ({there.id}) stands in the contact list and could have been booked with.",
        invariants=("INV-37", "INV-34"),
        failure_modes=("FM-93",) if given.merchant == there.name else ("FM-97",),
        transaction=given.id,
        exchanges=tuple(sent.number for sent in attempts),
        steps=tuple(step(sent) for sent in attempts),
        control="With a short list, and the name in the same letters, the same transaction is booked.",
        remedy="Read the list of contacts to its end and compare names without regard to case before one is made; "
        "where the name is taken, look again.",
        assumption="The contact is active, nobody changed it, and no search lagged behind the books.",
    )


def _refused(evidence: Evidence) -> list[Sent]:
    """Refused writes of records; one that carries a transaction is a document, which may be refused for anything."""
    refused = [s for s in evidence.writes if s.answered and 400 <= s.entry.status < 500 and not s.written]
    return [sent for sent in refused if not evidence.carried(sent)]


def _spread(evidence: Evidence, found: Sequence[tuple[Submitted, Contact]], contacts: Sequence[Contact]) -> Finding:
    names = listed([f"{contact.name} ({contact.id})" for contact in contacts])
    first = found[0][0]
    sent = [s for c in contacts if (s := evidence.by_number.get(c.made_by)) is not None]
    return Finding(
        title=f"Spend with {first.merchant} ends at {len(contacts)} contacts: {names}.",
        message=f"{len(found)} transactions name the same merchant.",
        invariants=("INV-37",),
        failure_modes=("FM-95",),
        exchanges=tuple(one.number for one in sent),
        steps=tuple(step(one) for one in sent),
        control="A short name of plain letters ends at one contact.",
        remedy="Derive the contact from the whole name in one fixed way; nothing random in its name or id.",
        assumption="The party on the lines of the documents is the contact; nobody renamed or archived one of them.",
    )


def _elsewhere(evidence: Evidence, given: Submitted, contact: Contact, attempt: Sent) -> Finding:
    return Finding(
        title=f"The {given} with {given.merchant} was booked with {contact.name} instead.",
        message=f"{told(given)} {numbers([attempt])} tried to create {given.merchant}, and the platform refused: "
        "a contact of that name exists.",
        invariants=("INV-37",),
        failure_modes=("FM-45",),
        transaction=given.id,
        exchanges=(attempt.number,),
        steps=steps_of(evidence, given.id, evidence.standing(given.id)),
        control="With the contact active the same merchant is found and used.",
        remedy="Look names up among inactive records and other name lists, too; use what is found or refuse.",
        assumption="The contact list holds the merchant's name; the document names another contact.",
    )
