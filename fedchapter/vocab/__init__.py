"""ActivityStreams as we read and write it: addresses, strict normalising, reading, context.

Imports nothing of ours but `errors`, and no tortoise, httpx or starlette: everything here is a pure
function, so that hostile input can be tried by the thousand without a server. Decision: messages are
plain JSON under fixed rules, never JSON-LD, because the JSON-LD code of four servers had security
holes in 2026 alone (operations.md §0 item 5).
"""
