"""What a prompt may say: its faults, and mending them by code; the prompter's and continuity's."""
