"""Which tests judge a mutant, in which order: the cheap and telling ones first.

Left out are tests that start programs, browsers or Spark, read foreign corpora, or are about captures and
reports: they know no more of the law. So a mutant that these here let live may be killed by the whole suite.
"""

from __future__ import annotations

# A name stands for ``tests/test_NAME.py``, with ``::`` for one test in it. Where a module is imported anew,
# one stage is imported after the other.
STAGES = (
    (
        "docs::test_table_of_rules_is_current",
        "compiled_law::test_every_rule_of_a_request_has_a_kind_or_a_quick_test",
        "rule",
        "policy",
        "tree",
        "quick",
    ),
    ("scalars",),
    ("rule_examples", "messages", "law"),
    (
        "effects",
        "limits",
        "sizes",
        "subjects",
        "schemas::test_a_field_says_which_type_it_expected",
        "conformance::test_a_case_gives_its_findings",
        "compiled_law",
    ),
)
