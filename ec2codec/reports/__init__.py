"""Reports of verdicts, one file for each format."""

from __future__ import annotations

from ec2codec.reports.output import MissingExtra, Output, wants_colour
from ec2codec.reports.report import REPORTS, Report

__all__ = ["REPORTS", "MissingExtra", "Output", "Report", "wants_colour"]
