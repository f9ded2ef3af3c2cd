# ruff: noqa: E501 - one case a line
"""What holds of all layers: saved and read back, written out, empty batches, types, errors."""

import io

import numpy as np
import pytest
import torch

from cnnlib import geometry, layers

MAKERS = {
    "LocalConv2d(3, 5, kernel_size=(3, 3), stride=(2, 2), input_size=(9, 8))":
        lambda: layers.LocalConv2d(3, 5, 3, 2, input_size=(9, 8)),
    "DepthwiseSeparableConv2d(3, 5, kernel_size=(3, 3), padding=(1, 1, 1, 1), bias=False, multiplier=2)":
        lambda: layers.DepthwiseSeparableConv2d(3, 5, 3, padding=1, bias=False, multiplier=2),
    "SpatiallySeparableConv2d(3, 5, kernel_size=(3, 5), dilation=(2, 1), mid_channels=4)":
        lambda: layers.SpatiallySeparableConv2d(3, 5, (3, 5), dilation=(2, 1), mid_channels=4),
    "DeformConv2d(\n  3, 6, kernel_size=(3, 3), padding=(1, 1, 1, 1), groups=3, offset_groups=3, modulated=True":
        lambda: layers.DeformConv2d(3, 6, 3, padding=1, groups=3, offset_groups=3, modulated=True),
    "BlurPool2d(kernel_size=4, stride=3, padding_mode='circular')":
        lambda: layers.BlurPool2d(4, 3, "circular"),
    "Bottleneck(": lambda: layers.Bottleneck(3, 2, 6, 2),
    "InceptionBlock(": lambda: layers.InceptionBlock(3, 2, 1, 2, 1, 2, 2),
    "Upsample2x(3, 5, kind='sub-pixel', kernel_size=3, bias=False, icnr=True)":
        lambda: layers.Upsample2x(3, 5, "sub-pixel", bias=False, icnr=True),
    "SCells(3, 5, kernel_size=(3, 3), selectivity=2.0)": lambda: layers.SCells(3, 5, 3, selectivity=2),
    "CCells(3, kernel_size=(5, 5), stride=(2, 2), saturation=0.5)": lambda: layers.CCells(3, 5, 2),
}  # fmt: skip


@pytest.mark.parametrize("text", MAKERS)
def test_state_dict_round_trip_and_repr(text):
    torch.manual_seed(5)
    first = MAKERS[text]()
    assert repr(first).startswith(text)
    x = torch.rand(2, 3, 9, 8)
    first.eval()
    expected, stored = first(x), io.BytesIO()
    torch.save(first.state_dict(), stored)
    stored.seek(0)
    second = MAKERS[text]().eval()
    second.load_state_dict(torch.load(stored, weights_only=True))
    torch.testing.assert_close(second(x), expected, rtol=0, atol=0)
    others = {"bilinear_sample", "deform_conv2d", "SheepFinder", "SqueezeNet"}  # functions, and whole networks
    assert set(layers.__all__) - others == {t.split("(")[0] for t in MAKERS}


@pytest.mark.parametrize("text", MAKERS)
def test_an_empty_batch(text):
    layer = MAKERS[text]().eval()
    full = layer(torch.rand(2, 3, 9, 8))
    empty = layer(torch.rand(0, 3, 9, 8))
    assert empty.shape == (0, *full.shape[1:])


@pytest.mark.parametrize("text", MAKERS)
def test_mixed_precision(text):
    """Under autocast the layers take either type, and what one gives out another takes in."""
    layer = MAKERS[text]().eval()
    x = torch.rand(2, 3, 9, 8)
    expected = layer(x)
    with torch.autocast("cpu", torch.bfloat16):
        for images in (x, x.bfloat16()):
            torch.testing.assert_close(layer(images).float(), expected, rtol=0.05, atol=0.05)


X = torch.zeros(1, 4, 5, 6)
OFFSET, WEIGHT = torch.zeros(1, 18, 3, 4), torch.zeros(2, 4, 3, 3)
DOES_NOT_FIT = (
    r"a window spanning 7 \(kernel_size=\d, dilation=\d\) does not fit in 5 .*; shrink the window or use padding >= 1"
)


def deform(x=X, offset=OFFSET, weight=WEIGHT, bias=None, **options):
    return layers.deform_conv2d(x, offset, weight, bias, **options)


