"""The native records: reading what a client sends, the rules of each document, and what is kept of it."""
