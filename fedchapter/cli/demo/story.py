"""The story in its order: each act is a module beside this one."""

from collections.abc import Callable

from .people import welcome
from .stage import Stage

ACTS = (("People move in, chapters meet", welcome),)


async def tell(stage: Stage, say: Callable[[str], None]) -> None:
    """Two weeks have passed in the three chapters; `say` hears the title of each act."""
    for title, act in ACTS:
        say(title)
        await act(stage)
    await stage.come_to_now()
