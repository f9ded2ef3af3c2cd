"""Calls of everything in `cnnlib.conventions`, which converts, in `cnnlib.quantisation` and in `cnnlib.exam`."""

import numpy as np

from cnnlib import conventions, exam, quantisation
from tests.edges.counts import Call

ROWS = np.arange(12).reshape(4, 3) % 5
OFFSET = np.arange(24).reshape(1, 8, 1, 3) % 7
KERNEL = np.arange(24).reshape(4, 1, 2, 3) % 11

CONVERSIONS = {
    "conventions.border_of_cut": Call(conventions.border_of_cut, sizes=dict(cut=100, kernel_size=90, dilation=3)),
    "conventions.caffe_pixels": Call(conventions.caffe_pixels, images=dict(images=np.ones((1, 3, 2, 2)))),
    "conventions.channels_first": Call(conventions.channels_first, sizes=dict(channels=2), images=dict(columns=ROWS)),
    "conventions.dense_weights": Call(
        conventions.dense_weights,
        dict(shape=(2, 2, 3)),
        flags=dict(back=True),
        images=dict(weights=KERNEL.reshape(2, 12)),
    ),
    "conventions.depth_to_space_channels": Call(
        conventions.depth_to_space_channels, sizes=dict(factor=2), images=dict(x=OFFSET)
    ),
    "conventions.depthwise_kernel": Call(
        conventions.depthwise_kernel, sizes=dict(channels=2), images=dict(kernel=KERNEL)
    ),
    "conventions.dilation_of": Call(conventions.dilation_of, sizes=dict(holes=100)),
    "conventions.exchanged_offsets": Call(conventions.exchanged_offsets, images=dict(offset=OFFSET)),
    "conventions.flipped": Call(conventions.flipped, images=dict(kernel=KERNEL)),
    "conventions.flops_of": Call(conventions.flops_of, sizes=dict(macs=100, outputs=90)),
    "conventions.gib_of": Call(conventions.gib_of, numbers=dict(gigabytes=40)),
    "conventions.gigabytes_of": Call(conventions.gigabytes_of, numbers=dict(gib=40)),
    "conventions.grid_of": Call(
        conventions.grid_of, sizes=dict(size=(100, 90)), flags=dict(align_corners=True), images=dict(points=ROWS[:, :2])
    ),
    "conventions.grouped_kernel": Call(conventions.grouped_kernel, images=dict(kernel=KERNEL)),
    "conventions.half_away": Call(conventions.half_away, images=dict(values=ROWS)),
    "conventions.holes_of": Call(conventions.holes_of, sizes=dict(dilation=100)),
    "conventions.interleaved_offsets": Call(conventions.interleaved_offsets, images=dict(offset=OFFSET)),
    "conventions.logits_of": Call(
        conventions.logits_of, images=dict(probabilities=np.array([[0, 1], [1, 1]])), nan="refused"
    ),
    "conventions.macs_of": Call(conventions.macs_of, sizes=dict(flops=100, outputs=90)),
    "conventions.other_momentum": Call(conventions.other_momentum, numbers=dict(momentum=0.25)),
    "conventions.output_padding_for": Call(
        conventions.output_padding_for,
        sizes=dict(output_size=100, size=50, kernel_size=3, stride=2, padding=1, dilation=1),
    ),
    "conventions.output_sizes": Call(
        conventions.output_sizes, sizes=dict(size=100, kernel_size=90, stride=3, padding=5)
    ),
    "conventions.output_stride": Call(conventions.output_stride, dict(strides=[2, (100, 3)])),
    "conventions.padding_from": Call(conventions.padding_from, dict(notation="onnx", padding=[1, 0, 2, 3])),
    "conventions.padding_to": Call(conventions.padding_to, dict(notation="torch"), sizes=dict(padding=(100, 90))),
    "conventions.pixel_shuffle_channels": Call(
        conventions.pixel_shuffle_channels, sizes=dict(factor=2), images=dict(x=OFFSET)
    ),
    "conventions.points_of": Call(
        conventions.points_of, sizes=dict(size=(100, 90)), flags=dict(align_corners=True), images=dict(grid=ROWS[:, :2])
    ),
    "conventions.positions_read": Call(
        conventions.positions_read, dict(mode="asymmetric"), sizes=dict(size=100, new_size=90)
    ),
    "conventions.probabilities_of": Call(conventions.probabilities_of, images=dict(logits=ROWS), nan="refused"),
    "conventions.relaid": Call(conventions.relaid, dict(source="HW", target="WH"), images=dict(array=ROWS)),
    "conventions.rgb_pixels": Call(conventions.rgb_pixels, images=dict(images=np.ones((1, 3, 2, 2)))),
    "conventions.same_sides": Call(
        conventions.same_sides,
        dict(rule="keras"),
        sizes=dict(size=(100, 90), kernel_size=(100, 3), stride=(2, 3), dilation=2),
    ),
    "conventions.screen_angle": Call(conventions.screen_angle, numbers=dict(angle=30)),
    "conventions.stored_values": Call(
        conventions.stored_values,
        dict(batch_norm="stored"),
        sizes=dict(parameters=100, channels=90),
        flags=dict(bias=True),
    ),
    "conventions.taps_first": Call(conventions.taps_first, sizes=dict(channels=2), images=dict(columns=ROWS)),
    "conventions.truncated_quotient": Call(conventions.truncated_quotient, sizes=dict(dividend=100, divisor=7)),
    "conventions.with_holes": Call(conventions.with_holes, sizes=dict(dilation=(2, 3)), images=dict(kernel=KERNEL)),
    "exam.paper": Call(exam.paper, dict(parts=["4a"]), sizes=dict(seed=7, marks=2)),
    "quantisation.dequantise": Call(quantisation.dequantise, images=dict(levels=ROWS, factors=np.array([1, 2, 3, 4]))),
    "quantisation.quantise": Call(quantisation.quantise, sizes=dict(bits=8), images=dict(weight=ROWS), nan="refused"),
}
