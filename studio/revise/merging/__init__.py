"""What a writer has now, merged into what a person made of what it had before."""
