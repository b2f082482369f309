"""Nested form parameters."""

import pytest

from cantine.standin.errors import ApiError
from cantine.standin.forms import parse_nested


@pytest.mark.parametrize(
    ("encoded", "tree"),
    [
        ("a=1&b=", {"a": "1", "b": ""}),
        ("a[b][c]=1&a[b][d]=2", {"a": {"b": {"c": "1", "d": "2"}}}),
        ("x[0]=a&x[1]=b", {"x": ["a", "b"]}),
        ("x[]=a&x[]=b", {"x": ["a", "b"]}),
        ("l[10][n]=k&l[9][n]=j", {"l": [{"n": "j"}, {"n": "k"}]}),
        ("metadata[order]=a%26b%5B%5D", {"metadata": {"order": "a&b[]"}}),
        ("created[gte]=5", {"created": {"gte": "5"}}),
    ],
)
def test_names_with_brackets_nest(encoded: str, tree: dict[str, object]) -> None:
    assert parse_nested(encoded) == tree


@pytest.mark.parametrize("encoded", ["a[b=1", "a=1&a[b]=2", "a" + "[b]" * 20 + "=1"])
def test_a_malformed_name_is_refused(encoded: str) -> None:
    with pytest.raises(ApiError):
        parse_nested(encoded)
