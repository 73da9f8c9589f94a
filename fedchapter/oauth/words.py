"""What went wrong with another server, said to the person who waits: what it means and what to do next.

operations.md §3 row D1: nothing that the other server wrote is repeated.
"""

from ..errors import PeerError, Refusal
from ..words import mark

OTHERWISE = mark("%(host)s did not answer as we hoped. Try again, or sign in by e-mail.")
SENTENCES = {
    "host-refused": mark("This chapter does not take accounts from %(host)s. Sign in another way."),
    "actor-refused": mark("This chapter does not take this account. Sign in another way."),
    "not-there": mark("%(host)s knows nobody of that name. Check the spelling of your handle."),
    "gone": mark("%(host)s says that this account is gone."),
    "no-oauth": mark("%(host)s offers no way to sign in elsewhere with its accounts. Sign in by e-mail."),
    "dns": mark("There is no server called %(host)s. Check the spelling."),
    "timeout": mark("%(host)s takes too long to answer. Try again later, or sign in by e-mail."),
    "busy": mark("Many people sign in from %(host)s at the moment. Please try again in ten minutes."),
    "invalid_client": mark("%(host)s has forgotten this chapter. Please try once more, that mends it."),
    "unauthorized_client": mark("%(host)s has forgotten this chapter. Please try once more, that mends it."),
    "invalid_grant": mark("%(host)s takes this sign-in for used or too old. Please start again."),
    "not-a-person": mark("This account on %(host)s is a group or a program, not a person's."),
    "wrong-host": mark(
        "%(host)s spoke for an account of another server, which it may not. You are not signed in."
    ),
    "mix-up": mark("Another server than %(host)s answered. You are not signed in; please start again."),
    "issuer": mark("%(host)s says that it is another server. You are not signed in."),
    "elsewhere": mark("%(host)s wants people to sign in on another server. You are not signed in."),
}


def to_refusal(error: PeerError, host: str) -> Refusal:
    """The same as a sentence for the person; `host` is what they typed or were sent to."""
    return Refusal(error.code, SENTENCES.get(error.code, OTHERWISE), host=host)