@pytest.mark.parametrize(
    "call, kind, message",
    [
        (lambda: layers.LocalConv2d(1, 1, 7, input_size=5), ValueError, "LocalConv2d: " + DOES_NOT_FIT),
        (lambda: layers.LocalConv2d(1, 1, 3, input_size=5)(torch.zeros(1, 1, 6, 5)), ValueError, r"LocalConv2d: x has shape \(1, 1, 6, 5\); use \(N, 1, 5, 5\)"),
        (lambda: layers.DeformConv2d(1, 1, 3, modulated="no"), TypeError, "DeformConv2d: modulated='no' is a str; use True or False"),
        (lambda: layers.DeformConv2d(1, 1, 3, bias="no"), TypeError, "DeformConv2d: bias='no' is a str; use True or False"),
        (lambda: layers.LocalConv2d(1, 1, 3, input_size=5, bias=None), TypeError, "LocalConv2d: bias=None is a NoneType"),
        (lambda: layers.DepthwiseSeparableConv2d(1, 1, 3, bias=1), TypeError, "DepthwiseSeparableConv2d: bias=1 is an int"),
        (lambda: layers.SpatiallySeparableConv2d(1, 1, 3, padding="full"), ValueError, "SpatiallySeparableConv2d: padding='full' is unknown; use 'same', 'valid'"),
        (lambda: layers.SpatiallySeparableConv2d(1, 1, 3, 2, "same"), ValueError, r"SpatiallySeparableConv2d: padding='same' with stride=\(2, 2\) depends on"),
        (lambda: layers.DeformConv2d(1, 1, 3, 1, 0, 1, 1), TypeError, r"^DeformConv2d: takes 6 arguments by position .* dilation, groups=1\)$"),
        (lambda: layers.LocalConv2d(1, 1, 3, padding_mode="zeros", input_size=5), TypeError, "^LocalConv2d: got an unexpected keyword argument 'padding_mode'"),
        (lambda: layers.LocalConv2d(1, 1, 3), TypeError, r"^LocalConv2d: input_size is missing; use LocalConv2d\(in_channels, .*\*, input_size, bias=True\)$"),
        (lambda: layers.deform_conv2d(X, OFFSET, w=WEIGHT), TypeError, "^deform_conv2d: got an unexpected keyword argument 'w', which is weight here"),
        (lambda: layers.Bottleneck(4, 1, 4, norm_layer="none"), TypeError, "Bottleneck: norm_layer='none' is a str and can't be called; use a class such as nn.BatchNorm2d"),
        (lambda: layers.InceptionBlock(4, 1, 1, 1, 1, 1, 1, None), TypeError, "InceptionBlock: norm_layer=None is a NoneType and"),
        (lambda: layers.InceptionBlock(4, 1, 1, 1.0, 1, 1, 1), TypeError, "InceptionBlock: ch3x3=1.0 is a float"),
        (lambda: layers.LocalConv2d(0, 1, 3, input_size=5), ValueError, "LocalConv2d: in_channels=0 is below 1"),
        (lambda: layers.LocalConv2d(1, 1, 3), TypeError, "input_size"),
        (lambda: layers.DepthwiseSeparableConv2d(1, 1, 3, multiplier=0), ValueError, "DepthwiseSeparableConv2d: multiplier=0 is below 1"),
        (lambda: layers.DepthwiseSeparableConv2d(2, 1, 3)(torch.zeros(1, 3, 5, 5)), ValueError, r"DepthwiseSeparableConv2d: x has shape \(1, 3, 5, 5\), so C=3; use \(N, 2, H, W\)"),
        (lambda: layers.DepthwiseSeparableConv2d(4, 1, 4, dilation=2)(X), ValueError, "DepthwiseSeparableConv2d: " + DOES_NOT_FIT),
        (lambda: layers.SpatiallySeparableConv2d(1, 1, 3, stride=True), TypeError, "SpatiallySeparableConv2d: stride=True is a bool"),
        (lambda: layers.SpatiallySeparableConv2d(1, 1, 3, strid=2), TypeError, "strid"),
        (lambda: layers.SpatiallySeparableConv2d(4, 1, 3, dilation=3)(X), ValueError, "SpatiallySeparableConv2d: " + DOES_NOT_FIT),
        (lambda: layers.SpatiallySeparableConv2d(4, 1, (1, 7))(X[..., :5]), ValueError, "SpatiallySeparableConv2d: " + DOES_NOT_FIT),
        (lambda: layers.SpatiallySeparableConv2d(4, 1, 3)(X[0]), ValueError, r"SpatiallySeparableConv2d: x has shape \(4, 5, 6\), 3 axes, and needs 4: \(N, C, H, W\)"),
        (lambda: layers.DeformConv2d(4, 6, 3, groups=3), ValueError, "DeformConv2d: groups=3 does not divide in_channels=4 and out_channels=6; use a divisor"),
        (lambda: layers.DeformConv2d(4, 6, 3, offset_groups=3), ValueError, "DeformConv2d: offset_groups=3 does not divide in_channels=4; use a divisor"),
        (lambda: layers.DeformConv2d(4, 6, 7)(X), ValueError, "DeformConv2d: " + DOES_NOT_FIT),
        (lambda: layers.DeformConv2d(2, 6, 3)(X), ValueError, r"DeformConv2d: x has shape \(1, 4, 5, 6\), so C=4; use \(N, 2, H, W\)"),
        (lambda: deform(X[0]), ValueError, r"deform_conv2d: x has shape \(4, 5, 6\), 3 axes, and needs 4: \(N, C, H, W\)"),
        (lambda: deform(offset=OFFSET[0]), ValueError, r"deform_conv2d: offset has shape \(18, 3, 4\), 3 axes, and needs 4: \(N, 2\*G\*KH\*KW, OH, OW\)"),
        (lambda: deform(weight=WEIGHT[0]), ValueError, r"deform_conv2d: weight has shape \(4, 3, 3\), 3 axes, and needs 4: \(O, C/groups, KH, KW\)"),
        (lambda: deform(weight=WEIGHT[:, :0]), ValueError, r"deform_conv2d: weight has shape \(2, 0, 3, 3\) .*, with C/groups=0; C/groups must be at least 1"),
        (lambda: deform(weight=WEIGHT[:, :3]), ValueError, r"deform_conv2d: weight has shape \(2, 3, 3, 3\), so it would take groups=4/3 to read x with C=4; use"),
        (lambda: deform(weight=torch.zeros(3, 2, 3, 3)), ValueError, "deform_conv2d: weight has .* a number of groups that divides C=4 and O=3"),
        (lambda: deform(bias=torch.zeros(1)), ValueError, r"deform_conv2d: bias has shape \(1,\); use shape \(2,\) = \(O,\)"),
        (lambda: deform(dilation=3), ValueError, "deform_conv2d: " + DOES_NOT_FIT),
        (lambda: deform(offset=OFFSET[:, :9]), ValueError, r"deform_conv2d: offset has shape \(1, 9, 3, 4\); use shape \(1, 18, 3, 4\) = \(N, 2\*G\*KH\*KW, OH, OW\)"),
        (lambda: deform(offset=OFFSET[..., :3]), ValueError, r"deform_conv2d: offset has shape \(1, 18, 3, 3\); use shape \(1, 18, 3, 4\)"),
        (lambda: deform(mask=OFFSET), ValueError, r"deform_conv2d: mask has shape \(1, 18, 3, 4\); use shape \(1, 9, 3, 4\)"),
        (lambda: deform(X.numpy()), TypeError, "deform_conv2d: x is an array of shape \\(.*\\); use a tensor"),
        (lambda: deform(weight=WEIGHT.int()), TypeError, r"deform_conv2d: weight holds torch.int32; use floats, as weight.float\(\) gives"),
        (lambda: layers.bilinear_sample(torch.zeros(2, 1, 5, 5), torch.zeros(1, 3, 2)), ValueError, r"bilinear_sample: points has shape \(1, 3, 2\); use shape \(2, ..., 2\)"),
        (lambda: layers.bilinear_sample(X[0], torch.zeros(4, 3, 2)), ValueError, r"bilinear_sample: x has shape \(4, 5, 6\), 3 axes, and needs 4"),
        (lambda: layers.bilinear_sample(X, [[[0, 0]]]), TypeError, "bilinear_sample: points is a list; use a tensor"),
        (lambda: layers.bilinear_sample(X, torch.zeros(1, 3, 2).long()), TypeError, "bilinear_sample: points holds torch.int64; use floats"),
        (lambda: layers.BlurPool2d(padding_mode="same"), ValueError, "BlurPool2d: padding_mode='same' is unknown; use one of 'zeros', 'reflect', 'replicate', 'circular'"),
        (lambda: layers.BlurPool2d(0), ValueError, "BlurPool2d: kernel_size=0 is below 1"),
        (lambda: layers.BlurPool2d()(X[0]), ValueError, r"BlurPool2d: x has shape \(4, 5, 6\), 3 axes, and needs 4: \(N, C, H, W\)"),
        (lambda: layers.BlurPool2d()(X[:, :, :1]), ValueError, r"BlurPool2d: height=1 is too small to be reflected by 1; use a smaller kernel, or padding_mode='replicate'"),
        (lambda: layers.BlurPool2d(13)(X.expand(1, 4, 5, 6).repeat(1, 1, 9, 1)), ValueError, "BlurPool2d: width=6 is too small to be reflected by 6"),
        (lambda: layers.BlurPool2d()(X.int()), TypeError, "BlurPool2d: x holds torch.int32; use floats"),
        (lambda: layers.Bottleneck(4, 0, 4), ValueError, "Bottleneck: mid_channels=0 is below 1"),
        (lambda: layers.Bottleneck(4, 1, 4, 0), ValueError, "Bottleneck: stride=0 is below 1"),
        (lambda: layers.Bottleneck(3, 1, 4)(X), ValueError, r"Bottleneck: x has shape \(1, 4, 5, 6\), so C=4; use \(N, 3, H, W\)"),
        (lambda: layers.Bottleneck(4, 1, 4)(X[0]), ValueError, r"Bottleneck: x has shape \(4, 5, 6\), 3 axes"),
        (lambda: layers.InceptionBlock(4, 1, 1, 1, 1, 1, 0), ValueError, "InceptionBlock: pool_proj=0 is below 1"),
        (lambda: layers.InceptionBlock(3, 1, 1, 1, 1, 1, 1)(X), ValueError, r"InceptionBlock: x has shape \(1, 4, 5, 6\), so C=4; use \(N, 3, H, W\)"),
        (lambda: layers.InceptionBlock(4, 1, 1, 1, 1, 1, 1)(X[:, :, :0]), ValueError, r"InceptionBlock: x has shape \(1, 4, 0, 6\) \(N, C, H, W\), with H=0"),
        (lambda: layers.Upsample2x(1, 1, "deconvolution"), ValueError, "Upsample2x: kind='deconvolution' is unknown; use one of 'transposed', 'sub-pixel', 'nearest"),
        (lambda: layers.Upsample2x(1, 1, 3), TypeError, "Upsample2x: kind=3 is an int; use one of 'transposed'"),
        (lambda: layers.Upsample2x(0, 1), ValueError, "Upsample2x: in_channels=0 is below 1"),
        (lambda: layers.Upsample2x(1, 1, kernel_size=1), ValueError, "Upsample2x: kernel_size=1 leaves pixels that no stamp reaches; use at least 2"),
        (lambda: layers.Upsample2x(1, 1, "nearest + conv", 4), ValueError, "Upsample2x: kernel_size=4 is even, and has no middle for kind='nearest . conv'; use an odd"),
        (lambda: layers.Upsample2x(1, 1, icnr=True), ValueError, "Upsample2x: icnr=True with kind='transposed'; use it with kind='sub-pixel', or"),
        (lambda: layers.Upsample2x(1, 1, "sub-pixel", icnr="yes"), TypeError, "Upsample2x: icnr='yes' is a str; use True or False"),
        (lambda: layers.Upsample2x(1, 1, bias=None), TypeError, "Upsample2x: bias=None is a NoneType"),
        (lambda: layers.Upsample2x(3, 1)(X), ValueError, r"Upsample2x: x has shape \(1, 4, 5, 6\), so C=4; use \(N, 3, H, W\)"),
        (lambda: layers.Upsample2x(4, 1)(X.double()), TypeError, "Upsample2x: x holds torch.float64 and the layer torch.float32"),
        (lambda: layers.SCells(1, 1, 3, selectivity=0), ValueError, "SCells: selectivity=0 is out of range; use a number > 0"),
        (lambda: layers.SCells(1, 1, 3, selectivity="a"), TypeError, "SCells: selectivity='a' is a str; use a number > 0"),
        (lambda: layers.SCells(1, 1, 3, selectivity=True), TypeError, "SCells: selectivity=True is a bool"),
        (lambda: layers.SCells(1, 1, 3, selectivity=float("inf")), ValueError, "SCells: selectivity=inf is not finite"),
        (lambda: layers.SCells(4, 1, 7)(X), ValueError, "SCells: " + DOES_NOT_FIT),
        (lambda: layers.SCells(1, 1, 3).reinforce(torch.zeros(2, 1, 3, 3)), ValueError, r"SCells.reinforce: x has shape \(2, 1, 3, 3\) and area=3; use one pattern and an odd area"),
        (lambda: layers.SCells(1, 1, 3).reinforce(torch.zeros(1, 1, 3, 3), rate=-1), ValueError, "SCells.reinforce: rate=-1 is out of range; use a number > 0"),
        (lambda: layers.CCells(1, 3, saturation=-1), ValueError, "CCells: saturation=-1 is out of range; use a number > 0"),
        (lambda: layers.CCells(1, 3, saturation=float("nan")), ValueError, "CCells: saturation=nan is not finite"),
        (lambda: layers.CCells(1, 3, fall=1.5), ValueError, r"CCells: fall=1.5 is out of range; use a number > 0 and <= 1"),
        (lambda: layers.CCells(4, 7)(X), ValueError, "CCells: " + DOES_NOT_FIT),
    ],
)  # fmt: skip
def test_errors(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.uint64])
def test_numpy_s_integers_do_not_overflow(kind):
    """127 maps in each of four branches, counted in an int8, would be -4."""
    sizes = [kind(n) for n in (1, 127, 1, 127, 1, 127, 127)]
    assert layers.InceptionBlock(*sizes).out_channels == 508
    assert layers.InceptionBlock(*sizes)(torch.zeros(1, 1, 3, 3)).shape == (1, 508, 3, 3)
    assert layers.Bottleneck(kind(100), kind(2), kind(100)).shortcut(X).shape == X.shape  # the identity
    layer = layers.DepthwiseSeparableConv2d(kind(100), kind(3), kind(2), kind(1), kind(1), multiplier=kind(3))
    assert layer(torch.zeros(1, 100, 4, 4)).shape == (1, 3, 5, 5)
    assert layers.DeformConv2d(kind(4), 2, kind(3), modulated=np.True_, bias=np.False_)(X).shape == (1, 2, 3, 4)


