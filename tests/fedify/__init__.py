"""Tests against a server that shares no code with us: Fedify 2.3 on Node."""
