"""The tests: a folder for each room, `support` for what they share."""
