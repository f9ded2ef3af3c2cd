"""The long experiments of chapter 5: what their stored results rest on, checked without running them again."""

import numpy as np
import pytest
import torch

from cnnlib import data, squeezenet
from cnnlib.geometry import count_paths
from tests.test_experiments import load

fields, contest = load("effective_fields"), load("depth_against_one_kernel")


# Effective fields -----------------------------------------------------------------------------------------------------


def test_the_windows_of_squeezenet_are_those_of_its_maps():
    weights = {name: torch.from_numpy(array) for name, array in data.squeezenet_weights().items()}
    x = fields.centre_square("sheep")
    with torch.inference_mode():
        sizes = {stage: maps.shape[-1] for stage, maps in fields.stages(x, weights)}
    for stage in fields.STAGES:
        size = squeezenet.SIDE
        for layer in fields.layers_to(stage):
            size = layer.output_size(size)
        assert size == sizes[stage]


def test_gradients_stay_inside_the_theoretical_field_and_reach_its_edge():
    generator = torch.Generator().manual_seed(0)
    weights = fields.weights_of(
        "fresh", {k: torch.from_numpy(v) for k, v in data.squeezenet_weights().items()}, generator
    )
    squares = fields.squared_gradients(fields.centre_square("sheep"), weights, generator)
    for stage, found in squares.items():
        _, field, unit = fields.by_paths(stage)
        first, last = field.window(unit)
        rows = np.flatnonzero(found.any(axis=1))
        assert found.sum() == pytest.approx(1)
        assert first <= rows[0] and rows[-1] <= last
        assert rows[-1] - rows[0] + 1 > 0.75 * field.size


def test_what_is_foretold_fills_the_field_and_is_narrower_than_all_paths():
    foretold, field, unit = fields.by_paths("fire3")
    rows = np.flatnonzero(foretold.any(axis=1))
    assert (rows[0], rows[-1]) == field.window(unit) and foretold.sum() == pytest.approx(1)
    paths = np.array(count_paths(fields.layers_to("fire3"), unit, size=squeezenet.SIDE), float)
    assert fields.side_of_share(foretold, 0.9, unit * 4 + 3) < fields.side_of_share(
        np.outer(paths, paths), 0.9, unit * 4 + 3
    )


def test_what_is_foretold_is_what_fresh_weights_do():
    stored = data.stored_result("effective_fields")["stages"]
    for found in stored.values():
        for measure in ("effective_size", "side_of_90_percent"):
            assert found["fresh"][measure] == pytest.approx(found["paths"][measure], rel=0.05)


def test_measures_of_a_field_by_hand():
    squares = np.zeros((9, 9))
    squares[3:6, 3:6] = 1
    squares[4, 4] = 4
    squares[0, 0] = 4 * 0.0455**2 * 0.99  # its root is just below the share
    assert fields.effective_size(squares) == 3
    assert (fields.side_of_share(squares, 0.3, 4), fields.side_of_share(squares, 0.9, 4)) == (1, 3)


def test_stored_fields_are_those_of_the_stages():
    stored = data.stored_result("effective_fields")
    assert list(stored["stages"]) == list(fields.STAGES)
    for stage, found in stored["stages"].items():
        foretold, field, unit = fields.by_paths(stage)
        assert (found["size"], tuple(found["window"])) == (field.size, field.window(unit))
        assert found["paths"]["effective_size"] == pytest.approx(fields.effective_size(foretold), abs=0.06)
        assert all(found[kind]["outside"] < 1e-9 for kind in fields.KINDS)


def test_training_narrowed_the_lower_fields_whichever_photographs_and_not_the_last():
    stages = data.stored_result("effective_fields")["stages"]
    for stage in ("fire3", "fire5"):
        for control in ("shuffled", "fresh"):
            assert stages[stage]["trained"]["range"][1] < stages[stage][control]["range"][0]
    last = stages["fire9"]
    assert last["trained"]["range"][0] < last["shuffled"]["range"][1] < 1.2 * last["trained"]["range"][0]


# Depth against one kernel ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("relu", [True, False])
def test_students_are_the_convolutions_that_they_stand_for(relu):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(4, 49, generator=generator)
    student = contest.Deep(5, relu=relu)
    weights = contest.fresh(student, 2, generator)
    y = x.view(4, 1, 7, 7)
    for number, channels in enumerate((1, 5, 5)):
        w, b = weights[2 * number][1], weights[2 * number + 1][1, 0]
        w = w.view(3, 3, channels, -1).permute(3, 2, 0, 1)
        y = torch.nn.functional.conv2d(y, w, b)
        y = y.relu() if relu and number < 2 else y
    torch.testing.assert_close(student(x, weights)[1], y[:, 0, 0, 0])
    assert contest.parameters(student) == 9 * 5 + 5 + 25 * 9 + 5 + 45 + 1


def test_teachers_have_mean_0_and_variance_1_and_a_kernel_learns_a_kernel():
    kinds, answers = contest.teachers(count=1)
    values = answers(contest.noise(20_000, seed=9))
    assert len(kinds) == len(values) == 4
    torch.testing.assert_close(values.mean(1), torch.zeros(4), atol=0.05, rtol=0)
    torch.testing.assert_close(values.var(1), torch.ones(4), atol=0.06, rtol=0)
    left = contest.unexplained(contest.STUDENTS["one 7x7"], answers, steps=150, starts=1)
    assert [len(starts) for starts in left] == [1] * 4
    assert left[0][0] < 0.01 and left[3][0] > 0.9  # all of its own kind, nothing of the contrast


def test_each_start_of_each_teacher_is_a_model_of_its_own():
    _, answers = contest.teachers(count=1)
    left = np.array(contest.unexplained(contest.STUDENTS["three 3x3"], answers, steps=20, starts=2))
    assert left.shape == (4, 2) and np.ptp(left, axis=1).min() > 1e-4


def test_stored_contest_has_every_student_with_its_parameters():
    students = data.stored_result("depth_against_one_kernel")["students"]
    assert {name: found["parameters"] for name, found in students.items()} == {
        name: contest.parameters(student) for name, student in contest.STUDENTS.items()
    }
    kinds, _ = contest.teachers()
    stored = data.stored_result("depth_against_one_kernel")
    assert (tuple(stored["steps"]), stored["starts"], stored["teachers"]) == (
        contest.STEPS,
        contest.STARTS,
        contest.TEACHERS,
    )
    for found in students.values():
        assert list(found["unexplained"]) == [str(steps) for steps in contest.STEPS]
        for left in found["unexplained"].values():
            assert [kind for kind, values in left.items() for _ in values] == kinds
            assert all(len(starts) == contest.STARTS for values in left.values() for starts in values)


def test_twice_the_training_changes_no_conclusion_of_the_contest():
    students = data.stored_result("depth_against_one_kernel")["students"]
    for steps in map(str, contest.STEPS):
        best = {
            name: {
                kind: np.mean([min(starts) for starts in values])
                for kind, values in found["unexplained"][steps].items()
            }
            for name, found in students.items()
        }
        deep, wide = best["three 3x3, 5 channels"], best["7x7, 6 channels, ReLU, 1x1"]
        assert deep["local contrast"] < 0.3 < 0.8 < wide["local contrast"]
        assert wide["a wide network"] < 0.05 < 0.2 < deep["a wide network"]
        assert best["three 3x3, no ReLU"]["a 7x7 kernel"] > 0.1 > 0.01 > best["one 7x7"]["a 7x7 kernel"]
