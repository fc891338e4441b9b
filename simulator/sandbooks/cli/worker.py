"""``sandbooks worker``: takes up syncs, webhooks and whatever else is due in the worlds of a shared database."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sandbooks.app import App


@click.command()
@click.option("--db", "db", required=True, help="postgresql://… , the database that the servers have.")
@click.option("--once", is_flag=True, help="End when nothing is due.")
def worker(db: str, once: bool) -> None:
    """Do what is due in the live worlds of a PostgreSQL database: syncs, webhooks, retries.

    Any number of workers, on any number of machines, share the work; each job is done by one of them. What a killed
    worker had begun is due again at once, and is looked up before anything is sent anew.
    """
    from sandbooks.app import App
    from sandbooks.cli.database import database_of, is_database
    from sandbooks.cli.serve import _post

    if not is_database(db):
        raise click.UsageError(f"--db {db}: a world in a file belongs to one process; workers need postgresql://…")
    app = App(raises=False, database=database_of(db))
    app.send_out = _post
    try:
        if once:
            _drain(app)
        else:
            click.echo("Sandbooks worker. Stop with Ctrl-C.")
            run_jobs(app)
    finally:
        app.close()


def _drain(app: App) -> None:
    for world in app.worlds_with_work():
        world.jobs.run_due()


def run_jobs(app: App) -> None:
    """Run what falls due in live worlds until the process is asked to end; the job under way is finished first."""
    from sandbooks.world.ticker import Ticker

    ticker = Ticker(app.worlds_with_work, report=lambda text: click.echo(text, err=True))
    ticker.start()
    try:
        wait_for_end()
    finally:
        ticker.stop()


def wait_for_end() -> None:
    """Return when the process is asked to end, by Ctrl-C or SIGTERM."""
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    asked.wait()
