"""Finding what the installed types brought along: models, handlers, publishers, doors, jobs, templates, kinds.

A type's module is optional unless named here; a typing mistake inside one is not swallowed.
"""

import importlib
import importlib.util
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from ..continuity.nightly import JOBS as BACKUP_JOBS
from ..federation import Registry
from ..federation.fleeting import JOBS as FLEETING_JOBS
from ..federation.memory import kept_of_others
from ..house import Door
from ..house.letters import JOBS as LETTER_JOBS
from ..jobs.sweep import sweep_jobs
from ..members.leaving import JOBS as LEAVING_JOBS
from ..members.terms import JOBS as TERM_JOBS
from ..moderation import JOBS as MODERATION_JOBS
from ..moderation import LISTENERS as MODERATION_LISTENERS
from ..moderation.actions.purging import Purged, eraser
from ..notices import applying, exports, news, standing, ways
from ..notices.applying import JOBS as JOINING_JOBS
from ..notices.deliver import JOBS as NOTICE_JOBS
from ..notices.subscribers import JOBS as SUBSCRIBER_JOBS
from ..objects import INSTALLED
from ..pictures import wanting
from ..pictures.rows import JOBS as PICTURE_JOBS
from ..site import care
from ..store import Kind, Kinds
from ..store.retention import Memory, collect

ROOMS_WITH_MODELS = (
    "store",
    "actors",
    "members",
    "policy",
    "jobs",
    "mail",
    "media",
    "continuity",
    "notices",
    "oauth",
    "pictures",
    "moderation",
)
ROOMS_THAT_KEEP = (*ROOMS_WITH_MODELS, "federation")
_PARTS = ("wire", "inbox", "outbox", "notices", "pages", "api", "jobs", "keeping")


@dataclass(slots=True, eq=False)
class Types:
    """Everything the installed types registered."""

    registry: Registry
    kinds: Kinds
    doors: list[Door]
    templates: dict[str, Path]
    models: list[str]
    jobs: list[Any] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)


def _module(name: str) -> ModuleType | None:
    if importlib.util.find_spec(name) is None:
        return None
    return importlib.import_module(name)


def model_modules() -> list[str]:
    """Every module with tables, rooms first."""
    names = [f"fedchapter.{room}.model" for room in ROOMS_WITH_MODELS]
    names += [f"fedchapter.objects.{type_}.model" for type_ in INSTALLED]
    return [name for name in names if importlib.util.find_spec(name) is not None]


@cache
def find_types() -> Types:
    """The installed types, found once per process: they hold functions only, no state."""
    modules: list[ModuleType] = [
        news,
        ways,
        standing,
        applying,
        exports,
        care,
        wanting,
        *MODERATION_LISTENERS,
    ]
    kinds: dict[str, Kind] = {}
    doors: list[Door] = []
    templates: dict[str, Path] = {}
    jobs: list[Any] = [*LETTER_JOBS, *BACKUP_JOBS, *NOTICE_JOBS, *FLEETING_JOBS, *TERM_JOBS, *LEAVING_JOBS]
    jobs += [*JOINING_JOBS, *SUBSCRIBER_JOBS, *MODERATION_JOBS, *PICTURE_JOBS]
    for type_ in INSTALLED:
        package = importlib.import_module(f"fedchapter.objects.{type_}")
        for kind in getattr(package, "KINDS", ()):
            kinds[kind.name] = kind
        for part in _PARTS:
            module = _module(f"{package.__name__}.{part}")
            if module is None:
                continue
            modules.append(module)
            doors += module.doors() if hasattr(module, "doors") else []
            jobs += getattr(module, "JOBS", ())
        folder = Path(str(package.__file__)).parent / "templates"
        if folder.is_dir():
            templates[type_] = folder
    keeping = [
        module for room in ROOMS_THAT_KEEP if (module := _module(f"fedchapter.{room}.keeping")) is not None
    ]
    memory = collect([*keeping, *modules])
    memory.kept = [*kept_of_others(memory), *memory.kept]
    jobs += [*sweep_jobs(memory), *(job for module in keeping for job in getattr(module, "JOBS", ()))]
    registry = Registry.collect(modules)
    registry.listen(Purged, eraser(memory))
    return Types(registry, Kinds(kinds), doors, templates, model_modules(), jobs, memory)
