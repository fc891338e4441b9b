"""The harness: drives the system under test through a driver, and judges the books that it leaves behind.

``check`` draws campaigns, ``sweep`` tries every fault of one scenario; both see the system under test as a
``harness.driver.Driver``. Nothing here knows a platform or a particular bug by name.
"""
