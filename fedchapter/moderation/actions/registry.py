"""What moderators can do, as a list that pages draw buttons from: a new action is one entry.

Decision: `run` of an installed action asks a second moderator by itself where it takes two (seconds.NeedsSecond), so
that no page has to know.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from ...house import House
from ...members import Permission
from ...store import Unit
from ...words import say
from ..asking import Question, ask
from ..audit import Judge
from ..seconds import WORDS, NeedsSecond

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
    """The action is in the list, and asks a second moderator where it takes two."""
    assert action.name not in ACTIONS, action.name
    ACTIONS[action.name] = replace(action, run=_asking(action))
    return ACTIONS[action.name]


def _asking(action: Action) -> Run:
    async def run(unit: Unit, house: House, target: str, judge: Judge, options: Mapping[str, str]) -> str:
        try:
            return await action.run(unit, house, target, judge, options)
        except NeedsSecond as needs:
            ballots = tuple(ballot.uri for ballot in needs.ballots)
            question = Question(
                action.name,
                action.words,
                target,
                options,
                action.permission,
                needs.why,
                ballots,
                account_id=target if action.scope == MEMBER else "",
            )
            await ask(unit, question, judge)
            return say(
                "%(why)s The others are asked; it happens when one of them agrees within two days.",
                why=say(WORDS[needs.why]),
            )

    return run


def actions_on(scope: str) -> list[Action]:
    """Those whose target is of that scope, in the order in which they were installed."""
    return [action for action in ACTIONS.values() if action.scope == scope]
