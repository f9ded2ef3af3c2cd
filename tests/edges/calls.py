"""A call of every public function outside of the explorers, and what each of its arguments is.

The sizes are such that a product of two of them leaves eight bits, and some leave sixteen.
"""

import inspect
from typing import NamedTuple

import numpy as np

from cnnlib import (
    data,
    equivariance,
    filters,
    geometry,
    kernels,
    matrices,
    mosaics,
    networks,
    ops,
    plots,
    retina,
    scenes,
    spectrum,
    squeezenet,
    tables,
)
from tests.ops.test_every_operation import OPERATIONS, arrays


class Call(NamedTuple):
    """A function with arguments by name.

    Attributes
    ----------
    function : callable
    others : dict
        Arguments that are as they are.
    sizes, flags, numbers, images : dict
        Integers or pairs of them, flags, real numbers, and arrays of whole numbers.
    nan : {"refused", "kept"}
        What becomes of NaN and infinity in an array.
    name : str, optional
        Whose name an error begins with, if it is not the function's own.
    """

    function: object
    others: dict = {}
    sizes: dict = {}
    flags: dict = {}
    numbers: dict = {}
    images: dict = {}
    nan: str = "kept"
    name: str | None = None

    @property
    def arguments(self):
        return self.others | self.sizes | self.flags | self.numbers | self.images


IMAGE = np.arange(40).reshape(5, 8) % 7
BANK = np.arange(54).reshape(2, 3, 3, 3) % 11
WINDOW = dict(kernel_size=(11, 3), stride=(2, 4), padding=(3, 1), dilation=2)
LAYERS = [geometry.Layer(3, stride=8), geometry.Layer(3, stride=8)]
STACK = dict(layers=LAYERS)
EYE = retina.even((5, 8), 6)


def maps(x):
    return np.asarray(x, float)[..., ::2, ::2]


def same(x):
    return x


def applied(transform):
    """The transform itself, with the array as an argument."""

    def call(x, **options):
        return transform(**options)(x)

    call.__name__ = transform.__name__
    return call


def network(size, channels):
    nodes = [networks.conv("a", 100, 3), networks.conv("b", 100, 3, stride=2, transposed=True)]
    return networks.Network("n", size=size, channels=channels, nodes=nodes)


def trace(size):
    return network(30, 3).trace(size)


def window(unit):
    return geometry.receptive_field(LAYERS).window(unit)


def looks(image):
    return EYE.look(image)


def repaints(seen):
    return EYE.repaint(seen)


