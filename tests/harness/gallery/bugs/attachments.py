"""Bugs in uploading receipts."""

from __future__ import annotations

import base64
from typing import Any

from tests.harness.gallery.client import files, quickbooks
from tests.harness.gallery.client.driver import Driver
from tests.harness.gallery.registry import bug


@bug("A file is decoded as text before it is sent", severity="S2", origin="FM-104")
class P38(Driver):
    class Files(files.Files):
        def content(self, file: Any) -> bytes:
            return base64.b64decode(file["content"]).decode("utf-8", "ignore").encode()


@bug("An upload is repeated without a look, and the file is there twice", severity="S2", origin="FM-105")
class P39(Driver):
    platforms = ("quickbooks_online",)

    class Files(files.Files):
        def there(self, document: Any, native_id: str, file: Any) -> bool:
            return False

        def key(self, file: Any) -> str:
            return f"{super().key(file)}-{self.store.number('upload')}"


@bug("A fault inside the good answer to an upload is not read", severity="S2", origin="FM-07")
class P45(Driver):
    platforms = ("quickbooks_online",)

    class QuickBooks(quickbooks.QuickBooks):
        def stored(self, answer: Any) -> None:
            """Status 200: it is stored."""


@bug("A file that is refused turns a completed transaction into a failed one", severity="S2", origin="FM-102")
class P50(Driver):
    class Files(files.Files):
        def not_taken(self, file: Any, message: str) -> None:
            super().not_taken(file, message)
            self.driver.engine.failed(file["transaction"], message)
