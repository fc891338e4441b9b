"""``make bench``: the goals as ratios to a null Flask route and to peers, from interleaved rounds in one run."""

from __future__ import annotations

import argparse
import contextlib
import statistics

from bench.harness import harness
from bench.in_process import in_process
from bench.load import fire
from bench.platforms import MAKERS
from bench.subjects import Subject, moto, node_peer, null_route, pinned, sandbooks


def main() -> None:
    """Measure, then print a table of medians and ratios."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="per subject and round")
    parser.add_argument("--no-peers", action="store_true", help="leave out moto and the Node peer")
    options = parser.parse_args()
    print(pinned())
    over_http(options.rounds, options.seconds, peers=not options.no_peers)
    in_process(options.rounds)
    harness()


def over_http(rounds: int, seconds: float, *, peers: bool) -> None:
    """Every subject up at once; round after round, each for a while."""
    with contextlib.ExitStack() as stack:
        groups = [null_route(), sandbooks(tuple(MAKERS))] + ([moto(), node_peer()] if peers else [])
        subjects = [subject for group in groups for subject in stack.enter_context(group)]
        rates: dict[str, list[float]] = {subject.name: [] for subject in subjects}
        tails: dict[str, list[float]] = {subject.name: [] for subject in subjects}
        for _ in range(rounds):
            for subject in subjects:
                rate, latencies = fire(subject.target, seconds)
                rates[subject.name].append(rate)
                tails[subject.name].append(_tail(latencies))
        _print(subjects, rates, tails)


def _tail(latencies: list[float]) -> float:
    """p99 over p50."""
    ordered = sorted(latencies)
    return ordered[int(len(ordered) * 0.99)] / statistics.median(ordered)


def _print(subjects: list[Subject], rates: dict[str, list[float]], tails: dict[str, list[float]]) -> None:
    null = statistics.median(rates["null Flask route"])
    moto_rate = statistics.median(rates["moto write"]) if "moto write" in rates else None
    print(f"\n{'over HTTP, one connection':<32} {'req/s':>8} {'x null':>8} {'x moto':>8} {'p99/p50':>8}   [min..max]")
    for subject in subjects:
        values = rates[subject.name]
        median = statistics.median(values)
        against = f"{median / moto_rate:8.2f}" if moto_rate else " " * 8
        tail = statistics.median(tails[subject.name])
        spread = f"[{min(values):.0f}..{max(values):.0f}]"
        print(f"{subject.name:<32} {median:8.0f} {median / null:8.2f} {against} {tail:8.1f}   {spread}")


if __name__ == "__main__":
    main()
