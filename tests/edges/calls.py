"""A call of every public function outside of the explorers, and what each of its arguments is.

The sizes are such that a product of two of them leaves eight bits, and some leave sixteen.
"""

import inspect

import numpy as np

from cnnlib import (
    data,
    equivariance,
    filters,
    kernels,
    matrices,
    mosaics,
    ops,
    plots,
    registration,
    retina,
    scenes,
    spectrum,
    squeezenet,
    tables,
    transforms,
)
from tests.edges.conversions import CONVERSIONS
from tests.edges.counts import COUNTS, NAMED, Call
from tests.edges.sampling import SAMPLING
from tests.ops.test_every_operation import OPERATIONS, arrays

IMAGE = np.arange(40).reshape(5, 8) % 7
BANK = np.arange(54).reshape(2, 3, 3, 3) % 11
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


def looks(image):
    return EYE.look(image)


def repaints(seen):
    return EYE.repaint(seen)


CALLS = COUNTS | {
    "registration.window_error": Call(
        registration.window_error,
        dict(shift=(0.5, 1), corner=(1, 2)),
        images=dict(image=IMAGE, target=IMAGE[:2, :3]),
        nan="refused",
    ),
    "registration.find_shift": Call(
        registration.find_shift,
        dict(corner=(1, 2)),
        sizes=dict(steps=3),
        numbers=dict(rate=0.5),
        images=dict(image=IMAGE, target=IMAGE[:2, :3]),
        nan="refused",
    ),
    "squeezenet.centre_square": Call(
        squeezenet.centre_square, sizes=dict(side=3), images=dict(photograph=IMAGE), nan="refused"
    ),
    "squeezenet.maps": Call(squeezenet.maps, images=dict(images=np.ones((1, 3, 40, 40)))),
    "squeezenet.pixels": Call(squeezenet.pixels, images=dict(images=np.ones((1, 3, 4, 4)))),
    "squeezenet.responses": Call(
        squeezenet.responses,
        sizes=dict(dilated=1),
        images=dict(images=np.ones((1, 3, 40, 40))),
    ),
    "squeezenet.scores": Call(
        squeezenet.scores,
        sizes=dict(dilated=1),
        images=dict(images=np.ones((1, 3, 40, 40))),
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
    "equivariance.equivariance_error": Call(
        equivariance.equivariance_error,
        dict(f=maps, transform=transforms.Shift(2)),
        sizes=dict(stride=2, border=1),
        images=dict(x=IMAGE),
    ),
    "equivariance.invariance_error": Call(
        equivariance.invariance_error, dict(f=same, transform=transforms.Shift(1)), images=dict(x=IMAGE)
    ),
    "transforms.Flip": Call(applied(transforms.Flip), images=dict(x=IMAGE)),
    "transforms.FractionalShift": Call(
        applied(transforms.FractionalShift), numbers=dict(offset=1.5), images=dict(x=IMAGE)
    ),
    "transforms.QuarterTurn": Call(applied(transforms.QuarterTurn), sizes=dict(turns=101), images=dict(x=IMAGE)),
    "transforms.Shift": Call(
        applied(transforms.Shift), dict(boundary="circular"), sizes=dict(offset=(2, 100)), images=dict(x=IMAGE)
    ),
    "transforms.Zoom": Call(applied(transforms.Zoom), numbers=dict(factor=1.5), images=dict(x=IMAGE)),
    "matrices.matrix_of": Call(matrices.matrix_of, dict(operation=np.negative), sizes=dict(shape=(2, 3))),
    **{
        f"kernels.{name}": Call(getattr(kernels, name), sizes=dict(size=15))
        for name in ("box", "gaussian", "identity", "laplacian", "sharpen")
    },
    **{
        f"kernels.{name}": Call(getattr(kernels, name), sizes=dict(size=15), numbers=dict(angle=30))
        for name in ("gabor", "prewitt", "quadrature", "sobel")
    },
    "kernels.named": Call(kernels.named, dict(name="gabor"), sizes=dict(size=15), numbers=dict(angle=30)),
    "retina.Retina": Call(looks, images=dict(image=IMAGE), nan="refused", name=r"Retina\.look"),
    "retina.Retina.repaint": Call(repaints, images=dict(seen=np.arange(6)), name=r"Retina\.repaint"),
    "retina.even": Call(retina.even, sizes=dict(size=(100, 90), samples=100)),
    "retina.log_polar": Call(
        retina.log_polar, sizes=dict(size=(100, 90), fixation=(80, 3), rings=10, rays=20), numbers=dict(core=4.5)
    ),
    "mosaics.kernels": Call(mosaics.kernels, dict(name="tiled"), sizes=dict(kernel_size=3)),
    "mosaics.mosaic": Call(mosaics.mosaic, images=dict(image=np.arange(60).reshape(4, 5, 3) % 7), nan="refused"),
    "mosaics.psnr": Call(mosaics.psnr, images=dict(image=IMAGE % 2, reference=IMAGE[::-1] % 2), nan="refused"),
    "data.area_resize": Call(data.area_resize, sizes=dict(size=(3, 4)), images=dict(image=IMAGE), nan="refused"),
    "data.photograph": Call(data.photograph, NAMED | {"name": "cow"}, sizes=dict(side=100), flags=dict(grey=True)),
    "data.sheep_mask": Call(data.sheep_mask, sizes=dict(side=100)),
    "filters.power": Call(filters.power, images=dict(weights=BANK), nan="refused"),
    "filters.features": Call(filters.features, images=dict(weights=BANK), nan="refused"),
    "filters.sparseness": Call(filters.sparseness, images=dict(responses=IMAGE), nan="refused"),
    "filters.similarity": Call(filters.similarity, images=dict(first=BANK, second=BANK[::-1]), nan="refused"),
    "filters.match": Call(filters.match, images=dict(first=BANK, second=BANK[::-1]), nan="refused"),
    "ops.separable_terms": Call(ops.separable_terms, images=dict(kernel=BANK[0, 0]), nan="refused"),
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
CALLS |= CONVERSIONS | SAMPLING

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
    "data.imagenet_classes",
    "data.photograph_names",
    "data.squeezenet_int8",
    "data.squeezenet_weights",
    "networks.efficientnet_b0",
    "networks.lenet5",
    "networks.mobilenet",
    "networks.xception",
    "squeezenet.int8_weights",
    "exam.claims",
    "exam.parts",
    "sheep.finder_weights",
    "sheep.stored_offsets",
}
#: Take a name and nothing else of which a wrong kind would run: `test_names_are_text` tries those.
WITH_A_NAME = {
    "data.stored_result",
    "filters.bank",
    "filters.levels",
    "networks.alexnet",
    "networks.googlenet",
    "networks.resnet50",
    "networks.squeezenet",
    "conventions.pair",
    "conventions.sheet",
    "exam.check",
    "exam.claim",
}
#: What is tried in another place, or holds what others made, and why.
MADE = "is made by a function, which is tried, and checks nothing itself"
ELSEWHERE = {
    **dict.fromkeys(
        [
            "registration.Descent", "conventions.Example", "conventions.Pair", "conventions.Sheet", "exam.Claim",
            "exam.Paper", "exam.Part", "exam.Source", "sheep.Found", "sheep.SheepScenes", "sheep.StoredOffsets",
            "sheep.Structure", "filters.Features", "geometry.Touched", "plots.Described",
        ],
        MADE,
    ),
    "plots.described": "a figure and a sentence: tests/test_plots.py",
    "plots.subplots": "gives a new figure each time, which equals no other: tests/test_plots.py, test_refusals.py",
    "squeezenet_gradient.differentiate": "gives a function as well: tests/test_squeezenet_gradient.py",
}  # fmt: skip
