"""These tests are collected only where npm exists: they install and run SDKs for Node."""

import shutil

collect_ignore = [] if shutil.which("npm") else ["test_node_clients.py"]
