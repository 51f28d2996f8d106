"""The hidden graders, a package for each assignment (docs/instructors.md says what is in one)."""
