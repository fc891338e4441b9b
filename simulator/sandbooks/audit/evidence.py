"""Evidence: everything that the rules look at for one company, gathered in one pass over tape, records and book.

Whoever asks a question twice finds the answer here: which exchanges were a company's, which documents came of them, and
which transaction each belongs to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from msgspec.structs import replace

from sandbooks.audit.contacts import Contact, contacts_of
from sandbooks.audit.documents import Document, documents_of
from sandbooks.audit.ownership import owners_of_documents
from sandbooks.audit.reading import Sent
from sandbooks.audit.submitted import Submitted
from sandbooks.kit.company import Company
from sandbooks.kit.plans import planned_tax_rates, planned_tax_shares
from sandbooks.kit.records import Version
from sandbooks.kit.references import References, references_of
from sandbooks.ledger import Account, Line, Posting
from sandbooks.platform import Platform, StoredFile, load, platform_named
from sandbooks.wire import header_of
from sandbooks.world import TapeEntry

LATE = "late"
HUB_ACTOR = "hub"
PERSON = "person"  # somebody of the company, at work with a program of their own
HUB = "codat"
CHOSEN_LEAST = 16  # characters of an id that a client chooses
T = TypeVar("T")


@dataclass
class Evidence:
    """Tape, books and inputs of one company.

    ``submitted`` is None where nobody told what should be in the books: then tape and books speak alone. ``quiet``: all
    work is done, so that what is still pending counts as not done. ``edition`` names the capability tables in force.
    ``asked`` are references that somebody asks about by name.
    """

    company: Company
    submitted: Sequence[Submitted] | None = None
    quiet: bool = True
    edition: str = ""
    tape: Sequence[TapeEntry] | None = None
    asked: Sequence[str] = ()
    _carried: dict[int, list[str]] = field(default_factory=dict)
    _found: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, find: Callable[[], T]) -> T:
        """What several rules ask for, found once for each audit."""
        if name not in self._found:
            self._found[name] = find()
        found: T = self._found[name]
        return found

    @cached_property
    def by_id(self) -> dict[str, Submitted]:
        return {given.id: given for given in self.submitted or ()}

    @cached_property
    def platform(self) -> Platform:
        """The platform's declaration; a bare one for a platform that is not installed."""
        try:
            return platform_named(self.company.platform)
        except LookupError:
            return Platform(name=self.company.platform, title=self.company.platform)

    @cached_property
    def world_tape(self) -> Sequence[TapeEntry]:
        """Every exchange of the world, on all surfaces."""
        return list(self.company.world.tape.entries()) if self.tape is None else self.tape

    @cached_property
    def surface(self) -> list[Sent]:
        """Every exchange with the platform, of any company, late commits folded into what they came of; what people
        send is not the system's."""
        at = self.company.platform
        entries = [entry for entry in self.world_tape if entry.surface == at and entry.actor != PERSON]
        late: defaultdict[int, list[TapeEntry]] = defaultdict(list)
        for entry in entries:
            if entry.actor == LATE:
                late[entry.parent].append(entry)
        return [Sent(e, tuple(late.get(e.number, ()))) for e in entries if e.actor != LATE]

    @cached_property
    def through_hub(self) -> list[Sent]:
        """What clients sent to the hub, for any company."""
        return [Sent(entry) for entry in self.world_tape if entry.surface == HUB and entry.actor == "client"]

    @cached_property
    def sent(self) -> list[Sent]:
        """The exchanges of this company, and those that ended before a company could be told."""
        wanted = ("", self.company.id)
        return [sent for sent in self.surface if sent.entry.company in wanted]

    @cached_property
    def writes(self) -> list[Sent]:
        """The mutating exchanges of this company, in order."""
        return [sent for sent in self.sent if sent.entry.writes and sent.entry.company]

    @cached_property
    def by_number(self) -> dict[int, Sent]:
        """Exchanges by number; a late commit is found under its own number too."""
        found = {sent.number: sent for sent in self.surface}
        found.update({late.number: sent for sent in self.surface for late in sent.late})
        return found

    @cached_property
    def lines(self) -> list[Line]:
        return list(self.company.book.lines())

    @cached_property
    def versions(self) -> list[Version]:
        """Every version of every native record, oldest first. What a person wrote over the API counts as written in
        the platform's own screens: it comes of no exchange of the system's."""
        by_hand = {entry.number for entry in self.world_tape if entry.actor == PERSON}
        changes = self.company.records.changes()
        return [replace(v, exchange=0) if v.exchange in by_hand else v for v in changes] if by_hand else changes

    @cached_property
    def usual(self) -> dict[str, str]:
        """The accounts that the platform posts to of its own accord, by neutral name: ``payables``, ``input_tax``."""
        found: dict[str, str] = load(self.platform.usual_accounts)(self.company) if self.platform.usual_accounts else {}
        return found

    @cached_property
    def tax_shares(self) -> dict[str, Decimal]:
        """The share of a tax that a purchaser gets back, by native code, as far as the company's plan tells."""
        return planned_tax_shares(self.company)

    @cached_property
    def tax_rates(self) -> dict[str, Decimal]:
        """The rates of the plan's taxes in per cent, by native code."""
        return planned_tax_rates(self.company)

    @cached_property
    def differences(self) -> set[str]:
        """The accounts that take exchange differences and rounding."""
        return {self.usual[name] for name in ("exchange_differences", "rounding") if name in self.usual}

    @cached_property
    def contacts(self) -> dict[str, Contact]:
        """Suppliers, customers and employees by native id; where kinds share an id, the one that is a supplier."""
        return {contact.id: contact for contact in reversed(contacts_of(self.platform, self.company))}

    @cached_property
    def contact_list(self) -> list[Contact]:
        """All contacts, in order of creation within each kind."""
        return contacts_of(self.platform, self.company)

    @cached_property
    def accounts(self) -> dict[str, Account]:
        return {account.id: account for account in self.company.book.accounts()}

    def account_name(self, account: str) -> str:
        found = self.accounts.get(account)
        return found.name if found else account

    @cached_property
    def documents(self) -> list[Document]:
        return documents_of(self.versions, self.lines)

    @cached_property
    def made(self) -> dict[tuple[str, str], Document]:
        return {(document.kind, document.id): document for document in self.documents}

    @cached_property
    def references(self) -> References:
        """Every text that stands for a transaction: what the world was told, and what was submitted."""
        texts = {name: list(tokens) for name, tokens in references_of(self.company.world).texts.items()}
        owners = {token.lower(): name for name, tokens in texts.items() for token in tokens}
        counts: defaultdict[str, int] = defaultdict(int)
        for given in self.submitted or ():
            counts[given.reference.lower()] += 1
        for given in self.submitted or ():
            known_as = owners.get(given.id.lower())
            of_its_own = [given.reference] if given.reference and counts[given.reference.lower()] == 1 else []
            also = texts.pop(known_as, []) if known_as and known_as not in self.by_id else []
            texts[given.id] = [*texts.get(given.id, []), given.id, *given.tokens, *of_its_own, *also]
        known = {token.lower() for tokens in texts.values() for token in tokens}
        texts.update({name: [name] for name in self.asked if name.lower() not in known})
        return References(texts)

    def chosen(self, sent: Sent) -> set[str]:
        """The ids in a request under which its client makes records: ids of its own choice, so that none is made
        twice."""
        return {value.lower() for _, value in sent.leaves if value.lower() in self._made_under}

    @cached_property
    def _made_under(self) -> set[str]:
        """The ids of records that came of requests which named them: long ones, that nobody hits by chance."""
        found = set()
        for version in self.versions:
            sent = self.by_number.get(version.exchange) if version.action == "create" else None
            if sent is not None and len(version.id) >= CHOSEN_LEAST and version.id.lower() in sent.body.lower():
                found.add(version.id.lower())
        return found

    def transaction(self, reference: str) -> str:
        """The transaction that a reference, or another text that stands for it, means."""
        return self.references.owner(reference) or reference

    def carried(self, sent: Sent) -> list[str]:
        """The references that a request carries."""
        if sent.number not in self._carried:
            self._carried[sent.number] = self.references.carried(sent.text) if self.references else []
        return self._carried[sent.number]

    @cached_property
    def owners(self) -> dict[tuple[str, str], str]:
        """The transaction of each document."""
        return owners_of_documents(self.documents, self)

    @cached_property
    def documents_by_owner(self) -> dict[str, list[Document]]:
        """The documents of each transaction, dead ones included."""
        found: defaultdict[str, list[Document]] = defaultdict(list)
        for document in self.documents:
            owner = self.owners.get((document.kind, document.id))
            if owner is not None:
                found[owner].append(document)
        return found

    @cached_property
    def sent_by_owner(self) -> dict[str, list[Sent]]:
        """The exchanges that carried each transaction, or wrote its documents."""
        found: defaultdict[str, dict[int, Sent]] = defaultdict(dict)
        for sent in self.sent:
            for owner in self.carried(sent):
                found[owner][sent.number] = sent
        for owner, documents in self.documents_by_owner.items():
            for number in (n for document in documents for n in document.exchanges):
                sent_by = self.by_number.get(number)
                if sent_by is not None:
                    found[owner][sent_by.number] = sent_by
        return {owner: [by_number[n] for n in sorted(by_number)] for owner, by_number in found.items()}

    def is_of_the_system(self, document: Document) -> bool:
        """Whether the system under test made a document. Where that is the hub, others may write beside it."""
        if not any(given.through_hub for given in self.submitted or ()):
            return True
        made_by = self.by_number.get(document.made_by)
        return made_by is not None and made_by.entry.actor == HUB_ACTOR

    def standing(self, owner: str) -> list[Document]:
        """The live documents of a transaction."""
        return [document for document in self.documents_by_owner.get(owner, []) if self.counts(document)]

    def counts(self, document: Document) -> bool:
        """Whether a document is one that its client stands for."""
        return document.live and not self.is_gone_unseen(document)

    def is_gone_unseen(self, document: Document) -> bool:
        """Whether people took a document out of the books before its client could know that it had made it: nothing
        that it had read until then names it, and no write was answered with it, not even later as a repeat is."""
        return document.gone_at is not None and (document.kind, document.id) in self._gone_unseen

    @cached_property
    def _gone_unseen(self) -> set[tuple[str, str]]:
        gone = [document for document in self.documents if document.gone_at is not None]
        return {(d.kind, d.id) for d in gone if self._went_unseen(d, d.gone_at or 0)}

    def _went_unseen(self, document: Document, gone_at: int) -> bool:
        given = self.by_id.get(self.owners.get((document.kind, document.id), ""))
        made_by = self.by_number.get(document.made_by)
        if given is None or made_by is None or made_by.succeeded:
            return False
        others = [other for other in self.documents_by_owner[given.id] if other.live and other != document]
        if any(self._made_at(other) < gone_at and other.moves() == document.moves() for other in others):
            return False  # they stood beside each other
        named = self.naming(document)
        if named:
            return not any(sent.entry.writes or self._was_before(sent, gone_at) for sent in named)
        return given.status != "completed" or any(self._made_at(other) >= gone_at for other in others)

    def _was_before(self, sent: Sent, moment: int) -> bool:
        """Whether an exchange had ended at a moment. Where each takes a step of the clock, one of that moment comes
        after it; else nobody can tell, and the client is believed."""
        clock = self.company.world.clock
        steps = clock.mode == "stepped" and bool(clock.step)
        return sent.entry.until < moment or (sent.entry.until == moment and not steps)

    def _made_at(self, document: Document) -> int:
        made_by = self.by_number.get(document.made_by)
        return made_by.entry.at if made_by is not None else 0

    def naming(self, document: Document) -> list[Sent]:
        """The exchanges since it was made whose answers named a document that people took out to the client."""
        key = document.kind, document.id
        return [sent for sent in self._naming.get(key, ()) if sent.number >= document.made_by]

    @cached_property
    def _naming(self) -> dict[tuple[str, str], list[Sent]]:
        """The answers that name each document that people took out."""
        found: defaultdict[tuple[str, str], list[Sent]] = defaultdict(list)
        gone = [(document.kind, document.id) for document in self.documents if document.gone_at is not None]
        for sent in self.sent if gone else ():
            said = _named(sent) if sent.succeeded else {}
            for kind, id in gone:
                if any(_may_hold(place, kind) for place in said.get(id.lower(), ())):
                    found[kind, id].append(sent)
        return found

    def postings(self, owner: str) -> list[Posting]:
        """What the live documents of a transaction post."""
        return [posting for document in self.standing(owner) for posting in document.postings]

    def files(self, owner: str) -> list[StoredFile]:
        """The files that hang on the live documents of a transaction."""
        return self.once(f"files of {owner}", lambda: self._read_files(owner)) if self.platform.bookkeeper else []

    def _read_files(self, owner: str) -> list[StoredFile]:
        read = self.platform.load_bookkeeper().files
        return [file for document in self.standing(owner) for file in read(self.company, document.kind, document.id)]


