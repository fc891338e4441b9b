"""Writes the generated table into the README: ``make readme``."""

from __future__ import annotations

from pathlib import Path

from sandbooks.cli.simulated import table

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- generated: platforms -->\n", "<!-- end: platforms -->"

text = README.read_text(encoding="utf-8")
before, _, rest = text.partition(BEGIN)
_, _, after = rest.partition(END)
README.write_text(before + BEGIN + table() + END + after, encoding="utf-8")
