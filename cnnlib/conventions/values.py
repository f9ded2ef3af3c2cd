"""Values: momentum, losses, and what becomes of a half and of a negative number; two families of names."""

import numpy as np

from cnnlib import matrices, ops
from cnnlib.arguments import integer
from cnnlib.conventions.kernels import with_holes
from cnnlib.conventions.pair import Example, Pair
from cnnlib.reals import reals
from cnnlib.values import number


def other_momentum(momentum):
    """The weight of the new batch where the weight of the old average is given, and back: 1 - momentum.

    Raises
    ------
    TypeError, ValueError
        If `momentum` is no number from 0 to 1.

    Examples
    --------
    >>> other_momentum(0.75)
    0.25
    """
    momentum = number("other_momentum", "momentum", momentum)
    if not 0 <= momentum <= 1:
        raise ValueError(f"other_momentum: momentum={momentum} is out of range; use a number from 0 to 1")
    return 1 - momentum


def probabilities_of(logits):
    """Scores (..., C) as probabilities that add up to 1.

    Raises
    ------
    TypeError, ValueError
        If `logits` holds no finite numbers.

    Examples
    --------
    >>> probabilities_of(np.log([1, 1, 2])).round(12).tolist()
    [0.25, 0.25, 0.5]
    """
    logits = reals("probabilities_of", "logits", logits, finite=True)
    if not logits.ndim or not logits.size:
        raise ValueError(f"probabilities_of: logits of shape {logits.shape} hold no classes; use (..., C)")
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def logits_of(probabilities):
    """Scores that have these probabilities: their logarithms, which are as good as any others with a constant added.

    Raises
    ------
    TypeError, ValueError
        If `probabilities` holds no finite numbers from 0 to 1.

    Examples
    --------
    >>> logits_of([1, 0.5]).round(3).tolist()
    [0.0, -0.693]
    """
    probabilities = reals("logits_of", "probabilities", probabilities, finite=True)
    outside = probabilities[(probabilities < 0) | (probabilities > 1)]
    if outside.size:
        raise ValueError(f"logits_of: probabilities holds {outside[0]:g}; use numbers from 0 to 1")
    with np.errstate(divide="ignore"):
        return np.log(probabilities)


def half_away(values):
    """Rounded to the nearest integer, halves away from zero, as C and MATLAB do; NumPy's ``rint`` goes to the even one.

    Raises
    ------
    TypeError, ValueError
        If `values` holds no real numbers.

    Examples
    --------
    >>> half_away([0.5, 1.5, 2.5, -2.5]).tolist(), np.rint([0.5, 1.5, 2.5, -2.5]).tolist()
    ([1.0, 2.0, 3.0, -3.0], [0.0, 2.0, 2.0, -2.0])
    """
    values = reals("half_away", "values", values)
    whole = np.trunc(values)
    with np.errstate(invalid="ignore"):  # infinity less itself is no half
        return whole + np.copysign(np.abs(values - whole) >= 0.5, values)


def truncated_quotient(dividend, divisor):
    """A quotient of integers rounded towards zero, as C and ``int(a / b)`` do; Python's ``//`` rounds down.

    Raises
    ------
    TypeError, ValueError
        If an argument is no integer, or `divisor` is 0.

    Examples
    --------
    >>> truncated_quotient(-7, 2), -7 // 2
    (-3, -4)
    """
    dividend = integer("truncated_quotient", "dividend", dividend, None)
    divisor = integer("truncated_quotient", "divisor", divisor, None)
    if divisor == 0:
        raise ValueError("truncated_quotient: divisor=0 divides nothing; use another integer")
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def _momentum():
    batches, keras, torch = (4.0, 2.0, 6.0), 0.0, 0.0
    for batch in batches:
        keras = 0.9 * keras + (1 - 0.9) * batch
        torch = torch + other_momentum(0.9) * (batch - torch)
    return Example(f"Means 4, 2, 6 at Keras's 0.9 and torch's 0.1: the running mean is {keras:.4f}", keras, torch)


def _loss():
    scores, target = np.array([[2.0, 1, 0], [0, 3, -1]]), np.array([0, 2])
    p = probabilities_of(scores)[[0, 1], target]
    right = ops.softmax_cross_entropy(scores, target)
    says = f"Two pictures, true classes at {p[0]:.4f} and {p[1]:.4f}: mean {right:.4f}, sum {2 * right:.4f}"
    return Example(says, -np.log(p).mean(), right)


def _halves():
    values = np.array([0.5, 1.5, 2.5, -2.5])
    away = [int(v) for v in half_away(values)]
    says = f"0.5, 1.5, 2.5, -2.5: to even {[round(float(v)) for v in values]}, away from zero {away}"
    return Example(says, away, np.sign(values) * np.floor(np.abs(values) + 0.5))


def _negatives():
    pairs = [(-7, 2), (7, -2), (-1, 3), (7, 2)]
    says = f"-7 / 2: floor {-7 // 2}, truncated {truncated_quotient(-7, 2)}; the remainders are {-7 % 2} and -1"
    return Example(says, [truncated_quotient(a, b) for a, b in pairs], [int(a / b) for a, b in pairs])


def _adjoint():
    w = np.array([[[[1.0, 2, 0], [0, 3, 1], [1, 0, 1]]]])
    forward = matrices.matrix_of(lambda x: ops.conv2d(x, w, stride=2), (1, 5, 5))
    back = matrices.matrix_of(lambda x: ops.conv_transpose2d(x, w, stride=2), (1, 2, 2))
    gap = np.abs(back @ forward - np.eye(25)).max()
    says = f"The matrix of a 3 x 3 convolution at stride 2, transposed; it is no inverse, {gap:g} off the identity"
    return Example(says, forward.T, back)


