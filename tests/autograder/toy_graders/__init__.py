"""A graders' package with one small assignment, for tests of the engine."""
