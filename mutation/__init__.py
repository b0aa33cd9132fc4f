"""Mutation testing of the law: one small change at a time, and whether a test tells.

`python -m mutation --state FOLDER`; README.md says how and why.
"""