def _cascade():
    low, signal = np.array([1.0, 2, 1]) / 4, np.array([0.0, 0, 0, 0, 1, 0, 0, 0, 0])
    second = with_holes(low[None], (1, 2))[0]
    both = np.convolve(np.convolve(signal, low, "same"), second, "same")
    alone = np.convolve(signal, second, "same")
    says = f"A spike under 1 2 1 / 4 and then the same with holes: 16 times {[int(v) for v in 16 * both]}; the second "
    says += f"alone leaves out every other pixel, {[int(v) for v in 16 * alone]}"
    return Example(says, both[1:8], np.convolve(low, second))


PAIRS = (
    Pair(
        "batch-norm-momentum", "Momentum of batch normalisation",
        "weight of the old average, 0.99 or 0.9", "weight of the new batch, 0.1",
        "m' = 1 - m.",
        _momentum,
        "0.9 taken over as it is lets the last batch make up nine tenths of the average. The small number under the "
        "root differs too: 1e-5 in torch and ONNX, 1e-3 in Keras, which shows in channels of small variance.",
        {"Keras (default 0.99), ONNX (0.9)": "old average", "torch (0.1)": "new batch"},
        (("torch.nn.BatchNorm2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html"),
         ("Keras BatchNormalization", "https://keras.io/api/layers/normalization_layers/batch_normalization/"),
         ("ONNX BatchNormalization", "https://onnx.ai/onnx/operators/onnx__BatchNormalization.html")),
        other_momentum, other_momentum,
    ),
    Pair(
        "cross-entropy", "Cross-entropy",
        "of scores (logits)", "of probabilities",
        "Probabilities are the softmax of scores; scores are the logarithms of probabilities. The sum is N times the "
        "mean.",
        _loss,
        "A softmax before a loss that has one inside still trains, badly: no error is raised.",
        {"torch `cross_entropy`, cnnlib": "scores, mean", "Keras `CategoricalCrossentropy`":
         "probabilities, unless `from_logits=True`; mean"},
        (("torch.nn.CrossEntropyLoss",
          "https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html"),
         ("Keras, probabilistic losses", "https://keras.io/api/losses/probabilistic_losses/")),
        probabilities_of, logits_of,
    ),
    Pair(
        "rounding", "Rounding a half",
        "to the even neighbour", "away from zero",
        "They differ only at exact halves: `half_away(x)` against `np.rint(x)`.",
        _halves,
        "Coordinates at half a pixel are exact halves: rounding to even picks the left pixel here and the right one "
        "there.",
        {"Python, NumPy, torch, C `rint`": "to even", "C `round`, MATLAB `round`": "away from zero"},
        (("round(3)", "https://man7.org/linux/man-pages/man3/round.3.html"),
         ("numpy.rint", "https://numpy.org/doc/stable/reference/generated/numpy.rint.html")),
        half_away, None,
    ),
    Pair(
        "floor-or-truncate", "Division of negative numbers",
        "floor: down", "truncation: towards zero",
        "They differ by 1 where the quotient is negative and not whole.",
        _negatives,
        "An offset of -0.3 lies in pixel -1, outside the image; `int(-0.3)` is 0, inside. Remainders follow: -7 % 2 "
        "is 1 in Python and -1 in C.",
        {"Python `//`, NumPy, torch `rounding_mode='floor'`": "floor", "C, `int()`, torch `'trunc'`": "truncation",
         "MATLAB `fix`, `idivide`": "truncation by default"},
        (("torch.div", "https://docs.pytorch.org/docs/stable/generated/torch.div.html"),
         ("MATLAB, remembered", "")),
        truncated_quotient, None,
    ),
    Pair(
        "names-of-transposed", "One layer, five names",
        "transposed, fractionally strided, backward or up-convolution", "deconvolution",
        "One operation, the adjoint of a convolution. In signal processing deconvolution is the inverse.",
        _adjoint,
        "The transposed layer restores the size, not the picture.",
        {"torch, Keras, ONNX": "transposed", "Caffe, early papers": "deconvolution", "signal processing":
         "deconvolution is the inverse"},
        (("V. Dumoulin, F. Visin, chapter 4", "https://arxiv.org/abs/1603.07285"),
         ("MATLAB transposedConv2dLayer: \"does not perform deconvolution\"",
          "https://www.mathworks.com/help/deeplearning/ref/transposedconv2dlayer.html")),
        None, None,
    ),
    Pair(
        "atrous", "With holes: a layer or an algorithm",
        "atrous (dilated) convolution: one filter with holes", "the à trous algorithm: a low-pass, level by level",
        "The algorithm filters with a low-pass at each level before the next, wider one.",
        _cascade,
        "A dilated layer alone reads every other pixel and is no low-pass: that is the grid of chapter 9. The "
        "algorithm has seen the pixels between, a level below.",
        {"DeepLab, TensorFlow (`atrous_conv2d`), torch (`dilation`)": "one filter", "wavelets": "the whole cascade"},
        (("The à trous algorithm, after Holschneider et al. and Shensa",
          "http://www.eso.org/sci/software/esomidas/doc/user/98NOV/volb/node317.html"),
         ("F. Yu, V. Koltun, ICLR 2016", "https://arxiv.org/abs/1511.07122")),
        with_holes, None,
    ),
)  # fmt: skip
