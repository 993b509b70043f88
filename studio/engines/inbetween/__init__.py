"""What interpolators share: which moments a clip of another rate shows, where a cut lies between
two frames, and the way from the one clip to the other. An engine brings only what it sees
between two neighbouring frames.
"""
