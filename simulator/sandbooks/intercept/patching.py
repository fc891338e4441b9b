"""Puts the patches of the client libraries in place, each when its library is imported, and takes them out again.

A library that is already loaded is patched at once. For the others a finder waits at the front of the import system.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, TypeAlias

from sandbooks.intercept import http_client, httpcore_pools, resolver

Replace: TypeAlias = Callable[[type | ModuleType, str, Callable[..., Any]], None]
PATCHES: dict[str, Callable[[ModuleType, Replace], None]] = {
    "socket": resolver.patch_socket,
    "http.client": http_client.patch_http_client,
    "urllib3.connection": http_client.patch_urllib3,
    "httpcore": httpcore_pools.patch_httpcore,
}

_replaced: list[tuple[type | ModuleType, str, Callable[..., Any], Callable[..., Any]]] = []


def install() -> None:
    """Patch the client libraries that are loaded, and the others as soon as they are. Does nothing when installed."""
    if _finder in sys.meta_path:
        return
    sys.meta_path.insert(0, _finder)
    for name, patch in PATCHES.items():
        if name in sys.modules:
            patch(sys.modules[name], _replace)


def uninstall() -> None:
    """Put every replaced method back, except where another tool has patched over ours meanwhile.

    Ours do nothing while no interception is open.
    """
    sys.meta_path.remove(_finder)
    while _replaced:
        owner, name, original, replacement = _replaced.pop()
        if vars(owner).get(name) is replacement:
            setattr(owner, name, original)
    httpcore_pools.forget_pools()


def _replace(owner: type | ModuleType, name: str, replacement: Callable[..., Any]) -> None:
    _replaced.append((owner, name, vars(owner)[name], replacement))
    setattr(owner, name, replacement)


class _PatchingLoader(Loader):
    """Loads a module as its own loader would, then patches it."""

    def __init__(self, loader: Loader, patch: Callable[[ModuleType, Replace], None]) -> None:
        self._loader = loader
        self._patch = patch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        if module.__spec__ is not None:
            module.__spec__.loader = module.__loader__ = self._loader
        if _finder in sys.meta_path:
            self._patch(module, _replace)


class _PatchingFinder(MetaPathFinder):
    """Finds the modules that are to be patched by asking every finder but itself."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        patch = PATCHES.get(fullname)
        if patch is None:
            return None
        spec = _found_elsewhere(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _PatchingLoader(spec.loader, patch)
        return spec


def _found_elsewhere(fullname: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
    others = (finder for finder in sys.meta_path if finder is not _finder)
    found = (finder.find_spec(fullname, path, target) for finder in others)
    return next((spec for spec in found if spec is not None), None)


_finder = _PatchingFinder()
