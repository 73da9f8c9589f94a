"""What moderators can do, as a list that pages draw buttons from: a new action is one entry."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ...house import House
from ...members import Permission
from ...store import Unit
from ..audit import Judge

POST, ACTOR, HOST, MEMBER = "post", "actor", "host", "member"
Run = Callable[[Unit, House, str, Judge, Mapping[str, str]], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Action:
    """`words` stand on its button, `hint` says what it does; `scope` is what its target is: a post or an actor by URI,
    a host by name, a member by account id. `run` does it in the unit (raises Refusal) and returns what it did as a
    sentence. `asks` are the names of options that a form offers: days, public_reason, text."""

    name: str
    words: str
    hint: str
    scope: str
    permission: Permission
    run: Run
    asks: tuple[str, ...] = ()
    danger: bool = False


ACTIONS: dict[str, Action] = {}


def install(action: Action) -> Action:
    """The action is in the list."""
    assert action.name not in ACTIONS, action.name
    ACTIONS[action.name] = action
    return action


def actions_on(scope: str) -> list[Action]:
    """Those whose target is of that scope, in the order in which they were installed."""
    return [action for action in ACTIONS.values() if action.scope == scope]
