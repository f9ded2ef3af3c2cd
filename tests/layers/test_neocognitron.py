"""S- and C-cells: their equations from cnnlib.ops, forward and gradients, and what they learn."""

import numpy as np
import torch
from hypothesis import given
from torch.func import functional_call

from cnnlib import layers, ops
from tests.layers.comparison import compare, random_weights
from tests.ops.cases import brief, cases, close, every_kind, several


def s_cells(cells, x, du):
    """Result and gradients of S-cells, by cnnlib.ops."""
    options = dict(stride=cells.stride, padding=cells.padding, dilation=cells.dilation)
    a, b, c = (p.detach().numpy() for p in (cells.excitation, cells.inhibition, cells.nearness))
    c, r = np.broadcast_to(c, (1, x.shape[1], *c.shape)), cells.selectivity
    factor = (2 * r / (1 + r) * b)[:, None, None]
    mean = ops.conv2d(x**2, c, **options)
    v = np.sqrt(mean)
    seen, against = ops.conv2d(x, a, **options), factor * v
    ratio = (1 + seen) / (1 + against)
    gradients = {}
    dratio = r * ops.relu_backward(du, ratio - 1)
    dseen, dagainst = dratio / (1 + against), -dratio * ratio / (1 + against)
    gradients["inhibition"] = 2 * r / (1 + r) * (dagainst * v).sum((0, 2, 3))
    dv = (factor * dagainst).sum(1, keepdims=True)
    dmean = np.where(v > 0, dv / (2 * np.where(v > 0, v, 1)), 0)  # no slope where nothing is seen
    dx, gradients["excitation"], _ = ops.conv2d_backward(dseen, x, a, **options)
    gradients["x"] = dx + 2 * x * ops.conv2d_backward(dmean, x**2, c, **options)[0]
    return r * ops.relu(ratio - 1), gradients


def c_cells(cells, x, du):
    """Result and gradient of C-cells, by cnnlib.ops."""
    d, planes = cells.nearness.numpy(), x.shape[1]
    d = np.broadcast_to(d, (planes, 1, *d.shape))
    options = dict(stride=cells.stride, padding=cells.padding, groups=planes)
    seen = ops.conv2d(x, d, **options)
    mean = seen.mean(1, keepdims=True)
    ratio = (1 + seen) / (1 + mean)
    s = ops.relu(ratio - 1)
    ds = du * cells.saturation / (cells.saturation + s) ** 2
    dratio = ops.relu_backward(ds, ratio - 1)
    dmean = (-dratio * ratio / (1 + mean)).sum(1, keepdims=True)
    dx, *_ = ops.conv2d_backward(dratio / (1 + mean) + dmean / planes, x, d, **options)
    return s / (cells.saturation + s), {"x": dx}


def answers(dice, n, planes, size):
    """Answers of cells: none below 0, and most of them 0, so that windows see nothing at all."""
    there = dice.rng.random((n, 1, *size)) < 0.3
    return np.abs(dice.normal(n, planes, *size)) * there


def s_case(dice):
    size, kernel, options = dice.window(max_kernel=3, max_stride=3, room=4)
    n, planes, outputs = dice.batch(), dice.pick(1, 3), dice.pick(1, 3)
    selectivity, fall = dice.choose(0.5, 4, 16), dice.choose(1, 0.9, 0.5)
    cells = layers.SCells(planes, outputs, kernel, **options, selectivity=selectivity, fall=fall)
    random_weights(cells, dice)
    with torch.no_grad():
        for weight in cells.parameters():
            weight.abs_()
    return cells, answers(dice, n, planes, size)


def c_case(dice):
    size, kernel, options = dice.window(max_kernel=4, max_stride=3, max_dilation=1, room=4)
    del options["dilation"]
    n, planes = dice.batch(), dice.pick(1, 3)
    saturation, fall = dice.choose(0.25, 0.5, 2), dice.choose(1, 0.9, 0.5)
    cells = layers.CCells(planes, kernel, **options, saturation=saturation, fall=fall)
    x = answers(dice, n, planes, size)
    return cells.to(torch.from_numpy(x).dtype), x


@several
@given(cases(s_case))  # in float64: rounding must not move a number across a ReLU's kink
def test_s_cells(case):
    compare(case, s_cells)


@several
@given(cases(c_case))
def test_c_cells(case):
    compare(case, c_cells)


@brief
@given(every_kind(s_case), every_kind(c_case))
def test_the_results_of_either_type(first, second):
    for (cells, x), composed in ((first, s_cells), (second, c_cells)):
        y = cells(torch.from_numpy(x)).detach().numpy()
        close(y, composed(cells, x, np.zeros_like(y))[0])


