"""Reports of verdicts, one file for each format."""

from __future__ import annotations

from ec2codec.reports.output import Output, wants_colour
from ec2codec.reports.report import REPORTS, Report

__all__ = ["REPORTS", "Output", "Report", "wants_colour"]
