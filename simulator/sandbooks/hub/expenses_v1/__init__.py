"""The first version of the expenses API: datasets that wait until a sync of them is initiated, eight transaction types,
rules that tell of syncs.

It shares most paths with the present version. Where both create expenses, the shape of the body tells them apart: an
object with ``items`` is a dataset, a list is a sync.

Source: github.com/codatio/oas, yaml/Codat-Sync-Expenses-v1.yaml and Codat-Expenses.yaml (its predecessor, which has
details that the later file lost).
"""
