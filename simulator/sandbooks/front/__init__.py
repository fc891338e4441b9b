"""The front: vendor host names over TLS, for clients in other processes that cannot be given another base URL.

A throw-away certificate authority, a TLS listener for names that resolve here, and a CONNECT proxy that ends tunnels to
emulated hosts in the simulator and refuses all others by name. Knows dispatches and wire values, no platform.
"""

from sandbooks.front.authority import Authority
from sandbooks.front.listener import Front

__all__ = ["Authority", "Front"]
