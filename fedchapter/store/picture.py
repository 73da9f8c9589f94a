"""The models as they are between two steps of a migration, and tortoise's executor with this picture of them.

tortoise 1.1 builds the classes of all models anew before each operation, which with seventy models was nearly all the
time that a new chapter's first start took. Here an operation changes descriptions only, a copy shares what nobody
changes, and a class is built when an operation asks for it, together with those that it is related to.
"""

from collections.abc import Iterable
from dataclasses import replace

from tortoise.fields.relational import ForeignKeyFieldInstance, ManyToManyFieldInstance
from tortoise.migrations.exceptions import IncompatibleStateError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model

Name = tuple[str, str]
Models = dict[Name, ModelState]


class Classes(StateApps):
    """The classes of the described models; none is built before somebody asks for it."""

    def __init__(self, connections: dict[str, str], models: Models) -> None:
        super().__init__(default_connections=connections)
        self.models = models

    def get_model(self, app_label: str, model_name: str | None = None) -> type[Model]:
        """The class; raises KeyError when there is none of that name."""
        name = self.split_reference(app_label) if model_name is None else (app_label, model_name)
        if name[1] not in self.apps.get(name[0], {}):
            self._build(_relatives(self.models, name))
        return self.apps[name[0]][name[1]]

    def _build(self, names: Iterable[Name]) -> None:
        for name in names:
            self.register_model(name[0], self.models[name].render(self))
        self._init_relations()
        self._build_initial_querysets()


class Picture(State):
    """What the models are; an operation changes it by state_forward, and looks at classes in `apps`."""

    def __init__(self, models: Models, connections: dict[str, str]) -> None:
        super().__init__(models=models, apps=Classes(connections, models))
        self.connections = connections

    def clone(self) -> "Picture":
        """A copy that changes alone; descriptions of fields are shared, because operations replace them whole."""
        models = {
            name: replace(model, fields=dict(model.fields), options=dict(model.options))
            for name, model in self.models.items()
        }
        return Picture(models, self.connections)

    def reload_model(self, app_label: str, model_name: str) -> None:
        """Classes are built from the new description; raises LookupError when there is none."""
        if (app_label, model_name) not in self.models:
            raise LookupError(f"{app_label}.{model_name} is unknown")
        self.reload_models([(app_label, model_name)])

    def reload_models(self, model_tuples: Iterable[Name]) -> None:
        """Classes are built from the new descriptions; a class that somebody already has stays as it was."""
        self.apps = Classes(self.connections, self.models)

    def validate_relations_initialized(self) -> None:
        """Raises IncompatibleStateError when a model points to one that is not there."""
        for name, model in self.models.items():
            lost = [target for target in _targets(model) if target not in self.models]
            if lost:
                raise IncompatibleStateError(f"{'.'.join(name)} points to {lost}, which no migration makes")


def _targets(model: ModelState) -> list[Name]:
    """The models that it points to."""
    pointing = (ForeignKeyFieldInstance, ManyToManyFieldInstance)
    named = [str(field.model_name) for field in model.fields.values() if isinstance(field, pointing)]
    return [(app, name) for app, _, name in (one.partition(".") for one in named)]


def _relatives(models: Models, name: Name) -> set[Name]:
    """The model and all that it is related to in either direction; raises KeyError when there is none."""
    if name not in models:
        raise KeyError(".".join(name))
    near: dict[Name, set[Name]] = {one: set() for one in models}
    for one, model in models.items():
        for target in _targets(model):
            if target in models:
                near[one].add(target)
                near[target].add(one)
    found, waiting = {name}, [name]
    while waiting:
        fresh = near[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return found


class Executor(MigrationExecutor):
    """tortoise's, with these pictures."""

    def _nothing(self) -> Picture:
        connections = {
            label: config.get("default_connection", "default")
            for label, config in self.loader.apps_config.items()
        }
        return Picture({}, connections)

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        """The picture before the migration `upto`, or after all that are applied."""
        pictures, latest = await self._walk(applied)
        return pictures.get(upto, latest) if upto else latest

    async def _project_state_cache(self, applied: set[MigrationKey]) -> dict[MigrationKey, State]:
        """The picture before each migration that is applied."""
        return (await self._walk(applied))[0]

    async def _walk(self, applied: set[MigrationKey]) -> tuple[dict[MigrationKey, State], State]:
        """The pictures before each applied migration, and after the last."""
        picture, before = self._nothing(), dict[MigrationKey, State]()
        for key in (key for key in self._full_plan() if key in applied):
            before[key] = picture.clone()
            migration = self.loader.graph.nodes[key]
            if migration is None:
                raise ValueError(f"Missing migration for {key}")
            await migration.apply(picture, dry_run=True, schema_editor=None)
        return before, picture
