"""Measurements: side by side in one process, as ratios. `python -m bench` prints them."""
