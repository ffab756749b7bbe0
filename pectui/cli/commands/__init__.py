"""One module a command; each has `run(invocation) -> int`, the exit status."""
