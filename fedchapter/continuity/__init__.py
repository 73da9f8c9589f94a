"""Continuity: a chapter survives a lost disk, a lost admin and a new machine.

May import house and everything below. Decisions: a backup is rows as JSON lines with media, keys and settings, not a
copy of a database file, so that it restores on the other engine and on another version; it is an ordinary age file
around an ordinary tar.gz, so that whoever has the passphrase can read it without this software; and it counts as
made only once it was opened again and every byte compared. Whatever cannot be known after a restore is declared.
"""
