"""Companies in worlds of their own: what a test begins with is set up once, and each test gets a copy of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import deepcopy
from typing import Any, TypeVar

from sandbooks.app import App
from sandbooks.kit.company import find_company
from sandbooks.platform import CompanyPlan, OpenedCompany, platform_named
from sandbooks.world import World

Known = TypeVar("Known")
IMAGES: dict[Hashable, tuple[bytes, Any]] = {}


def prepared(app: App, key: Hashable, seed: int, prepare: Callable[[App, World], Known]) -> tuple[World, Known]:
    """The default world of an app that has none, as ``prepare`` leaves one, and what that told of it.

    It is prepared once for a key and a seed. What is told is values only: nothing that belongs to the first world.
    """
    if (key, seed) not in IMAGES:
        first = App()
        world = first.create_world(seed=seed)
        told = prepare(first, world)
        IMAGES[key, seed] = world.image(), told
    image, told = IMAGES[key, seed]
    return app.adopt_image("default", image), deepcopy(told)


def opened(app: App, platform: str, plan: CompanyPlan, *, seed: int = 7, **settings: str) -> OpenedCompany:
    """A new company in the default world of an app, with some settings of that world, which is made if it lacks."""
    name = platform_named(platform).name

    def prepare(world: World) -> OpenedCompany:
        for setting, value in settings.items():
            world.put("settings", setting, value)
        with world.unit():
            return platform_named(name).load_seed().open(world, plan)

    def known(_: App, world: World) -> tuple[str, Any]:
        made = prepare(world)
        return made.company.id, {part: dict(ids) for part, ids in made.labels.items()}

    standing = app.world("default")
    if standing is not None:
        return prepare(standing)
    world, (id, labels) = prepared(app, (name, repr(plan), repr(settings)), seed, known)
    company = find_company(world, name, id)
    assert company is not None
    return OpenedCompany(company=company, labels=labels)