NAMED = {"name": "a"}
CALLS = {
    "geometry.Layer": Call(
        geometry.Layer, sizes=WINDOW | {"output_padding": 1}, flags=dict(transposed=True, ceil_mode=False)
    ),
    "geometry.Memory": Call(
        lambda parameters: geometry.memory_bytes(parameters), sizes=dict(parameters=100), name="memory_bytes"
    ),
    "geometry.ReceptiveField": Call(window, sizes=dict(unit=100), name=r"ReceptiveField\.window"),
    "geometry.activation_bytes": Call(geometry.activation_bytes, sizes=dict(values=100, batch_size=100)),
    "geometry.conv_output_size": Call(geometry.conv_output_size, sizes=WINDOW | {"size": 100}),
    "geometry.conv_transpose_output_size": Call(geometry.conv_transpose_output_size, sizes=WINDOW | {"size": 100}),
    "geometry.count_activations": Call(
        geometry.count_activations, sizes=dict(channels=100, size=(100, 90), batch_size=3)
    ),
    "geometry.count_macs": Call(
        geometry.count_macs, sizes=dict(in_channels=100, out_channels=100, kernel_size=11, positions=50, groups=5)
    ),
    "geometry.count_parameters": Call(
        geometry.count_parameters,
        sizes=dict(in_channels=100, out_channels=100, kernel_size=11, positions=50, groups=5),
        flags=dict(bias=True),
    ),
    "geometry.count_paths": Call(geometry.count_paths, STACK, sizes=dict(unit=1, size=100)),
    "geometry.memory_bytes": Call(geometry.memory_bytes, dict(optimizer="adam"), sizes=dict(parameters=100)),
    "geometry.overlap_counts": Call(
        geometry.overlap_counts, sizes=dict(kernel_size=5, stride=2, padding=1, output_padding=1, dilation=2, size=9)
    ),
    "geometry.touched": Call(geometry.touched, STACK),
    "geometry.pixels_read": Call(geometry.pixels_read, STACK, sizes=dict(unit=100)),
    "geometry.pool_output_size": Call(
        geometry.pool_output_size, sizes=WINDOW | {"size": 100, "dilation": 1, "padding": 1}, flags=dict(ceil_mode=True)
    ),
    "geometry.receptive_field": Call(geometry.receptive_field, STACK),
    "geometry.same_padding": Call(geometry.same_padding, sizes=dict(size=100, kernel_size=100, stride=2, dilation=2)),
    "geometry.span": Call(geometry.span, sizes=dict(kernel_size=100, dilation=100)),
    "geometry.unread": Call(geometry.unread, sizes=WINDOW | {"size": 100}),
    "networks.Network": Call(network, sizes=dict(size=100, channels=100), name="Network"),
    "networks.Row": Call(trace, sizes=dict(size=100), name=r"Network\.trace"),
    "networks.Node": Call(
        networks.Node, NAMED | {"kind": "conv"}, dict(channels=100, groups=4, extra=1), dict(learned=True)
    ),
    "networks.add": Call(lambda name: networks.add(name, "b", "c"), NAMED, name="add"),
    "networks.concat": Call(lambda name: networks.concat(name, "b", "c"), NAMED, name="concat"),
    "networks.gate": Call(networks.gate, dict(name="a", of="b", by="c")),
    "networks.conv": Call(
        networks.conv, NAMED, WINDOW | {"channels": 100, "groups": 4}, dict(norm=False, bias=True, ceil_mode=False)
    ),
    "networks.dense": Call(networks.dense, NAMED, dict(channels=100), dict(bias=True, learned=True)),
    "networks.depthwise": Call(networks.depthwise, NAMED, WINDOW, dict(norm=False, bias=True, transposed=True)),
    "networks.global_pool": Call(networks.global_pool, NAMED),
    "networks.neocognitron": Call(networks.neocognitron, sizes=dict(planes=100), name="(neocognitron|conv)"),
    "networks.pool": Call(networks.pool, NAMED, dict(kernel_size=100, stride=2), dict(scaled=True, ceil_mode=True)),
    "networks.upsample": Call(networks.upsample, NAMED, dict(scale=100)),
    "squeezenet.centre_square": Call(
        squeezenet.centre_square, sizes=dict(side=3), images=dict(photograph=IMAGE), nan="refused"
    ),
    "squeezenet.pixels": Call(squeezenet.pixels, images=dict(images=np.ones((1, 3, 4, 4)))),
    "squeezenet.responses": Call(
        squeezenet.responses,
        sizes=dict(dilated=1),
        images=dict(images=np.ones((1, 3, 40, 40))),
        name="(responses|pixels)",
    ),
    "squeezenet.scores": Call(
        squeezenet.scores, sizes=dict(dilated=1), images=dict(images=np.ones((1, 3, 40, 40))), name="(responses|pixels)"
    ),
    "spectrum.checkerboard_share": Call(
        spectrum.checkerboard_share, sizes=dict(period=(1, 2)), images=dict(x=IMAGE), nan="refused"
    ),
    "spectrum.phase_means": Call(
        spectrum.phase_means, sizes=dict(period=(1, 2), border=1), images=dict(x=IMAGE), nan="refused"
    ),
    "spectrum.phase_share": Call(
        spectrum.phase_share, sizes=dict(period=(1, 2), border=1), images=dict(x=IMAGE), nan="refused"
    ),
    "networks.vgg": Call(networks.vgg, sizes=dict(depth=16)),
    "equivariance.difference_map": Call(
        equivariance.difference_map,
        dict(f=maps, transform=equivariance.Shift(2)),
        sizes=dict(stride=2, border=1),
        images=dict(x=IMAGE),
    ),
    "equivariance.equivariance_error": Call(
        equivariance.equivariance_error,
        dict(f=maps, transform=equivariance.Shift(2)),
        sizes=dict(stride=2, border=1),
        images=dict(x=IMAGE),
    ),
    "equivariance.invariance_error": Call(
        equivariance.invariance_error, dict(f=same, transform=equivariance.Shift(1)), images=dict(x=IMAGE)
    ),
    "transforms.Flip": Call(applied(equivariance.Flip), images=dict(x=IMAGE)),
    "transforms.FractionalShift": Call(
        applied(equivariance.FractionalShift), numbers=dict(offset=1.5), images=dict(x=IMAGE)
    ),
    "transforms.QuarterTurn": Call(applied(equivariance.QuarterTurn), sizes=dict(turns=101), images=dict(x=IMAGE)),
    "transforms.Shift": Call(
        applied(equivariance.Shift), dict(boundary="circular"), sizes=dict(offset=(2, 100)), images=dict(x=IMAGE)
    ),
    "transforms.Zoom": Call(applied(equivariance.Zoom), numbers=dict(factor=1.5), images=dict(x=IMAGE)),
    "matrices.matrix_of": Call(matrices.matrix_of, dict(operation=np.negative), sizes=dict(shape=(2, 3))),
    **{
        f"kernels.{name}": Call(getattr(kernels, name), sizes=dict(size=15))
        for name in ("box", "gaussian", "identity", "laplacian", "sharpen")
    },
    **{
        f"kernels.{name}": Call(getattr(kernels, name), sizes=dict(size=15), numbers=dict(angle=30))
        for name in ("gabor", "prewitt", "quadrature", "sobel")
    },
    "kernels.named": Call(kernels.named, dict(name="gabor"), sizes=dict(size=15), numbers=dict(angle=30), name="gabor"),
    "retina.Retina": Call(looks, images=dict(image=IMAGE), nan="refused", name=r"Retina\.look"),
    "retina.Retina.repaint": Call(repaints, images=dict(seen=np.arange(6)), name=r"Retina\.repaint"),
    "retina.even": Call(retina.even, sizes=dict(size=(100, 90), samples=100)),
    "retina.log_polar": Call(
        retina.log_polar, sizes=dict(size=(100, 90), fixation=(80, 3), rings=10, rays=20), numbers=dict(core=4.5)
    ),
    "mosaics.kernels": Call(mosaics.kernels, dict(name="tiled"), sizes=dict(kernel_size=3)),
    "mosaics.mosaic": Call(mosaics.mosaic, images=dict(image=np.arange(60).reshape(4, 5, 3) % 7), nan="refused"),
    "mosaics.psnr": Call(mosaics.psnr, images=dict(image=IMAGE, reference=IMAGE[::-1]), nan="refused"),
    "data.area_resize": Call(data.area_resize, sizes=dict(size=(3, 4)), images=dict(image=IMAGE), nan="refused"),
    "data.photograph": Call(data.photograph, NAMED | {"name": "cow"}, sizes=dict(side=100), flags=dict(grey=True)),
    "data.sheep_mask": Call(data.sheep_mask, sizes=dict(side=100)),
    "filters.power": Call(filters.power, images=dict(weights=BANK), nan="refused"),
    "filters.features": Call(filters.features, images=dict(weights=BANK), nan="refused"),
    "filters.sparseness": Call(filters.sparseness, images=dict(answers=IMAGE), nan="refused"),
    "filters.similarity": Call(filters.similarity, images=dict(first=BANK, second=BANK[::-1]), nan="refused"),
    "filters.match": Call(
        filters.match, images=dict(first=BANK, second=BANK[::-1]), nan="refused", name="(match|similarity)"
    ),
    "scenes.garment_masks": Call(
        scenes.garment_masks, sizes=dict(count=2, seed=3, side=30, garment_side=10), flags=dict(test=True)
    ),
    "scenes.garments_on_photographs": Call(
        scenes.garments_on_photographs, sizes=dict(count=2, seed=3, side=30, garment_side=10), flags=dict(test=True)
    ),
    "tables.Table": Call(tables.Table, dict(rows=[("a", np.int8(100), np.float16(0.5), None)], columns=list("wxyz"))),
    "plots.signed_limit": Call(plots.signed_limit, images=dict(array=IMAGE), nan="refused"),
    "plots.image": Call(plots.image, flags=dict(signed=True, labels=True), images=dict(array=IMAGE), nan="refused"),
    "plots.filter_gallery": Call(plots.filter_gallery, sizes=dict(columns=2), images=dict(weights=BANK), nan="refused"),
    "plots.number_grid": Call(plots.number_grid, sizes=dict(decimals=2), images=dict(array=IMAGE), nan="refused"),
}

