"""JSON whose numbers are exact: decimals in, decimals out, never a binary float.

Knows only bytes and plain values. Every surface and every stored document goes through here.
"""

from __future__ import annotations

import codecs
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

EXPONENT_MAX = 100_000  # of a number: far beyond any amount, and a product of several still fits into a decimal


DEPTH_MAX = 200  # of lists and objects in one another: far beyond any document, and safe to walk by recursion


class MalformedJson(ValueError):
    """The bytes are not one JSON document (or hold a number that no decimal can carry, or are nested too deeply)."""


def _number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or abs(value.adjusted()) > EXPONENT_MAX:
        raise MalformedJson(f"number out of range: {text[:40]}")
    return value


def _plain(value: object) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form here")


_decoder = msgspec.json.Decoder(float_hook=_number)
_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=_plain)
_canonical = msgspec.json.Encoder(decimal_format="number", enc_hook=_plain, order="sorted")


def loads(data: bytes | str) -> Any:
    """One JSON document; numbers with a point or an exponent become ``Decimal``, others ``int``.

    A byte order mark before it is let be (RFC 8259, section 8.1): some writers send one.
    """
    if isinstance(data, bytes):
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        value = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise MalformedJson(str(error)) from error
    opening = data.count(b"[") + data.count(b"{") if isinstance(data, bytes) else data.count("[") + data.count("{")
    if opening > DEPTH_MAX:
        _check_depth(value)
    return value


def _check_depth(value: Any) -> None:
    """Python 3.12 and later decode what no recursion of ours could walk. Raises ``MalformedJson``."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(DEPTH_MAX):
        inner = (one.values() if isinstance(one, dict) else one for one in level)
        level = [each for members in inner for each in members if isinstance(each, (dict, list))]
        if not level:
            return
    raise MalformedJson(f"nested more than {DEPTH_MAX} deep")


def dumps(value: object) -> bytes:
    """Compact JSON; ``Decimal`` is written digit for digit."""
    return _encoder.encode(value)


def canonical(value: object) -> bytes:
    """Compact JSON with sorted member names: the same value is always the same bytes."""
    return _canonical.encode(value)
