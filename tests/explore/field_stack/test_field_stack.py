"""Receptive field stack: the Python half by hand and against torch, both halves on random stacks, its gestures."""

import numpy as np
import pytest
import torch
from torch import nn

from cnnlib import geometry
from cnnlib.explore import FieldStack
from cnnlib.explore.field_stack import stacks
from tests.explore.hand import control, keys, status


def test_by_hand():
    """Two layers of 2: three pixels, the middle one by two paths."""
    stack = FieldStack(layers=[{"kernel_size": 2}] * 2, size=5, unit=(0, 2))
    assert stack.sizes == [5, 4, 3]
    assert stack.fields == [(2, 1, 0), (3, 1, 0)]
    assert [profile.tolist() for profile in stack.profiles] == [[0.5, 1, 0.5, 0, 0], [0, 0, 0.5, 1, 0.5]]
    assert stack.effective_size == 3


def test_random_weights_spread_wider():
    one, two = (FieldStack(layers="fifteen 3x3", weights=weights) for weights in ("ones", "random"))
    np.testing.assert_allclose(two.effective**2, one.effective, atol=1e-12)
    assert one.effective_size < two.effective_size < one.fields[-1].size


def test_ones_is_the_gradient_of_torch():
    stack = FieldStack(
        layers=[{"padding": 1}, {"kind": "pool", "kernel_size": 2, "stride": 2}, {"dilation": 2}], size=14
    )
    net = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.AvgPool2d(2), nn.Conv2d(1, 1, 3, dilation=2)).double()
    for parameter in net.parameters():
        nn.init.ones_(parameter)
    x = torch.zeros(1, 1, 14, 14, dtype=torch.float64, requires_grad=True)
    net(x)[0, 0][stack.chosen[1]].backward()
    np.testing.assert_allclose(stack.effective, x.grad[0, 0] / x.grad.max(), atol=1e-12)


def test_random_is_the_root_mean_square_gradient():
    """4,000 stacks of random signs: the mean square comes near, and nearer than the plain mean does."""
    stack = FieldStack(layers=[{}, {"kernel_size": 2, "stride": 2}], size=9, weights="random")
    generator = torch.Generator().manual_seed(5)
    x = torch.zeros(4000, 1, 9, 9, dtype=torch.float64, requires_grad=True)
    w = [torch.randint(0, 2, (4000, 1, k, k), generator=generator).double() * 2 - 1 for k in (3, 2)]
    y = nn.functional.conv2d(x.transpose(0, 1), w[0], groups=4000)
    y = nn.functional.conv2d(y, w[1], stride=2, groups=4000)
    y[0, :, 1, 1].sum().backward()
    root = x.grad[:, 0].square().mean(0).sqrt()
    np.testing.assert_allclose(root / root.max(), stack.effective, atol=0.03)


def test_a_preset_is_a_name_and_its_rows_are_the_published_ones():
    assert repr(FieldStack(layers="AlexNet")).startswith(
        "FieldStack(stack='AlexNet', size=227, weights='ones', layer=8"
    )
    assert [f.size for f in FieldStack(layers="AlexNet").fields] == [11, 19, 51, 67, 99, 131, 163, 195]
    assert [f.size for f in FieldStack(layers="VGG-16").fields][-2:] == [196, 212]
    assert FieldStack(layers="ResNet-50 start").fields[-1] == (35, 4, -17)
    for name, (size, layers) in stacks.PRESETS.items():
        stack = FieldStack(layers=name)
        assert (stack.size, stack.built, stack.stack) == (size, layers, name) and stack.layer == len(layers)


def test_a_layer_may_be_a_layer_of_geometry():
    stack = FieldStack(layers=[geometry.Layer(5, stride=2), {"kind": "pool"}])
    assert stack.layers[0] == {"kind": "conv", "kernel_size": 5, "stride": 2, "padding": 0, "dilation": 1}
    assert stack.shown("layers") == "[{'kernel_size': 5, 'stride': 2}, {'kind': 'pool'}]"


def test_what_is_not_there_any_more_becomes_the_last():
    stack = FieldStack(layers="five 3x3", layer=2, unit=(1, 27))
    stack.layers = [{"padding": 1}]
    assert stack.chosen == (1, (1, 27)) and stack.edited == 1
    stack.size = 12
    assert stack.unit == (1, 11)


def test_a_unit_that_reads_only_padding_has_no_field():
    stack = FieldStack(layers=[{"padding": 16}], size=4, unit=(0, 0))
    assert stack.effective_size == 0 and not stack.effective.any()


