"""Settings of nbgrader and of the autograder for a course whose folder this is."""

from autograder.gradebook.plugin import configure

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "perceptron-to-convnet"
c.CourseDirectory.source_directory = "source_solutions"
c.CourseDirectory.release_directory = "assignments"
configure(c)
