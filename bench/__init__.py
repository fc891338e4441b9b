"""Performance side by side: all subjects up at once, measured in interleaved rounds; what counts is the ratio."""
