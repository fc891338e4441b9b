"""The reference client: card expenses into QuickBooks Online and Xero, written as production code would be.

A transaction is planned, its intent is written down, it is posted, confirmed and recorded. The parts are classes that
``Driver`` names as attributes, so that a bug can be shown as one wrong part in place of the right one.
"""
