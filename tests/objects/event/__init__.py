"""Events between chapters, members and other servers."""
