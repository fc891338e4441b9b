"""What a test may do to a world that no accounting platform would let it do.

The same functions serve the control API, the Python interface and the command line.
"""
