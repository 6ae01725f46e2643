from hypothesis import given
from hypothesis import strategies as st

from qa.models.tree import TokenTree, shared_prefix

sequences = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=8), min_size=1, max_size=6)


@given(sequences)
def test_every_path_spells_its_sequence_and_parents_come_first(many):
    tree = TokenTree()
    paths = [tree.add(number, tokens, wanted_from=len(tokens) - 1) for number, tokens in enumerate(many)]
    for number, (tokens, path) in enumerate(zip(many, paths, strict=True)):
        assert [tree.nodes[index].token for index in path] == tokens
        assert [tree.nodes[index].position for index in path] == list(range(len(tokens)))
        assert all(number in tree.nodes[index].sequences for index in path)
        assert path == sorted(path)
        assert tree.nodes[path[-1]].wanted


@given(sequences)
def test_a_common_beginning_is_held_once(many):
    tree = TokenTree()
    for number, tokens in enumerate(many):
        tree.add(number, tokens, wanted_from=0)
    assert len(tree.nodes) == len({tuple(tokens[:end]) for tokens in many for end in range(1, len(tokens) + 1)})
    assert sum(len(node.sequences) for node in tree.nodes) == sum(map(len, many))


@given(st.lists(st.integers(0, 2)), st.lists(st.integers(0, 2)))
def test_shared_prefix(first, second):
    length = shared_prefix(first, second)
    assert first[:length] == second[:length]
    assert first[length : length + 1] != second[length : length + 1] or not (first[length:] and second[length:])