def test_changes_that_only_fit_together():
    stack = FieldStack(layers="five 3x3")
    stack.layers = "AlexNet"
    assert (stack.size, stack.sizes[-1]) == (227, 6)
    with pytest.raises(ValueError, match=r"FieldStack: layer 4: .* does not fit"):
        stack.size = 30
    assert stack.size == 227


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"layers": "Alexnet"}, ValueError, r"layers='Alexnet' is unknown; use one of five 3x3, .* or a list"),
        ({"layers": 3}, TypeError, r"layers=3 is an int; use a list of layers"),
        ({"layers": []}, ValueError, r"layers has 0 entries; use 1 to 18"),
        ({"layers": [3]}, TypeError, r"layers\[0\]=3 is an int; use a dict with kind, kernel_size"),
        ({"layers": [{}, {"kernel": 3}]}, TypeError, r"layers\[1\] has an unknown option 'kernel'; use kind"),
        ({"layers": [{"kind": "relu"}]}, ValueError, r"layers\[0\]: kind='relu' is unknown; use one of 'conv', 'pool'"),
        ({"layers": [{"stride": 5}]}, ValueError, r"layers\[0\]: stride=5 is out of range; use an integer from 1 to 4"),
        ({"layers": [{"stride": True}]}, TypeError, r"layers\[0\]: stride=True is a bool"),
        ({"layers": [{"kind": "pool", "padding": 2}]}, ValueError, r"padding=2 is more than half of .* at most 1"),
        ({"layers": [geometry.Layer(3, transposed=True)]}, ValueError, r"transposed=True\) is more than a stack shows"),
        ({"layers": [{}] * 5, "size": 10}, ValueError, r"layer 5: a window spanning 3 .* does not fit in 2"),
        ({"layers": "five 3x3", "layer": 2, "unit": (1, 500)}, ValueError, r"unit=\(1, 500\) lies outside"),
    ],
)  # fmt: skip
def test_bad_input_says_what_is_wrong(values, error, message):
    with pytest.raises(error, match=message):
        FieldStack(**values)


def test_layers_are_added_and_removed(bare):
    root = bare(FieldStack()).locator(".cnnlib-explorer")
    add, remove = root.get_by_role("button", name="Add a layer above"), root.get_by_role("button", name="Remove")
    assert "Layer 5 of 5" in status(root)
    for count in range(6, 19):
        add.click()
        assert f"Layer {count} of {count}," in status(root)
    assert add.is_disabled()
    for count in range(17, 0, -1):
        remove.click()
        assert f"Layer {count} of {count}," in status(root)
    assert remove.is_disabled()
    root.get_by_role("button", name="Reset").click()
    assert "Layer 5 of 5" in status(root)


def test_keys_move_the_unit_and_the_layer(opened):
    page, root = opened(FieldStack())
    side = root.get_by_role("application", name="The stack from the side.")
    side.focus()
    keys(root, "ArrowRight")
    assert "unit (11, 12) of 22" in status(root)
    keys(root, "ArrowDown")  # the unit of layer 4 under it, by its centre
    assert "Layer 4 of 5, unit (12, 13) of 24" in status(root)
    keys(root, "Shift+ArrowUp")
    assert "Layer 5 of 5" in status(root)
    root.get_by_role("application", name="The image.").focus()
    keys(root, "ArrowUp", "Shift+ArrowLeft")
    assert "unit (10, 2) of 22" in status(root)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.dataset.parameter") == "stack"


def test_pointing_shows_and_clicking_keeps(opened):
    page, root = opened(FieldStack())
    side = root.get_by_role("application", name="The stack from the side.")
    before = status(root)
    box = side.bounding_box()
    side.hover(position={"x": box["width"] * 0.45, "y": box["height"] * 0.4})
    pointed = status(root)
    assert pointed != before and int(control(root, "layer").input_value()) == 5
    page.mouse.move(5, 5)
    assert status(root) == before
    side.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.4})
    page.mouse.move(5, 5)
    assert status(root) == pointed and f"Layer {control(root, 'layer').input_value()} of 5" in pointed


def test_a_kind_that_does_not_fit_says_why(bare):
    """A pooling pads at most half of its window, which would leave the layer above too little."""
    window = {"stride": 1, "dilation": 1, "kind": "conv"}
    layers = [{**window, "kernel_size": 3, "padding": 3}, {**window, "kernel_size": 7, "padding": 0}]
    root = bare(FieldStack(size=3, layers=layers, layer=2)).locator(".cnnlib-explorer")
    before = status(root)
    control(root, "kind").select_option("pool")
    assert status(root) == before and control(root, "kind").input_value() == "conv"
    said = root.locator(".note").inner_text()
    assert said.startswith("It stays a convolution: layer 2: a window spanning 7 (kernel_size=7, dilation=1) does not")
    control(root, "weights").select_option("random")
    assert root.locator(".note").inner_text() == ""
