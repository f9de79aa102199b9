"""Who is understood worse: cohorts, regions, and what to do about them. Laboratory only."""
