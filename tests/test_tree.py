"""Names and nested mappings: the list encoding of the EC2 protocol."""

import pytest

from ec2codec.tree import MAX_DEPTH, flatten, format_pairs, grow, is_dense


def test_lists_count_from_one() -> None:
    structure = {"A": [{"B": "x"}, {"B": "y"}]}

    assert [("A.1.B", "x"), ("A.2.B", "y")] == list(flatten(structure))


def test_mapping_by_wire_index_keeps_its_indexes() -> None:
    assert [("A.3.B", "x"), ("A.7.B", "y")] == list(flatten({"A": {3: {"B": "x"}, "7": {"B": "y"}}}))


@pytest.mark.parametrize("absent", [None, [], (), {}])
def test_absent_values_have_no_parameter(absent: object) -> None:
    assert [("B", 0)] == list(flatten({"A": absent, "B": 0}))


@pytest.mark.parametrize("empty", [{}, None])
def test_empty_list_item_keeps_its_name(empty: object) -> None:
    assert [("A.1", None), ("A.2.B", "x")] == list(flatten({"A": [empty, {"B": "x"}]}))


def test_endless_nesting_ends_in_a_name() -> None:
    endless: dict[str, object] = {}
    endless["A"] = endless

    ((name, value),) = flatten(endless)

    assert (MAX_DEPTH + 2, None) == (len(name.split(".")), value)


@pytest.mark.parametrize(("segments", "walked"), [(17, True), (18, True), (19, False)])
def test_a_name_has_at_most_18_segments(segments: int, walked: bool) -> None:
    nested: dict[str, object] = {"A": "x"}
    for _ in range(segments - 1):
        nested = {"A": nested}

    ((name, value),) = flatten(nested)

    assert (".".join("A" * min(segments, 18)), "x" if walked else None) == (name, value)


def test_values_are_written_as_the_wire_has_them() -> None:
    structure = {"A": True, "B": False, "C": -1, "D": "x", "E": [None]}

    assert [("A", "true"), ("B", "false"), ("C", "-1"), ("D", "x")] == list(format_pairs(structure))


def test_tree_orders_lists_by_number() -> None:
    leaves = [(("A", 10, "B"), "x"), (("A", 2, "B"), "y"), (("A", 1, "B"), "z")]

    assert [1, 2, 10] == list(grow(leaves)["A"])


def test_hostile_index_costs_one_entry() -> None:
    assert {"A": {999_999_999: {"B": "x"}}} == grow([(("A", 999_999_999, "B"), "x")])


@pytest.mark.parametrize(
    ("tree", "dense"),
    [
        ({}, True),
        ({"A": "x"}, True),
        ({"A": {1: "x", 2: "y"}}, True),
        ({"A": dict.fromkeys(range(1, 301), "x")}, True),
        ({"A": {1: "x", 3: "y"}}, False),
        ({"A": {2: "x"}}, False),
        ({"A": {1: {"B": {2: "x"}}}}, False),
    ],
)
def test_dense_lists_have_no_gap(tree: dict[str | int, object], dense: bool) -> None:
    assert dense is is_dense(tree)
