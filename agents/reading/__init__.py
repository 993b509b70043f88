"""How a story is read: its parts, who and where, its scenes and their seconds."""
