"""The roles that an LLM plays in the writers' room, one file each."""
