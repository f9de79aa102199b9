"""Who speaks: voice vectors of turns, and the people they belong to."""
