"""Searching: rows of objects, filters of three query languages, pages of answers."""
