"""What counts as a layer: our own, dictionaries and torch modules; everything else is refused by name."""

from fractions import Fraction

import numpy as np
import pytest
from torch import nn

from cnnlib.geometry import Layer, ReceptiveField, count_paths, pixels_read, receptive_field
from cnnlib.layers import DeformConv2d


def test_torch_modules_are_layers():
    net = [nn.Conv2d(3, 96, 11, 4), nn.MaxPool2d(3, 2), nn.Conv2d(96, 256, 5, padding=2)]
    assert receptive_field(net) == ((51, 51), (8, 8), (-16, -16))
    assert receptive_field([nn.ConvTranspose2d(1, 1, 4, 2, 1)]).jump == (Fraction(1, 2),) * 2
    assert receptive_field([{"kernel_size": 3, "dilation": 2}]) == (5, 1, 0)


def test_a_model_is_opened_and_what_has_no_window_left_out():
    inner = nn.Sequential(nn.Conv2d(3, 96, 11, 4), nn.BatchNorm2d(96), nn.ReLU(), nn.Dropout(), nn.Identity())
    norms = [nn.LocalResponseNorm(5), nn.GroupNorm(2, 96), nn.InstanceNorm2d(96), nn.LayerNorm(5), nn.Softmax2d()]
    net = nn.Sequential(inner, nn.MaxPool2d(3, 2), nn.ModuleList([nn.Sequential(nn.Conv2d(96, 256, 5, padding=2))]))
    assert receptive_field(net) == receptive_field([net, *norms]) == ((51, 51), (8, 8), (-16, -16))
    assert receptive_field(nn.Conv2d(1, 1, 3)) == ((3, 3), (1, 1), (0, 0))
    assert receptive_field(nn.ReLU()) == receptive_field(nn.Sequential()) == (1, 1, 0)
    assert pixels_read(nn.Sequential(nn.Conv1d(1, 1, 3, 2), nn.ReLU(), nn.AvgPool1d(2)), 0) == (0, 1, 2, 3, 4)
    assert receptive_field([nn.LPPool2d(2, 3)]).jump == 3  # its stride is None
    assert receptive_field([nn.Conv2d(1, 1, (3, 4), padding="same")]) == ((3, 4), (1, 1), (-1, -1))
    assert receptive_field([nn.Conv2d(1, 1, 3, padding="valid")]).start == (0, 0)


# ------------------------------------------------------------------ errors
@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        (
            [Layer(3), {"kernel": 3}],
            TypeError,
            r"^receptive_field: layer 1 has an unknown option 'kernel'; use kernel_size, stride, ",
        ),
        ([3], TypeError, r"^receptive_field: layer 0 is an int without a kernel_size"),
        (
            [{"kernel_size": 3, "stride": 0}],
            ValueError,
            r"^receptive_field: layer 0: stride=0 is below 1; use an integer >= 1 or a pair \(height, width\)$",
        ),
        (
            nn.Sequential(nn.Conv2d(1, 1, 3), nn.Sequential(nn.ReLU(), nn.MaxUnpool2d(2))),
            TypeError,
            r"^receptive_field: layer 0\.1\.1 is a MaxUnpool2d: its windows are where a pooling found its maxima",
        ),
        ([nn.Fold(4, 2)], TypeError, "layer 0 is a Fold: it adds up windows"),
        ([nn.Unfold(2)], TypeError, "layer 0 is an Unfold: it gives windows out as columns"),
        ([nn.FractionalMaxPool2d(2, 4)], TypeError, "layer 0 is a FractionalMaxPool2d: it draws its windows at random"),
        ([DeformConv2d(1, 1, 3)], TypeError, "layer 0 is a DeformConv2d: its taps move with the image"),
        ([nn.Conv3d(1, 1, 3)], ValueError, r"layer 0: kernel_size=\(3, 3, 3\) has 3 entries"),
        *[
            (
                [nn.Conv2d(1, 1, 3), module],
                TypeError,
                f"layer 1 is an? {type(module).__name__}, whose units do not read",
            )
            for module in (
                nn.Linear(2, 2),
                nn.Flatten(),
                nn.Upsample(4),
                nn.AdaptiveAvgPool2d(1),
                nn.ZeroPad2d(1),
                nn.PixelShuffle(2),
                nn.TransformerEncoderLayer(4, 2),
                nn.MultiheadAttention(4, 2),
            )
        ],
        (3, TypeError, "^receptive_field: layers=3 is an int; use a list of layers, or a torch module"),
        (nn.Conv2d, TypeError, "^receptive_field: layers=.*Conv2d.* is a type; use a list"),
        ([{}, None], TypeError, "layer 1 is a NoneType without a kernel_size"),
    ],
)
def test_refuses(layers, error, message):
    with pytest.raises(error, match=message):
        receptive_field(layers)


def test_layer_refuses():
    with pytest.raises(TypeError, match=r"^Layer: transposed=1 is an int; use True or False"):
        Layer(3, transposed=1)
    with pytest.raises(TypeError, match=r"^Layer: padding='same' is a str; use an integer >= 0"):
        Layer(3, padding="same")
    with pytest.raises(TypeError, match="kernel"):
        Layer(kernel=3)


def test_pixels_read_refuses_a_unit_outside():
    message = r"^pixels_read: unit=3 lies outside the \(3, 3\) outputs of size=5; use indices from"
    with pytest.raises(ValueError, match=message):
        pixels_read([Layer(3)], 3, size=5)
    with pytest.raises(ValueError, match=r"^pixels_read: unit=-1 lies outside"):
        pixels_read([Layer(3)], -1, size=5)


def test_reprs_say_what_was_given():
    assert repr(Layer(3, padding=1)) == "Layer(kernel_size=3, padding=1)"
    assert repr(receptive_field([Layer(3)])) == "ReceptiveField(size=3, jump=1, start=0)"
    assert isinstance(receptive_field([Layer(3)]), ReceptiveField)


def test_a_layer_keeps_integers_of_its_own():
    size = [3, 3]
    layer = Layer(size, stride=np.int8(2), padding=np.array(1), ceil_mode=np.False_)
    size[0] = 9
    assert repr(layer) == "Layer(kernel_size=(3, 3), stride=2, padding=1)"
    assert type(layer.stride) is int and layer.ceil_mode is False and hash(layer)


def test_the_layer_that_does_not_fit_is_named():
    for function in (pixels_read, count_paths):
        with pytest.raises(
            ValueError, match=rf"^{function.__name__}: layer 1: a window spanning 3 .* does not fit in 2"
        ):
            function([Layer(3), Layer(3)], 0, size=4)
