"""What the script doctor may do to a storyboard: its tools, and carrying them out."""
