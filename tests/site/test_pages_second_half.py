"""Every other page of the website, see page_tests.py."""

from page_tests import *  # noqa: F403
