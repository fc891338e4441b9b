"""What leaves a world about its exchanges: the canonical tape, HAR files, and the redaction that both go through.

Knows the tape and wire values; no platform, no server, no scenario.
"""

from sandbooks.recording.canonical import TapeUnreadable, canonical, tape_lines
from sandbooks.recording.har import har
from sandbooks.recording.redaction import REDACTED, redact_body, redact_headers, redact_url

__all__ = [
    "REDACTED",
    "TapeUnreadable",
    "canonical",
    "har",
    "redact_body",
    "redact_headers",
    "redact_url",
    "tape_lines",
]
