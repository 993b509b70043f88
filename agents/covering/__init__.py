"""How a scene is covered with shots: the rules, the lines, the time; the storyboarder's."""
