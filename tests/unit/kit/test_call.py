"""What a call makes of its body: content encodings taken off, within a size that fits into memory."""

from __future__ import annotations

import gzip
import zlib

import pytest

from sandbooks.app import App
from sandbooks.kit import call as calls
from sandbooks.kit.call import Call, UnreadableBody
from sandbooks.kit.surface import UNMATCHED
from sandbooks.wire import Request
from sandbooks.world import Exchange

FORM = b"grant_type=refresh_token&scope=a+b"


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def call(body: bytes, encoding: str) -> Call:
    request = Request("POST", "https://api.example/token", (("Content-Encoding", encoding),), body)
    return Call(Exchange(App().create_world(), 1, "toy", request), UNMATCHED, {})


@pytest.mark.parametrize(
    ("sent", "encoding"),
    [
        (packed(FORM), "gzip"),
        (packed(FORM[:9]) + packed(FORM[9:]), "gzip"),
        (zlib.compress(FORM), "deflate"),
        (FORM, "identity"),
    ],
)
def test_a_body_is_read_without_its_content_encoding(sent: bytes, encoding: str) -> None:
    assert call(sent, encoding).body == FORM
    assert call(sent, encoding).form["scope"] == "a b"


@pytest.mark.parametrize(
    ("sent", "encoding"),
    [
        (b"", "gzip"),
        (FORM, "gzip"),
        (packed(FORM)[:-3], "gzip"),
        (FORM, "br"),
        (packed(FORM) + b"x", "gzip"),
    ],
)
def test_a_body_that_is_not_what_its_encoding_says_has_no_form(sent: bytes, encoding: str) -> None:
    with pytest.raises(UnreadableBody):
        _ = call(sent, encoding).form
    assert dict(call(sent, encoding).readable_form) == {}


def test_a_small_body_that_unpacks_to_more_than_fits_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "INFLATED_BYTES_MAX", 40_000)
    assert len(call(packed(b"a" * 39_999), "gzip").body) == 39_999
    for sent in (packed(b"a" * 5_000_000), packed(b"a" * 30_000) * 2):
        with pytest.raises(UnreadableBody):
            _ = call(sent, "gzip").body
