"""What tests stand on: throw-away databases, a browser and an independent peer.

A part of the machine that is missing skips the test with its reason, and fails it with CI=true: see `needs`.
"""
