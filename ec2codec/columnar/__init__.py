"""Verdicts as rows and columns, for engines that judge on many machines; needs pyarrow, an extra."""
