"""Names as a reader knows them: scenario files, platforms, areas."""

from __future__ import annotations

from sandbooks.platform import platform_named

HUB = "codat"


def shown_file(file: str) -> str:
    """A scenario file without what is above its ``scenarios`` folder, with forward slashes."""
    parts = file.replace("\\", "/").split("/")
    if "scenarios" in parts:
        parts = parts[parts.index("scenarios") :]
    return "/".join(parts)


def area(file: str) -> str:
    """The folder of a scenario file in words: ``bill_pay`` is ``Bill pay``."""
    folder = shown_file(file).rpartition("/")[0].rpartition("/")[2]
    return folder.replace("_", " ").capitalize() if folder not in ("", "scenarios") else ""


def title_of(surface: str) -> str:
    """How a platform, or the hub, is called."""
    if surface == HUB:
        return "Hub"
    try:
        return platform_named(surface).title
    except LookupError:
        return surface.replace("_", " ").title()
