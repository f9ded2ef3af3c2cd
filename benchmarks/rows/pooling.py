"""Pooling, blurring and resizing."""

from torch.nn import functional as F

from cnnlib import layers

from . import scipys
from .case import Case, normal

BIG, MIDDLE, SMALL = normal((1, 64, 112, 112)), normal((1, 64, 56, 56)), normal((1, 4, 16, 16))
TWO, THREE = dict(kernel_size=2), dict(kernel_size=3, stride=2, padding=1)
DOUBLE = dict(scale_factor=2)


def max2(x):
    return F.max_pool2d(x, 2)


def max3(x):
    return F.max_pool2d(x, 3, 2, 1)


def average2(x):
    return F.avg_pool2d(x, 2)


def average3(x):
    return F.avg_pool2d(x, 3, 2, 1)


def global_max(x):
    return F.adaptive_max_pool2d(x, 1)[:, :, 0, 0]


def global_average(x):
    return F.adaptive_avg_pool2d(x, 1)[:, :, 0, 0]


def nearest(x):
    return F.interpolate(x, scale_factor=2)


def bilinear(x):
    return F.interpolate(x, scale_factor=2, mode="bilinear")


blur = layers.BlurPool2d()

CASES = [
    Case("max_pool2d", "2x2, 64, 112", BIG, max2, TWO, scipy=scipys.maximum_side_by_side),
    Case("max_pool2d", "3x3 s2, 64, 112", BIG, max3, THREE, scipy=scipys.maximum_overlapping),
    Case("max_pool2d", "small 2x2, 4, 16", SMALL, max2, TWO, scipy=scipys.maximum_side_by_side, loops=True),
    Case("avg_pool2d", "2x2, 64, 112", BIG, average2, TWO, scipy=scipys.average_side_by_side),
    Case("avg_pool2d", "3x3 s2, 64, 112", BIG, average3, THREE, scipy=scipys.average_overlapping),
    Case("avg_pool2d", "small 2x2, 4, 16", SMALL, average2, TWO, scipy=scipys.average_side_by_side, loops=True),
    Case("global_max_pool2d", "64, 112", BIG, global_max),
    Case("global_max_pool2d", "small 4, 16", SMALL, global_max, loops=True),
    Case("global_avg_pool2d", "64, 112", BIG, global_average),
    Case("global_avg_pool2d", "small 4, 16", SMALL, global_average, loops=True),
    Case("blur_pool2d", "3 s2, 64, 112", BIG, blur, scipy=scipys.blur),
    Case("blur_pool2d", "small 3 s2, 4, 16", SMALL, blur, scipy=scipys.blur, loops=True),
    Case("resize_nearest2d", "x2, 64, 56", MIDDLE, nearest, DOUBLE, scipy=scipys.zoom(0)),
    Case("resize_nearest2d", "small x2, 4, 16", SMALL, nearest, DOUBLE, scipy=scipys.zoom(0), loops=True),
    Case("resize_bilinear2d", "x2, 64, 56", MIDDLE, bilinear, DOUBLE, scipy=scipys.zoom(1)),
    Case("resize_bilinear2d", "small x2, 4, 16", SMALL, bilinear, DOUBLE, scipy=scipys.zoom(1), loops=True),
]
