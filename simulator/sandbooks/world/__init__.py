"""A world: clock, ids, chance, tape, jobs and store as one explicit object, so that many live side by side."""

from sandbooks.world.clock import Clock, ClockMode, instant, parse_duration, parse_instant, within_reach
from sandbooks.world.exchange import PHASES, Exchange, FaultPlan, Interrupt, Phase, Postponed, Written
from sandbooks.world.ids import Ids
from sandbooks.world.jobs import Job, Jobs
from sandbooks.world.tape import Tape, TapeEntry
from sandbooks.world.world import World

__all__ = [
    "PHASES",
    "Clock",
    "ClockMode",
    "Exchange",
    "FaultPlan",
    "Ids",
    "Interrupt",
    "Job",
    "Jobs",
    "Phase",
    "Postponed",
    "Tape",
    "TapeEntry",
    "World",
    "Written",
    "instant",
    "parse_duration",
    "parse_instant",
    "within_reach",
]