def gather(
    company: Company,
    submitted: Iterable[Submitted] | None = None,
    *,
    quiet: bool = True,
    edition: str = "",
    tape: Sequence[TapeEntry] | None = None,
    asked: Sequence[str] = (),
) -> Evidence:
    """The evidence of one company. ``tape`` spares reading it again where several companies are audited."""
    known = None if submitted is None else list(submitted)
    return Evidence(company, known, quiet=quiet, edition=edition, tape=tape, asked=asked)


def _named(sent: Sent) -> dict[str, set[str]]:
    """What an answer may name a record by, in lower case: its values, and the ends of addresses with the collection
    that these lie in; a value by itself lies in none."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    location = header_of(sent.entry.response_headers, "Location")
    for value in (location, *(value for _, value in sent.answer_leaves)):
        before, _, end = value.lower().rpartition("/")
        found[end].add(before.rpartition("/")[2])
        found[value.lower()].add("")
    return found


def _may_hold(collection: str, kind: str) -> bool:
    """Whether a collection of addresses may hold records of a kind. One of another kind has its own records under the
    same numbers; the ends of words differ between one record and many."""
    plain = "".join(c for c in collection if c.isalnum())
    return plain.startswith("".join(c for c in kind.lower() if c.isalnum())[:-1]) if plain else True
