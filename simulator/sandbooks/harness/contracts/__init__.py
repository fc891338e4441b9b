"""Contracts put to use: a surface fuzzed from its own, a platform verified by one, a recording judged by one."""
