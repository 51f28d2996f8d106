#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: Python's packages, and isolation where it works.
set -e
apt-get update
apt-get install -y --no-install-recommends python3-venv bubblewrap libseccomp2
python3 -m venv /autograder/venv
/autograder/venv/bin/pip install --no-cache-dir -r /autograder/source/requirements.txt
# graders and solutions are root's alone; the library and the worker are for everybody
chmod 755 /autograder /autograder/source
cd /autograder/source/course
chmod -R go-rwx {{ graders | join(' ') }} source_solutions
