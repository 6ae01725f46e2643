import numpy as np

from training.score import area, balanced, exact, interval, overlap


def test_exact_match_ignores_articles_case_and_punctuation():
    assert exact("The Rhine.", ["rhine"]) == 1
    assert exact("the Rhine valley", ["Rhine"]) == 0


def test_overlap_is_the_best_f1_of_words():
    assert overlap("Rhine valley", ["Rhine", "valley of kings"]) == 2 / 3
    assert overlap("x", ["y"]) == 0


def test_area_of_perfect_reversed_and_tied_scores():
    labels = np.array([0.0, 0.0, 1.0, 1.0])
    assert area(np.array([0.1, 0.2, 0.8, 0.9]), labels) == 1
    assert area(np.array([0.9, 0.8, 0.2, 0.1]), labels) == 0
    assert area(np.array([0.5, 0.5, 0.5, 0.5]), labels) == 0.5


def test_balanced_accuracy_weighs_both_classes_alike():
    assert balanced(np.array([0.9, 0.1, 0.1, 0.9]), np.array([1.0, 0.0, 0.0, 0.0]), 0.5) == (1 + 2 / 3) / 2


def test_interval_of_a_constant_has_no_width():
    assert interval(lambda rows: 1.0, 10, rounds=20) == (1.0, 1.0)
