"""Whether an answer is as the contract describes it: JSON by its schema, and XML element by element.

What a platform adds to its answers is nobody's mistake: only what a contract shuts out is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from sandbooks.harness.contracts.bodies import elements_of
from sandbooks.harness.contracts.documents import answer_mistakes
from sandbooks.harness.contracts.elements import NotXml, document_of, parsed
from sandbooks.harness.contracts.values import Judge, Mistake, Stranger
from sandbooks.kit.elements import Form
from sandbooks.recording.canonical import decoded
from sandbooks.recording.conformance import judged, schema_of
from sandbooks.wire import Response
from sandbooks.world import TapeEntry


def answer_differences(surface: str, operation: str, answer: Response) -> list[str]:
    """What an answer has that its contract does not allow; the texts go on where ``<operation> answered`` ends."""
    found = judged(surface, operation, answer)
    media = answer.header("Content-Type").partition(";")[0].strip().lower()
    if media.endswith(("/xml", "+xml")) and answer.body:
        found += [f": {each.at}: {each.message}" for each in _mistakes(surface, operation, answer)]
    return found


def entry_differences(entry: TapeEntry) -> list[str]:
    """The same for an exchange of a tape; what a fault did to an answer is not judged."""
    if entry.cut or entry.faults or entry.bug or entry.not_simulated or not entry.operation:
        return []
    answer = Response(entry.status, entry.response_headers, entry.response_body)
    found = answer_differences(entry.surface, entry.operation, answer)
    return [f"{entry.operation} answered {entry.status}{text}" for text in found]


def _mistakes(surface: str, operation: str, answer: Response) -> Iterator[Mistake]:
    known, content = elements_of(surface), decoded(answer.body, answer.headers)
    if isinstance(known, Form):
        schema = schema_of(surface, operation, answer.status)
        if not schema:
            return
        try:
            root = parsed(content)
        except NotXml as error:
            yield Mistake("body", f"is no XML: {error}", "")
            return
        yield from Judge(surface, answers=True).mistakes(document_of(root, known), schema)
    elif known is not None and answer.status == 200:
        yield from (each for each in answer_mistakes(known, content) if not isinstance(each, Stranger))
