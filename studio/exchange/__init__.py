"""A storyboard in the forms of other programs and of paper."""
