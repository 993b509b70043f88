"""The steps from story to film, one file each."""
