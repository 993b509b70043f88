"""What differs between two states of a film, in words."""
