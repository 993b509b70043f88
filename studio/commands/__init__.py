"""One command a file: options, one call, one print."""
