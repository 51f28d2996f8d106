"""The course's autograder: hidden pytest graders, isolated student code, nbgrader's gradebook."""
