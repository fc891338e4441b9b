"""Receipts: every file that was handed over hangs on its document once, byte by byte. INV-40 to INV-43."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

from sandbooks import capabilities
from sandbooks.audit.evidence import HUB, Evidence
from sandbooks.audit.findings import Finding, Step
from sandbooks.audit.invariants.limits import is_final
from sandbooks.audit.reading import Sent
from sandbooks.audit.submitted import Submitted, SubmittedFile
from sandbooks.audit.wording import step, steps_of, times, told
from sandbooks.platform import StoredFile

ASSUMPTION = "Files as the platform's own screens show them, compared by their SHA-256."


def files_arrive_unchanged(evidence: Evidence) -> Iterator[Finding]:
    """INV-40 (Q): what is downloaded is what was uploaded: the bytes, the type, and the name but for sanitising."""
    for given, stored in _with_files(evidence):
        wanted = {file.digest: file for file in given.files}
        known = evidence.once("owners of files", lambda: _owners(evidence))
        for file in stored:
            sent = wanted.get(_digest(file))
            if sent is None and _digest(file) not in known:
                twin = _same_name(given.files, file)
                if twin is not None and not _is_beginning(file, twin):
                    yield _changed(evidence, given, twin, file)
            elif (
                sent is not None and _ending(sent.name) != _ending(file.name) and sent.content_type != file.content_type
            ):
                yield _renamed(evidence, given, sent, file)


def files_are_kept_once(evidence: Evidence) -> Iterator[Finding]:
    """INV-41 (S): after all retries the files on a document are those that were uploaded, none lost, none twice.
    INV-42 (D): that holds after an update of the transaction, too."""
    for given, stored in _with_files(evidence):
        counted = Counter(_digest(file) for file in stored)
        allowed = Counter(file.digest for file in given.files)
        for file in {file.digest: file for file in given.files}.values():
            if counted[file.digest] > allowed[file.digest]:
                yield _doubled(evidence, given, file, counted[file.digest])
            elif not counted[file.digest] and evidence.quiet and not _is_excused(evidence, given, file, stored):
                yield _elsewhere(evidence, given, file) or _lost(evidence, given, file)
        for strange in stored:
            owner = evidence.once("owners of files", lambda: _owners(evidence)).get(_digest(strange))
            if owner is not None and owner.id != given.id and _digest(strange) not in allowed:
                yield _mixed_up(evidence, given, strange, owner)


def refused_files_leave_nothing(evidence: Evidence) -> Iterator[Finding]:
    """INV-43 (S): a file that is too big or of a type that is not taken is refused whole; no part of it is stored."""
    for given, stored in _with_files(evidence):
        table = _table(evidence) if given.through_hub else None  # others may use all that the platform takes
        for file in stored:
            cut = next((sent for sent in given.files if _is_beginning(file, sent)), None)
            sent = next((sent for sent in given.files if sent.digest == _digest(file)), None)
            not_taken = table is not None and sent is not None and not _is_taken(table, given, sent)
            if cut is not None:
                what = f"is {len(file.content)} of the {len(cut.content)} bytes that were handed over"
            elif not_taken and sent is not None:
                what = f"hangs on it, and {evidence.platform.title} is said not to take such a file"
            else:
                continue
            yield Finding(
                title=f"The receipt {file.name} of the {given} {what}.",
                message=told(given),
                invariants=("INV-43",),
                failure_modes=("FM-101",),
                transaction=given.id,
                steps=_steps(evidence, given),
                control="A small file of a type that is taken arrives whole.",
                remedy="Check size and type first; send a file whole or not at all.",
                assumption=ASSUMPTION,
            )


def _owners(evidence: Evidence) -> dict[str, Submitted]:
    """The transaction that each file was handed over for, by its digest."""
    return {file.digest: given for given in evidence.submitted or () for file in given.files}


def _with_files(evidence: Evidence) -> Iterator[tuple[Submitted, list[StoredFile]]]:
    for given in evidence.submitted or ():
        if given.files and given.status == "completed" and evidence.standing(given.id):
            yield given, evidence.files(given.id)


def _digest(file: StoredFile) -> str:
    return sha256(file.content).hexdigest()


def _ending(name: str) -> str:
    return name.rpartition(".")[2].casefold()


def _same_name(files: Sequence[SubmittedFile], stored: StoredFile) -> SubmittedFile | None:
    """The file that a stored one was meant to be: of the same name, else the only one there is."""
    plain = [file for file in files if _plain(file.name) == _plain(stored.name)]
    return plain[0] if plain else files[0] if len(files) == 1 else None


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _is_beginning(stored: StoredFile, sent: SubmittedFile) -> bool:
    return len(stored.content) < len(sent.content) and bool(stored.content) and sent.content.startswith(stored.content)


def _table(evidence: Evidence) -> capabilities.PlatformCapabilities | None:
    return capabilities.load(evidence.edition or capabilities.LATEST).platforms.get(evidence.company.platform)


def _is_taken(table: capabilities.PlatformCapabilities, given: Submitted, file: SubmittedFile) -> bool:
    takes = table.attachments
    return takes.takes(given.kind.capitalize()) and takes.takes_name(file.name) and takes.takes_size(len(file.content))


def _is_excused(evidence: Evidence, given: Submitted, file: SubmittedFile, stored: Sequence[StoredFile]) -> bool:
    """Whether a missing file was lawfully refused, or is there in another shape, which is another rule's to tell.

    A refusal excuses no client that said afterwards that the file is taken.
    """
    if _is_taken_out(evidence, given):
        return True
    taken_at = file.taken_at
    table = None if taken_at else _table(evidence)
    if table is not None and not _is_taken(table, given, file):
        return True
    if any(_same_name([file], other) and _digest(other) not in {f.digest for f in given.files} for other in stored):
        return True
    last = _uploads(evidence, file)[-1:]
    refused = [sent for sent in last if sent.number > taken_at and (is_final(sent) or _left_nothing(sent))]
    return any(sent.entry.faults or stored or not _fits(evidence, given, file) for sent in refused)


def _is_taken_out(evidence: Evidence, given: Submitted) -> bool:
    """Whether the company's own people have deleted or voided every document of a transaction: nothing is left to hang
    a file on, and who looks first need not even try."""
    documents = {(document.kind, document.id) for document in evidence.standing(given.id)}
    last = {(v.kind, v.id): v for v in evidence.versions if (v.kind, v.id) in documents}
    return bool(last) and all(not v.exchange and v.action != "update" for v in last.values())


def _fits(evidence: Evidence, given: Submitted, file: SubmittedFile) -> bool:
    """Whether the platform has no reason to refuse a file: one that it takes, for a document that stands untouched.

    What it refuses all the same was sent to the wrong place, or in the wrong way.
    """
    table = _table(evidence)
    documents = {(document.kind, document.id) for document in evidence.standing(given.id)}
    touched = any((v.kind, v.id) in documents and not v.exchange for v in evidence.versions)
    return table is not None and _is_taken(table, given, file) and not touched and not given.through_hub


def _left_nothing(sent: Sent) -> bool:
    """Whether an upload was answered with success and nothing was written: some platforms refuse inside one."""
    return sent.succeeded and not sent.entry.written and sent.entry.surface != HUB


def _uploads(evidence: Evidence, file: SubmittedFile) -> list[Sent]:
    """The requests that carried a file: by its name, or by its bytes."""
    name = file.name.casefold()
    both = sorted([*evidence.writes, *evidence.through_hub], key=lambda sent: sent.number)
    return [sent for sent in both if name in sent.text or file.content in sent.entry.request_body]


def _steps(evidence: Evidence, given: Submitted) -> tuple[Step, ...]:
    uploads = {sent.number: step(sent) for file in given.files for sent in _uploads(evidence, file)}
    own = {one.number: one for one in steps_of(evidence, given.id, evidence.standing(given.id))}
    both = {**own, **uploads}
    return tuple(both[number] for number in sorted(both))


def _changed(evidence: Evidence, given: Submitted, sent: SubmittedFile, stored: StoredFile) -> Finding:
    return Finding(
        title=f"The receipt {sent.name} of the {given} was changed on its way: {len(sent.content)} bytes were handed "
        f"over, {len(stored.content)} other ones are stored.",
        message=f"{told(given)} Whoever opens it sees a broken file, or another one.",
        invariants=("INV-40",),
        failure_modes=("FM-104",),
        transaction=given.id,
        steps=_steps(evidence, given),
        control="A file of plain letters arrives as it is.",
        remedy="Send the bytes as they are: no decoding, no second encoding, a boundary that the file does not hold.",
        assumption=ASSUMPTION,
    )


def _renamed(evidence: Evidence, given: Submitted, sent: SubmittedFile, stored: StoredFile) -> Finding:
    return Finding(
        title=f"The receipt {sent.name} ({sent.content_type}) of the {given} is stored as {stored.name} "
        f"({stored.content_type}).",
        message=f"{told(given)} Nobody can open it by its name.",
        invariants=("INV-40",),
        failure_modes=("FM-103",),
        transaction=given.id,
        steps=_steps(evidence, given),
        control="A short name of plain letters with its ending is kept.",
        remedy="Keep the ending of the name and send the type of the file.",
        assumption=ASSUMPTION,
    )


def _doubled(evidence: Evidence, given: Submitted, file: SubmittedFile, count: int) -> Finding:
    return Finding(
        title=f"The receipt {file.name} hangs on the {given} {times(count)}.",
        message=f"{told(given)} Platforms cap the files of a document: the next receipt may find no room.",
        invariants=("INV-41",),
        failure_modes=("FM-105",),
        transaction=given.id,
        steps=_steps(evidence, given),
        control="With every answer delivered the file is there once.",
        remedy="After an answer that did not come, list the files of the document before sending one again.",
        assumption=ASSUMPTION,
    )


def _lost(evidence: Evidence, given: Submitted, file: SubmittedFile) -> Finding:
    after = "updated, and its receipt" if given.updated else "completed, and its receipt"
    return Finding(
        title=f"The {given} is {after} {file.name} is nowhere.",
        message=f"{told(given)} Nothing tells anybody that a receipt is missing.",
        invariants=("INV-42",) if given.updated else ("INV-41",),
        failure_modes=("FM-106",) if given.updated else ("FM-102",),
        transaction=given.id,
        steps=_steps(evidence, given),
        control="With every answer delivered the file is there.",
        remedy="Keep a state of its own for each file, and try again until it is stored or refused for good.",
        assumption=f"{ASSUMPTION} The platform takes files of this type and size, and refused none.",
    )


def _elsewhere(evidence: Evidence, given: Submitted, file: SubmittedFile) -> Finding | None:
    """The finding of a file that hangs on another transaction, which has none of its own."""
    for other in evidence.submitted or ():
        if other.id == given.id or other.files:
            continue
        hanging = next((one for one in evidence.files(other.id) if _digest(one) == file.digest), None)
        if hanging is not None:
            return _mixed_up(evidence, other, hanging, given)
    return None


def _mixed_up(evidence: Evidence, given: Submitted, stored: StoredFile, other: Submitted) -> Finding:
    return Finding(
        title=f"The receipt {stored.name} of the {other} hangs on the {given}.",
        message=told(given),
        invariants=("INV-41",),
        failure_modes=("FM-106",),
        transaction=given.id,
        steps=_steps(evidence, given),
        control="One receipt at a time goes to its own transaction.",
        remedy="Address the upload by the native id of the transaction that the receipt belongs to.",
        assumption=ASSUMPTION,
    )
