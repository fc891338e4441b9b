"""Bugs that post a transaction twice, or lose it."""

from __future__ import annotations

import time
from typing import Any

from tests.harness.gallery.client import engine, files, quickbooks
from tests.harness.gallery.client.answers import OutcomeUnknown, RateLimited, Refused
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.client.engine import IN_PROGRESS, QUEUED
from tests.harness.gallery.registry import bug


@bug("A create without an answer is sent again: no key, no look-up", severity="S1", origin="FM-01, seen in real code")
class P01(Driver):
    platforms = ("quickbooks_online",)

    class Engine(engine.Engine):
        def resolved(self, intent: Any, documents: Any) -> Any:
            return None

        def key_of(self, intent: Any) -> str:
            return ""


@bug("A new idempotency key is made inside the retry loop", severity="S1", origin="FM-01")
class P02(Driver):
    platforms = ("xero",)

    class Engine(engine.Engine):
        def resolved(self, intent: Any, documents: Any) -> Any:
            return None

        def key_of(self, intent: Any) -> str:
            return f"{intent['key']}-{self.store.number('attempt')}"


@bug(
    "What is in progress for an hour is posted again without a look-up",
    severity="S1",
    origin="FM-03, seen in real code",
)
class P03(Driver):
    pause_s = 600.0  # the sweep runs every ten minutes

    class Engine(engine.Engine):
        def recover(self) -> None:
            for row in self.store.rows("transactions"):
                if row["status"] == IN_PROGRESS and time.time() - row["since"] > 3600:
                    for intent in self.store.rows("intents"):
                        if row["id"] in intent["ids"]:
                            self.store.drop("intents", str(intent["number"]))
                    self.store.change("transactions", row["id"], status=QUEUED)
                    self.enqueue(row["id"])


@bug(
    "Two workers claim by reading the status first and setting it later",
    severity="S1",
    origin="FM-04, seen in real code",
)
class P04(Driver):
    class Engine(engine.Engine):
        def claim(self, most: int) -> list[str]:
            return [id for id in self.jobs(most) if self.store.get("transactions", id)["status"] == QUEUED]

        def start(self, ids: Any) -> None:
            for id in ids:
                self.store.change("transactions", id, status=IN_PROGRESS, since=time.time())


@bug("A completed transaction can be put into the queue again", severity="S1", origin="FM-05, seen in real code")
class P05(Driver):
    class Engine(engine.Engine):
        blocks_enqueue = (IN_PROGRESS,)


@bug(
    "An upload that fails marks the export as failed, and the next run posts it again",
    severity="S1",
    origin="FM-06, seen in real code",
)
class P06(Driver):
    class Files(files.Files):
        def upload(self, file: Any) -> None:
            row = self.store.get("transactions", file["transaction"])
            document = self.driver.planner.document(row["given"])
            try:
                self.driver.adapter.attach(document, row["native_id"], file, self.content(file), key=self.key(file))
                self.store.change("files", file["id"], status=files.STORED)
            except (Refused, OutcomeUnknown, RateLimited) as error:
                self.driver.engine.failed(row["id"], str(error))
                self.driver.engine.enqueue(row["id"])


@bug("After an unclear answer it looks once, at once, and then starts afresh", severity="S1", origin="FM-44")
class P07(Driver):
    class Engine(engine.Engine):
        def resolved(self, intent: Any, documents: Any) -> Any:
            found = self.found(documents)
            intent["key"] = f"{documents[0].id}-{self.store.number('intent')}"
            return found if len(found) == len(documents) else None


@bug("A number that is taken gets a suffix, and the transaction is posted under it", severity="S1", origin="FM-13")
class P08(Driver):
    platforms = ("quickbooks_online",)

    class Engine(engine.Engine):
        def resolved(self, intent: Any, documents: Any) -> Any:
            return None  # the number protects: a second one would be refused

        def key_of(self, intent: Any) -> str:
            return ""

    class QuickBooks(quickbooks.QuickBooks):
        def number_taken(self, document: Any, fault: Any) -> Any:
            entity = document.facts["entity"]
            body = self.body(document)
            body["DocNumber"] = body["DocNumber"][:19] + "-2"
            return self.verdict(document, self.write(entity.lower(), body, "").body)


@bug("After a rate limit in the middle the whole dataset is sent again", severity="S1", origin="FM-32")
class P17(Driver):
    class Engine(engine.Engine):
        batch_size = 1

        def post_dataset(self, documents: Any) -> None:
            while True:
                try:
                    return super().post_dataset(documents)
                except RateLimited as limited:
                    time.sleep(limited.wait_s)

        def limited(self, limited: Any, documents: Any) -> None:
            for intent in self.store.rows("intents"):
                self.store.drop("intents", str(intent["number"]))
            raise limited


@bug("It is marked as completed before it is posted; only an exception takes that back", severity="S1", origin="FM-03")
class P43(Driver):
    class Engine(engine.Engine):
        def post(self, documents: Any) -> None:
            for document in documents:
                self.completed(document.id, "")
            try:
                super().post(documents)
            except Exception as error:
                for document in documents:
                    self.failed(document.id, str(error))
                raise

        def recover_intent(self, intent: Any) -> None:
            self.store.drop("intents", str(intent["number"]))  # all of it is completed
