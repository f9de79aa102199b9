"""The list of turns: where rows lie, how high they are, where it stands, what a turn's menu has."""