def slopes_are_differences(cells, x, ratio):
    """Hold the gradients of everything against finite differences, if no kink is near."""
    assert (ratio - 1).abs().min() > 1e-4 and (ratio > 1).any() and (ratio < 1).any()
    names, weights = zip(*cells.named_parameters(), strict=True) if [*cells.parameters()] else ((), ())

    def of(x, *weights):
        return functional_call(cells, dict(zip(names, weights, strict=True)), (x,))

    leaves = [leaf.detach().clone().requires_grad_() for leaf in (x, *weights)]
    assert torch.autograd.gradcheck(of, leaves, eps=1e-6, atol=1e-8, rtol=1e-6)


def test_slopes_of_s_cells_are_differences():
    torch.manual_seed(11)
    cells = layers.SCells(2, 3, (3, 2), stride=(2, 1), padding=1, selectivity=2.0).double()
    x = 0.2 + torch.rand(2, 2, 5, 4, dtype=torch.float64)
    with torch.no_grad():
        cells.excitation.uniform_(0, 0.2)
        cells.inhibition.uniform_(0.5, 1)
        against = 4 / 3 * cells.inhibition[:, None, None] * cells.strength(x)
        seen = torch.nn.functional.conv2d(cells.framed(x), cells.excitation, stride=(2, 1))
    slopes_are_differences(cells, x, (1 + seen) / (1 + against))


def test_slopes_of_c_cells_are_differences():
    torch.manual_seed(12)
    cells = layers.CCells(3, (3, 2), stride=(1, 2), padding=1).double()
    x = torch.rand(2, 3, 4, 5, dtype=torch.float64)
    d = cells.nearness.expand(3, 1, 3, 2)
    seen = torch.nn.functional.conv2d(cells.framed(x), d, stride=(1, 2), groups=3)
    slopes_are_differences(cells, x, (1 + seen) / (1 + seen.mean(1, keepdim=True)))


def test_no_slope_where_a_window_sees_nothing():
    """The root of 0 has an infinite slope; what a window of zeros strengthens is 0, not NaN."""
    cells = layers.SCells(1, 2, 3)
    x = torch.zeros(1, 1, 3, 9)
    x[..., 4] = 2
    x.requires_grad_()
    v = cells.strength(x)
    v.sum().backward()
    assert (v[0, 0, 0] > 0).tolist() == [False, False, True, True, True, False, False]
    assert (x.grad[0, 0] > 0).any(0).tolist() == [column == 4 for column in range(9)]
    with torch.no_grad():
        cells.inhibition.fill_(1)
        cells.excitation.fill_(1)
    cells(x).sum().backward()
    assert all(p.grad.isfinite().all() and p.grad.any() for p in cells.parameters())


def test_the_fixed_weights_add_up_to_one():
    np.testing.assert_allclose(3 * layers.SCells(3, 5, (3, 2)).nearness.sum(), 1, rtol=1e-6)
    np.testing.assert_allclose(layers.CCells(3, (4, 5)).nearness.sum(), 1, rtol=1e-6)


def test_planes_learn_different_bars_without_a_teacher():
    """Bars of four orientations, unlabelled: each plane ends up answering to one of them."""
    torch.manual_seed(3)
    bars = torch.zeros(4, 1, 5, 5)
    for i in range(5):
        bars[0, 0, 2, i] = bars[1, 0, i, 2] = bars[2, 0, i, i] = bars[3, 0, i, 4 - i] = 1
    cells = layers.SCells(1, 4, 5, selectivity=4.0)
    for _ in range(20):
        for bar in bars:
            answers = cells(bar[None])[0, :, 0, 0]
            learned = cells.reinforce(bar[None], rate=16.0)
            assert [plane for plane, _, _ in learned] == [int(answers.argmax())]  # one winner
    favourite = cells(bars)[:, :, 0, 0].argmax(0)
    assert sorted(favourite.tolist()) == [0, 1, 2, 3]


def test_only_the_strongest_of_a_column_learns():
    torch.manual_seed(4)
    cells = layers.SCells(2, 6, 3, padding=1)
    x = torch.rand(1, 2, 9, 9)
    before, answers = cells.excitation.detach().clone(), cells(x)[0]
    learned = cells.reinforce(x, rate=2.0, area=5)
    assert learned
    for plane, row, column in learned:
        rows, columns = slice(max(0, row - 2), row + 3), slice(max(0, column - 2), column + 3)
        assert answers[plane, row, column] == answers[:, rows, columns].max()
        patch = torch.nn.functional.pad(x, (1, 1, 1, 1))[0, :, row : row + 3, column : column + 3]
        change = cells.excitation[plane] - before[plane]
        torch.testing.assert_close(change.detach(), 2.0 * cells.nearness * patch)
    silent = set(range(6)) - {plane for plane, _, _ in learned}
    assert all((cells.excitation[plane] == before[plane]).all() for plane in silent)
