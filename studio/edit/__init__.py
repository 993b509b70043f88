"""From a storyboard and its takes to a film: the cut, the picture, the sound, the captions."""