#: Arguments of operations that are sizes.
SIZES = {"stride", "padding", "dilation", "kernel_size", "size", "groups"}


def operation(name):
    """A call of an operation, out of the table that its own tests run through."""
    function, options = getattr(ops, name), OPERATIONS[name][1]
    given = [np.rint(a) for a in arrays(name)]
    parameters = [p for p in inspect.signature(function).parameters if p not in options][: len(given)]
    sizes = {key: value for key, value in options.items() if key in SIZES}
    return Call(
        function,
        {key: value for key, value in options.items() if key not in SIZES},
        sizes,
        images=dict(zip(parameters, given, strict=True)),
    )


#: Public things that take nothing that could be of a wrong kind, or are tried elsewhere.
WITHOUT_ARGUMENTS = {
    "data.FashionMNIST",
    "data.fashion_mnist",
    "data.folder",
    "data.photograph_names",
    "data.squeezenet_weights",
    "networks.efficientnet_b0",
    "networks.lenet5",
    "networks.mobilenet",
    "networks.xception",
}
WITH_A_NAME = {
    "data.photograph_credit",
    "data.stored_result",
    "filters.bank",
    "filters.levels",
    "networks.alexnet",
    "networks.googlenet",
    "networks.resnet50",
    "networks.squeezenet",
}
ELSEWHERE = {
    "filters.Features",
    "geometry.Touched",
    "plots.Described",
    "plots.described",
    "plots.subplots",
    "ops.separable_terms",
}
