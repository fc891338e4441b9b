"""Performance side by side: every subject is up at once and measured in interleaved rounds; what counts is the ratio."""
