"""The values that a project is made of: film, storyboard, take, and time."""
