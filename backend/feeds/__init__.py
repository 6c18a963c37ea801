"""Readers of the files institutions send: bytes in, typed records out, nothing else known."""
