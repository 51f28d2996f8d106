"""The student library of the course: data sets, figures and visible checks."""
