"""Calls before they are made: requests, skeletons, recordings, pipelines, templates and plans, each form in its own file."""

from sagepass.calls.read.read import read_calls
from sagepass.calls.read.record import CallForm, ReadCall, ReadCalls

__all__ = ["CallForm", "ReadCall", "ReadCalls", "read_calls"]
