"""``make gallery``: every entry through the three columns, as a table and as a file under ``build/gallery``."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import click
from tests.harness.gallery.bugs import GALLERY
from tests.harness.gallery.report import summary, table
from tests.harness.gallery.scoring import EXAMPLES, ROOT, scored

BUILD = ROOT / "build" / "gallery"


@click.command()
@click.argument("names", nargs=-1)
@click.option("--examples", default=EXAMPLES, show_default=True, help="Most examples of `check` for each platform.")
@click.option("--time-limit", default=None, type=float, help="Most seconds of `check` for each platform.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--folder", default=str(BUILD), help="Where findings and the table go.")
def main(names: Sequence[str], examples: int, time_limit: float | None, workers: int, folder: str) -> None:
    """Score the gallery, or the entries that are NAMED."""
    wanted = list(names) or list(GALLERY)
    rows = {row["name"]: row for row in _rows(wanted, workers, folder, examples, time_limit)}
    ordered = [rows[name] for name in wanted]
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "scores.json").write_text(json.dumps(ordered, indent=1), encoding="utf-8")
    text = table(ordered)
    (Path(folder) / "gallery.md").write_text(text + "\n" + summary(ordered) + "\n", encoding="utf-8")
    click.echo(text)
    click.echo(summary(ordered))


def _rows(
    names: Sequence[str], workers: int, folder: str, examples: int, time_limit: float | None
) -> Iterator[dict[str, Any]]:
    """The row of each entry as it is done. An error ends everything: a gallery with holes says nothing."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        pending = [pool.submit(scored, name, folder, examples, time_limit) for name in names]
        try:
            for number, done in enumerate(as_completed(pending), 1):
                row = done.result()
                click.echo(f"{number:>3}/{len(names)}  {row['name']:<10} {_outcome(row)}", err=True)
                yield row
        finally:
            pool.shutdown(cancel_futures=True)


def _outcome(row: dict[str, Any]) -> str:
    if row["found"]:
        return f"found by {row['rule']} after {row['examples']} examples, {row['seconds']} s"
    return f"nothing found in {row['examples']} examples, {row['seconds']} s"


if __name__ == "__main__":
    main()
