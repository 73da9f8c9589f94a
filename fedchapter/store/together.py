"""One step of a migration made of several that do not depend on one another: the new tables of a release.

tortoise copies its picture of all models before each operation, a tenth of a second with sixty of them; this makes it
one copy for all. The operations must not need one another's state from before (no foreign keys between them).
"""

from collections.abc import Iterable

from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.operations import CreateModel, Operation, TortoiseOperation
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class Together(TortoiseOperation):
    """Does the operations in their order, and undoes them in the opposite one."""

    def __init__(self, *operations: TortoiseOperation) -> None:
        self.operations = operations

    def describe(self) -> str:
        """What each of them says of itself."""
        return ", ".join(operation.describe() for operation in self.operations)

    def state_forward(self, app_label: str, state: State) -> None:
        """The picture of the models has all of them."""
        for operation in self.operations:
            operation.state_forward(app_label, state)

    async def database_forward(
        self, app_label: str, old_state: State, new_state: State, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        """The database has all of them."""
        for operation in self.operations:
            await operation.database_forward(app_label, old_state, new_state, state_editor)

    async def database_backward(
        self, app_label: str, old_state: State, new_state: State, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        """The database has none of them."""
        for operation in reversed(self.operations):
            await operation.database_backward(app_label, old_state, new_state, state_editor)


class Loader(MigrationLoader):
    """Reads the migrations of a package, each run of new tables in them as one step."""

    def load_disk(self) -> None:
        """Every migration is known."""
        super().load_disk()
        for migration in self.disk_migrations.values():
            migration.operations = gathered(migration.operations)


def gathered(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations, those that make tables one after another as one."""
    found: list[Operation] = []
    for operation in operations:
        last = found[-1] if found else None
        if isinstance(operation, CreateModel) and isinstance(last, Together):
            found[-1] = Together(*last.operations, operation)
        elif isinstance(operation, CreateModel):
            found.append(Together(operation))
        else:
            found.append(operation)
    return found
