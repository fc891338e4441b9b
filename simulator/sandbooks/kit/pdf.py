"""A document as a PDF: one page of text, enough to be opened, stored and told apart from others."""

from __future__ import annotations

from collections.abc import Sequence

_LINES_MOST = 48


def document(title: str, lines: Sequence[str]) -> bytes:
    """A page with a title and lines of text. What Latin-1 cannot write is shown as a question mark."""
    shown = [title, "", *lines[:_LINES_MOST]]
    text = "\n".join(f"({_escaped(line)}) Tj T*" for line in shown)
    stream = f"BT /F1 11 Tf 14 TL 56 790 Td\n{text}\nET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    return _file(objects)


def _escaped(text: str) -> str:
    printable = "".join(mark if mark.isprintable() else " " for mark in text)
    return printable.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    """Objects, their cross-reference table and the trailer."""
    made, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(made))
    return made + table + end
