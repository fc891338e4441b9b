"""The hub: one expense API over every accounting platform, itself a client of their native HTTP APIs."""
