"""`python -m fedchapter` is the command `fedchapter`."""

from .cli import main

main()
