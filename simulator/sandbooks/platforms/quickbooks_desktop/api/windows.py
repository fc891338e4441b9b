"""The Web Connector's window."""

from sandbooks.kit.surface import Operation

OPERATIONS: tuple[Operation, ...] = ()
