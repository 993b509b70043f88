"""Changes of a storyboard's text: every character that need not change stays as it was."""
