from qa.resources import prompt
from training.pack import IGNORED, Group, Tokens, pack, render


def test_rendering_equals_the_prompt_in_the_chat_template():
    group = Group("read", {"title": "T", "passage": "Some {braces} and $money."}, (("Who?", "me"), ("When?", "now")))
    opening, shared, tails = render(group)
    task = prompt("read")
    for tail, question in zip(tails, ("Who?", "When?"), strict=True):
        user = task.fill(title="T", passage="Some {braces} and $money.", question=question)
        system = f"<|im_start|>system\n{task.system}<|im_end|>\n"
        assert opening == f"{system}<|im_start|>user\n"
        assert shared + tail == f"{user}<|im_end|>\n<|im_start|>assistant\n"


def test_a_passage_sees_all_of_itself_and_what_comes_before_it():
    found = pack([Tokens(1, [1, 2, 3], [([4], [5])]), Tokens(1, [6, 7, 8], [([9], [10])])])
    seen = [[i for i, visible in enumerate(row) if visible] for row in found.mask.tolist()]
    assert seen[:5] == [[0], [0, 1, 2], [0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4]]
    assert seen[5:] == [[i + 5 for i in row] for row in seen[:5]]


def test_branches_see_their_prefix_and_themselves_only():
    found = pack([Tokens(2, [1, 2], [([3], [4]), ([5], [6])]), Tokens(1, [7], [([8], [9])])])
    assert found.ids.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert found.positions.tolist() == [0, 1, 2, 3, 2, 3, 0, 1, 2]
    assert found.labels.tolist() == [IGNORED, IGNORED, IGNORED, 4, IGNORED, 6, IGNORED, IGNORED, 9]
    seen = [[i for i, visible in enumerate(row) if visible] for row in found.mask.tolist()]
    assert seen == [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 1, 4], [0, 1, 4, 5], [6], [6, 7], [6, 7, 8]]
    assert [int(found.example[i]) for i in (3, 5, 8)] == [0, 1, 2]
