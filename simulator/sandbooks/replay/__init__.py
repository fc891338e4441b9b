"""Scenario files: reading, linting and playing them.

``script`` reads a file into concrete runs, ``lint`` says what is wrong with it. What a scenario may say is promised in
``contracts/scenario.schema.json`` and explained in ``contracts/README.md``.
"""
