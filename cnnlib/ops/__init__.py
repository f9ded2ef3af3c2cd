"""The book's operations, in NumPy, each with an explicit backward.

Images are ``(N, C, H, W)``; indices are ``[row, column]``; names, defaults and
layouts are torch's. Arrays are positional, options are keywords. ``NAME_backward(dy,
...)`` takes the upstream gradient and what the forward took, and returns the
gradients in the order of the inputs, a bare array where there is one input. Inputs
are never modified. A ``NAME_plain`` is the definition, to read beside the fast form.

float32 and float64 stay as they are, float16 becomes float32, integers become float64. Tensors of
torch are read if they do not require grad; masked arrays are refused where something is masked.
How many windows fit, and with which padding, is counted by `cnnlib.geometry`.

NaN and infinity pass through as in torch. Where infinity meets a zero or its opposite, NumPy
warns of an invalid value and torch does not; ``np.errstate(invalid="ignore")`` is silence.

In the examples, ``np`` is NumPy.
"""

from cnnlib.ops.avg_pooling import avg_pool2d, avg_pool2d_backward, avg_pool2d_plain
from cnnlib.ops.batch_norm import batch_norm, batch_norm_backward
from cnnlib.ops.blas import fill_buffer as _fill_buffer
from cnnlib.ops.blur import blur_pool2d, blur_pool2d_backward, blur_pool2d_plain
from cnnlib.ops.conv import conv2d, conv2d_plain
from cnnlib.ops.conv1d import conv1d, conv1d_backward
from cnnlib.ops.conv_gradients import conv2d_backward, conv2d_backward_plain
from cnnlib.ops.cross_entropy import softmax_cross_entropy, softmax_cross_entropy_backward
from cnnlib.ops.deformable import deform_conv2d, deform_conv2d_backward, deform_conv2d_plain
from cnnlib.ops.dense import linear, linear_backward, relu, relu_backward
from cnnlib.ops.depthwise_separable import depthwise_separable_conv2d, depthwise_separable_conv2d_backward
from cnnlib.ops.global_pooling import (
    global_avg_pool2d,
    global_avg_pool2d_backward,
    global_max_pool2d,
    global_max_pool2d_backward,
)
from cnnlib.ops.max_pooling import max_pool2d, max_pool2d_backward, max_pool2d_plain
from cnnlib.ops.resize import (
    resize_bilinear2d,
    resize_bilinear2d_backward,
    resize_nearest2d,
    resize_nearest2d_backward,
)
from cnnlib.ops.rounded import rounded_sample, rounded_sample_backward
from cnnlib.ops.sampling import bilinear_sample, bilinear_sample_backward, bilinear_sample_plain
from cnnlib.ops.sampling_points import sampling_points
from cnnlib.ops.separable import (
    SeparableTerms,
    separable_conv2d,
    separable_conv2d_backward,
    separable_terms,
)
from cnnlib.ops.tiled import tiled_conv2d, tiled_conv2d_backward, tiled_conv2d_plain
from cnnlib.ops.transposed import conv_transpose2d, conv_transpose2d_backward, conv_transpose2d_plain
from cnnlib.ops.unfold import fold, fold_backward, unfold, unfold_backward
from cnnlib.ops.unshared import local_conv2d, local_conv2d_backward, local_conv2d_plain
from cnnlib.ops.upsampling import UPSAMPLINGS, upsample2x, upsample2x_backward

__all__ = [
    "UPSAMPLINGS",
    "SeparableTerms",
    "avg_pool2d",
    "avg_pool2d_backward",
    "avg_pool2d_plain",
    "batch_norm",
    "batch_norm_backward",
    "bilinear_sample",
    "bilinear_sample_backward",
    "bilinear_sample_plain",
    "blur_pool2d",
    "blur_pool2d_backward",
    "blur_pool2d_plain",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv2d_backward_plain",
    "conv2d_plain",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "conv_transpose2d_plain",
    "deform_conv2d",
    "deform_conv2d_backward",
    "deform_conv2d_plain",
    "depthwise_separable_conv2d",
    "depthwise_separable_conv2d_backward",
    "fold",
    "fold_backward",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_max_pool2d",
    "global_max_pool2d_backward",
    "linear",
    "linear_backward",
    "local_conv2d",
    "local_conv2d_backward",
    "local_conv2d_plain",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool2d_plain",
    "relu",
    "relu_backward",
    "resize_bilinear2d",
    "resize_bilinear2d_backward",
    "resize_nearest2d",
    "resize_nearest2d_backward",
    "rounded_sample",
    "rounded_sample_backward",
    "sampling_points",
    "separable_conv2d",
    "separable_conv2d_backward",
    "separable_terms",
    "softmax_cross_entropy",
    "softmax_cross_entropy_backward",
    "tiled_conv2d",
    "tiled_conv2d_backward",
    "tiled_conv2d_plain",
    "unfold",
    "unfold_backward",
    "upsample2x",
    "upsample2x_backward",
]

_fill_buffer()
