"""How large a picture is, told by the first bytes of a PNG, a GIF or a JPEG."""

from __future__ import annotations

import struct

from msgspec import Struct

# Frames of JPEG that hold the size; of those numbers C4, C8 and CC mean something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


class Size(Struct, frozen=True):
    """Points across and down."""

    width: int
    height: int

    def fits(self, side: int) -> bool:
        """Whether it lies within a square."""
        return max(self.width, self.height) <= side


def size_of(content: bytes) -> Size | None:
    """The size of a picture; None for anything else."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return Size(*struct.unpack_from(">II", content, 16))
        if content.startswith((b"GIF87a", b"GIF89a")):
            return Size(*struct.unpack_from("<HH", content, 6))
        return _of_jpeg(content) if content.startswith(b"\xff\xd8") else None
    except struct.error:
        return None


def _of_jpeg(content: bytes) -> Size | None:
    place = 2
    while True:
        mark, kind = struct.unpack_from("BB", content, place)
        if mark != 0xFF:
            return None
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", content, place + 5)
            return Size(width, height)
        place += 1 if kind == 0xFF else 2 if kind in _ALONE else 2 + _length(content, place)


def _length(content: bytes, place: int) -> int:
    (length,) = struct.unpack_from(">H", content, place + 2)
    return max(int(length), 2)
