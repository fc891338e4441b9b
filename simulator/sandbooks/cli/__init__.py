"""The command line: run simulated platforms, look and act, judge, know."""

from sandbooks.cli.main import main

__all__ = ["main"]
