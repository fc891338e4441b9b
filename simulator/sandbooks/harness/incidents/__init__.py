"""From what happened to a scenario: recorded exchanges, of a real incident or of a run here, told in scenario words.

Knows native documents only as far as their kind, date, amounts and accounts go. What it cannot know it guesses, and
says so.
"""

from sandbooks.harness.incidents.logs import NotALog, read_log
from sandbooks.harness.incidents.mapping import LogMapping, read_mapping
from sandbooks.harness.incidents.seen import NotAnArchive, Seen, read_har
from sandbooks.harness.incidents.telling import NothingToTell, Told, scenario_from

__all__ = [
    "LogMapping",
    "NotALog",
    "NotAnArchive",
    "NothingToTell",
    "Seen",
    "Told",
    "read_har",
    "read_log",
    "read_mapping",
    "scenario_from",
]
