"""Syncs: accepted transactions on their way into a platform's books, each exactly once whatever happens meanwhile."""
