"""Posting exactly once: claim, write the intent down, post, confirm, record.

An intent holds the key under which the platform knows a request, and the transactions in it. It is written before the
request and closed together with its results. An intent that is open after an unclear answer, or after a restart, is
looked up in the platform first; what is not there is sent again under the same key.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.harness.gallery.client.answers import OutcomeUnknown, RateLimited, Refused, SignInLost, Unavailable
from tests.harness.gallery.client.documents import Document, Posted, Rejected, Verdict

if TYPE_CHECKING:
    from tests.harness.gallery.client.driver import Driver

QUEUED, IN_PROGRESS, COMPLETE, FAILED = "queued", "in progress", "complete", "failed"
WORKERS = 2
CLAIM_MOST = 80  # transactions that one worker takes at once
LOOK_UP_WAITS_S = (3, 15, 45, 60)
ATTEMPTS = 5
KEY_LIFE_S = 300  # how long a platform is sure to remember a key
Row = dict[str, Any]


class Engine:
    """The queue, and the way of a transaction through it."""

    batch_size = 7

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.store = driver.store

    # The queue

    blocks_enqueue: tuple[str, ...] = (IN_PROGRESS, COMPLETE)

    def enqueue(self, id: str) -> None:
        """Put a transaction into the queue. The queue delivers at least once; the same id may stand in it twice."""
        row = self.store.get("transactions", id)
        if row["status"] in self.blocks_enqueue:
            return
        self.store.change("transactions", id, status=QUEUED, message="")
        number = self.store.number("job")
        self.store.put("jobs", str(number), {"number": number, "transaction": id})

    def pending(self) -> bool:
        return bool(self.store.rows("jobs"))

    def run(self) -> None:
        """Work until the queue is empty. The workers run in step, so that one seed gives one order."""
        while self.pending():
            share = min(CLAIM_MOST, -(-len(self.store.rows("jobs")) // WORKERS))
            taken = [self.claim(share) for _ in range(WORKERS)]
            for worker, ids in enumerate(taken):
                self.driver.worker = worker
                self.start(ids)
                self.export(ids)

    def jobs(self, most: int) -> list[str]:
        """Take the next jobs out of the queue."""
        jobs = self.store.rows("jobs")[:most]
        for job in jobs:
            self.store.drop("jobs", str(job["number"]))
        return [job["transaction"] for job in jobs]

    def claim(self, most: int) -> list[str]:
        """Transactions for one worker, each marked in the same breath: a second delivery finds it taken."""
        claimed = []
        for id in self.jobs(most):
            if self.store.get("transactions", id)["status"] == QUEUED:
                self.store.change("transactions", id, status=IN_PROGRESS, since=time.time())
                claimed.append(id)
        return claimed

    def start(self, ids: Sequence[str]) -> None:
        """What a worker does before it exports: nothing is left to be done here."""

    # Posting

    def export(self, ids: Sequence[str]) -> None:
        """Post transactions; those that can be told to be wrong beforehand are refused one by one."""
        documents = []
        for id in ids:
            try:
                documents.append(self.planned(id))
            except Refused as refused:
                self.failed(id, str(refused))
        self.post_dataset(documents)

    def planned(self, id: str) -> Document:
        """The document of a transaction with what its native record needs of the customer's books."""
        document = self.driver.planner.document(self.store.get("transactions", id)["given"])
        self.driver.chart.include(self.driver.planner.accounts(document))
        self.driver.planner.check(document, self.driver.chart.accounts())
        facts = self.driver.adapter.facts(document)
        self.store.change("transactions", id, facts=facts)
        return replace(document, facts=facts)

    def post_dataset(self, documents: Sequence[Document]) -> None:
        for chunk in self.driver.adapter.chunks(documents, self.batch_size):
            self.post(chunk)

    def post(self, documents: Sequence[Document]) -> None:
        self.deliver(self.opened(documents))

    def opened(self, documents: Sequence[Document]) -> Row:
        """A new intent: its key is good for this request alone."""
        number = self.store.number("intent")
        intent = {"number": number, "key": f"{documents[0].id}-{number}", "ids": [d.id for d in documents]}
        intent |= {"facts": {d.id: d.facts for d in documents}, "sent_at": time.time(), "unclear": False}
        self.store.put("intents", str(number), intent)
        return intent

    def deliver(self, intent: Row) -> None:
        """Send an intent until its outcome is known. It stays open when that takes too long."""
        documents = self.documents_of(intent)
        for _ in range(ATTEMPTS):
            try:
                verdicts: Mapping[str, Verdict] | None = self.driver.adapter.post(documents, key=self.key_of(intent))
            except RateLimited as limited:
                self.limited(limited, documents)
                continue
            except OutcomeUnknown:
                intent = self.store.change("intents", str(intent["number"]), unclear=True)
                verdicts = self.resolved(intent, documents)
            except SignInLost as lost:
                if intent["unclear"]:
                    raise
                verdicts = {document.id: Rejected(str(lost), "sign-in") for document in documents}
            if verdicts is not None:
                self.record(intent, verdicts)
                return
        self.park(intent)

    def documents_of(self, intent: Row) -> list[Document]:
        """The documents as they were sent before; the books may have changed since, a request may not."""
        rows = [self.store.get("transactions", id)["given"] for id in intent["ids"]]
        return [replace(self.driver.planner.document(row), facts=intent["facts"][row["id"]]) for row in rows]

    def key_of(self, intent: Row) -> str:
        return str(intent["key"])

    def limited(self, limited: RateLimited, documents: Sequence[Document]) -> None:
        time.sleep(limited.wait_s)

    def park(self, intent: Row) -> None:
        """Leave an intent open: a later round looks for it again."""
        self.store.change("intents", str(intent["number"]), parked=intent.get("parked", 0) + 1)

    # After an unclear answer

    def resolved(self, intent: Row, documents: Sequence[Document]) -> Mapping[str, Verdict] | None:
        """The verdicts if everything is there; None to send the same again under the same key.

        A search may lag behind, and a request may still be under way: it is looked for several times.
        """
        for wait in LOOK_UP_WAITS_S:
            time.sleep(wait)
            found = self.found(documents)
            if len(found) == len(documents):
                return found
        return None

    def found(self, documents: Sequence[Document]) -> dict[str, Verdict]:
        """Those documents that the platform has."""
        there: dict[str, Verdict] = {}
        for document in documents:
            native = self.driver.adapter.find(document)
            if native:
                there[document.id] = Posted(native)
        return there

    def recover(self) -> None:
        """Bring every open intent to its end, and put back what was taken but never sent."""
        for intent in self.store.rows("intents"):
            self.recover_intent(intent)
        sent = {id for intent in self.store.rows("intents") for id in intent["ids"]}
        for row in self.store.rows("transactions"):
            if row["status"] == IN_PROGRESS and row["id"] not in sent:
                self.store.change("transactions", row["id"], status=QUEUED)
                self.enqueue(row["id"])

    def under_way(self) -> bool:
        """Whether anything is left to do."""
        return self.pending() or any(row["status"] == IN_PROGRESS for row in self.store.rows("transactions"))

    def recover_intent(self, intent: Row) -> None:
        documents = self.documents_of(intent)
        found = self.resolved(intent, documents)
        if found is not None:
            self.record(intent, found)
        elif time.time() < intent["sent_at"] + KEY_LIFE_S:
            self.deliver(intent)
        else:
            self.record(intent, self.found(documents))

    def give_up(self, message: str) -> None:
        """Tell the customer of what was never sent; it is not tried again without being handed over again."""
        sent = {id for intent in self.store.rows("intents") for id in intent["ids"]}
        for row in self.store.rows("transactions"):
            if row["status"] in (QUEUED, IN_PROGRESS) and row["id"] not in sent:
                self.failed(row["id"], message)
        for job in self.store.rows("jobs"):
            self.store.drop("jobs", str(job["number"]))

    # Changes

    def change(self, row: Row) -> Verdict:
        """Bring the native record of a transaction to its new state. The change is written down until it is done."""
        document = self.driver.planner.document(row["given"])
        self.driver.chart.include(self.driver.planner.accounts(document))
        self.driver.planner.check(document, self.driver.chart.accounts())
        stands = self.store.get("transactions", row["id"])
        facts = {**self.driver.adapter.facts(document), "entity": stands["facts"].get("entity")}
        document = replace(document, facts=facts)
        for attempt in range(ATTEMPTS):
            try:
                return self.driver.adapter.update(document, stands["native_id"], key=f"{row['id']}-{row['version']}")
            except RateLimited as limited:
                time.sleep(limited.wait_s)
            except OutcomeUnknown:
                time.sleep(2**attempt)  # the same state once more does no harm
        raise Unavailable("the change could not be made")

    def change_all(self) -> None:
        for row in self.store.rows("changes"):
            try:
                verdict = self.change(row)
            except Refused as refused:
                verdict = Rejected(str(refused))
            if isinstance(verdict, Posted):
                self.store.change("transactions", row["id"], submitted=row["submitted"], given=row["given"])
            else:
                self.store.change("transactions", row["id"], message=verdict.message, unchanged=True)
            self.store.drop("changes", row["id"])

    # Recording

    def record(self, intent: Row, verdicts: Mapping[str, Verdict]) -> None:
        """Write the results down and close the intent. What has no verdict is taken up again under a new intent."""
        left = []
        for id in intent["ids"]:
            verdict = verdicts.get(id)
            if isinstance(verdict, Posted):
                self.completed(id, verdict.native_id)
            elif isinstance(verdict, Rejected):
                self.failed(id, verdict.message, code=verdict.code)
            else:
                left.append(id)
        self.store.drop("intents", str(intent["number"]))
        if left:
            self.post(self.documents_of({**intent, "ids": left}))

    def completed(self, id: str, native_id: str) -> None:
        self.store.change("transactions", id, status=COMPLETE, native_id=native_id, message="")

    def failed(self, id: str, message: str, *, code: str = "") -> None:
        """A no is final, and the customer is told why."""
        self.store.change("transactions", id, status=FAILED, message=message or "refused", code=code)
