"""Queries, reports and files."""

from __future__ import annotations

from sandbooks.ledger import Refusal


class QueryUnparsable(Refusal):
    """The query does not parse: {detail}."""

    detail: str


class QueryInvalid(Refusal):
    """The query names what cannot be queried: {detail}."""

    detail: str


class ResultTooLarge(Refusal):
    """More than {most} columns would be answered."""

    most: int


class LengthMissing(Refusal):
    """The upload states no Content-Length."""


class UploadTooLarge(Refusal):
    """The file has {size} bytes."""

    size: int


class NoMetadata(Refusal):
    """The part with the metadata is no attachable."""


class FileTypeRefused(Refusal):
    """Files of type {name} are not taken."""

    name: str


class AttachedKindUnsupported(Refusal):
    """Nothing can be attached to a {kind}."""

    kind: str