@pytest.mark.parametrize(
    "make",
    [
        lambda **more: layers.LocalConv2d(4, 2, (2, 3), input_size=(5, 6), **more),
        lambda **more: layers.DeformConv2d(4, 2, (2, 3), **more),
        lambda **more: layers.DepthwiseSeparableConv2d(4, 2, (2, 3), **more),
        lambda **more: layers.SpatiallySeparableConv2d(4, 2, (2, 3), **more),
        lambda **more: layers.SCells(4, 2, (2, 3), **more),
    ],
)
def test_padding_by_name(make):
    """The size stays; the odd row goes to the bottom, as geometry.same_padding has it."""
    layer = make(padding="same")
    assert layer.padding == geometry.same_padding((5, 6), (2, 3)) == (0, 1, 1, 1)
    assert layer(X).shape == (1, 2, 5, 6)
    assert make(padding="valid").padding == (0, 0, 0, 0)


@pytest.mark.parametrize("text", [text for text in MAKERS if "Blur" not in text])
def test_images_of_another_type_are_refused(text):
    """Blur has no weights to disagree with: it answers in the images' own type."""
    layer = MAKERS[text]()
    name = type(layer).__name__
    with pytest.raises(TypeError, match=f"^{name}: x holds torch.float64 and the layer torch.float32; use x.to"):
        layer(torch.rand(2, 3, 9, 8).double())
    with pytest.raises(TypeError, match=f"^{name}: x holds torch.int64; use floats"):
        layer(torch.ones(2, 3, 9, 8).long())


@pytest.mark.parametrize("name", layers.__all__)
def test_docstrings_are_whole(name):
    sections = ["Raises", "Examples"] + ["Parameters"] * (name != "SqueezeNet")  # a whole network takes none
    sections += ["References"] if isinstance(getattr(layers, name), type) else ["Returns"]
    for section in sections:
        assert f"\n    {section}\n    ---" in getattr(layers, name).__doc__, section
