"""Random access cases, and how an engine's answer to one is held against the reference semantics."""
