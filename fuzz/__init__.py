"""Coverage-guided fuzzing: one harness for each door by which foreign bytes come in. See README.md.

Only `fuzz.engine` needs atheris; what the harnesses hold is run by plain pytest, too (`tests/test_fuzz.py`).
"""
