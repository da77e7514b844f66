"""Failures that a person can act on. Each message says what was expected, what was found and what to do."""

from __future__ import annotations

from typing import ClassVar


class PipelineError(Exception):
    """Base of all expected failures; the command line ends with `exit_code` and prints the message."""

    exit_code: ClassVar[int] = 1


class UsageError(PipelineError):
    """A setting, an argument or an input file of a person is wrong."""

    exit_code = 2


class NotReadyError(PipelineError):
    """There is nothing to do or to show yet, such as a week that is not published."""

    exit_code = 3
