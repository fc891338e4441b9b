"""The console: a page for a browser over what the control API knows. It has no data of its own and changes nothing."""

from sandbooks.console.pages import console_app

__all__ = ["console_app"]
