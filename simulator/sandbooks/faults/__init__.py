"""What can go wrong between a client and a platform, planned by content and done at a phase: one small file per kind.

``Plan`` holds the faults of a world; ``kinds`` lists what there is, as ``contracts/faults.yaml`` promises it.
"""
