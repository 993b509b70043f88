"""Changes of a storyboard, as functions of its content: no project, no takes, no files."""
