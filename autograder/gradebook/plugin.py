"""Where nbgrader executes notebooks, our engine grades them instead.

`configure(c)` in a course's nbgrader_config.py puts our pre-processors into nbgrader's lists, so
that `nbgrader autograde`, the formgrader's button and `autograder grade` give the same scores.
They are named, not imported: each command reads that file, and few of them need nbgrader.
"""

from autograder.grading.assignment import Assignment

# nbgrader's own steps of a release
RELEASE = (
    "IncludeHeaderFooter", "InstantiateTests", "LockCells", "ClearSolutions", "ClearOutput",
    "CheckCellMetadata", "ComputeChecksums", "SaveCells", "ClearHiddenTests", "ClearMarkScheme",
    "ComputeChecksums", "CheckCellMetadata")


def configure(c, graders: str = Assignment.package) -> None:
    """Make nbgrader grade with this engine.

    Parameters
    ----------
    c : the object of `get_config()`
    graders : the importable package that holds a sub-package of hidden tests per assignment; name
        your own to keep it out of a public repository.
    """
    c.Assemble.graders = graders
    c.Autograde.exporter_class = "autograder.gradebook.preprocessors.LenientExporter"
    # Assemble puts the source's cells back: nbgrader's own repair and checks would find nothing
    c.Autograde.sanitize_preprocessors = [
        "autograder.gradebook.preprocessors.Assemble", "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.DeduplicateIds", "nbgrader.preprocessors.OverwriteKernelspec"]
    c.Autograde.autograde_preprocessors = [
        "autograder.gradebook.preprocessors.InsertResults", "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades", "autograder.gradebook.preprocessors.LookAgain",
        "autograder.gradebook.preprocessors.KeepHistory",
        "nbgrader.preprocessors.AssignLatePenalties"]
    c.GenerateAssignment.preprocessors = [
        "autograder.gradebook.preprocessors.ApplyTerm",
        *(f"nbgrader.preprocessors.{name}" for name in RELEASE)]
    c.AssignLatePenalties.plugin_class = "autograder.gradebook.preprocessors.LatePolicy"
    # nbgrader's own pages: no hook of a hidden test, no script of a submission
    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades", "nbgrader.preprocessors.ClearHiddenTests",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor"]
    c.HTMLExporter.sanitize_html = True
    # its own filters run what students wrote, or take minutes for it
    c.HTMLExporter.filters = {
        "markdown2html": "autograder.gradebook.formgrader.safe_markdown",
        "highlight_code": "autograder.gradebook.formgrader.safe_code",
        "clean_html": "autograder.gradebook.formgrader.safe_html",
        "ansi2html": "autograder.gradebook.formgrader.safe_output"}
