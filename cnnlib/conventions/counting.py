"""Counting: multiply-adds or operations, bytes in tens or in twos, fields, parameters, layers, strides."""

import math

from cnnlib import arguments, geometry, networks
from cnnlib.conventions.pair import Example, Pair
from cnnlib.values import choice, listed, number


def flops_of(macs, outputs=0):
    """Floating-point operations in `macs` multiply-adds; the first product of an output without bias adds nothing.

    Parameters
    ----------
    macs : int
        Multiply-adds.
    outputs : int
        Outputs without a bias, whose first product has nothing to be added to.

    Raises
    ------
    TypeError, ValueError
        If an argument is no integer, or negative.

    Examples
    --------
    >>> flops_of(9), flops_of(9, outputs=1)
    (18, 17)
    """
    return 2 * arguments.integer("flops_of", "macs", macs) - arguments.integer("flops_of", "outputs", outputs)


def macs_of(flops, outputs=0):
    """Multiply-adds in `flops` floating-point operations, the inverse of `flops_of`.

    Raises
    ------
    TypeError, ValueError
        If an argument is no integer, or negative, or `flops` is no sum of whole multiply-adds.

    Examples
    --------
    >>> macs_of(17, outputs=1)
    9
    """
    double = arguments.integer("macs_of", "flops", flops) + arguments.integer("macs_of", "outputs", outputs)
    if double % 2:
        raise ValueError(
            f"macs_of: flops={flops} and outputs={outputs} give no whole number of multiply-adds; use other ones"
        )
    return double // 2


def gib_of(gigabytes):
    """Convert gigabytes, of 10^9 bytes, to gibibytes, of 2^30.

    Raises
    ------
    TypeError, ValueError
        If `gigabytes` is no finite number.

    Examples
    --------
    >>> round(gib_of(40), 2)
    37.25
    """
    return number("gib_of", "gigabytes", gigabytes) * 1e9 / 2**30


def gigabytes_of(gib):
    """Convert gibibytes, of 2^30 bytes, to gigabytes, of 10^9.

    Raises
    ------
    TypeError, ValueError
        If `gib` is no finite number.

    Examples
    --------
    >>> gigabytes_of(1)
    1.073741824
    """
    return number("gigabytes_of", "gib", gib) * 2**30 / 1e9


def stored_values(parameters, channels, *, bias=False, batch_norm=None):
    """Count the values that a convolution stores, with a bias or with those of the batch normalisation after it.

    Parameters
    ----------
    parameters : int
        Weights of the kernels.
    channels : int
        Output channels.
    bias : bool
        Whether each channel has a bias.
    batch_norm : {None, "learned", "stored"}
        Two values per channel are learned; four are stored, with the running mean and variance.

    Raises
    ------
    TypeError, ValueError
        If an argument is of another kind, or negative.

    Examples
    --------
    >>> [stored_values(864, 32, batch_norm=which) for which in (None, "learned", "stored")]
    [864, 928, 992]
    """
    if batch_norm is not None:
        choice("stored_values", "batch_norm", batch_norm, ("learned", "stored"))
    parameters = arguments.integer("stored_values", "parameters", parameters)
    channels = arguments.integer("stored_values", "channels", channels)
    each = arguments.flag("stored_values", "bias", bias) + {None: 0, "learned": 2, "stored": 4}[batch_norm]
    return parameters + channels * each


def output_stride(strides):
    """The stride of a stack: the product of the strides in it, each an int or a pair.

    Raises
    ------
    TypeError, ValueError
        If `strides` is no list of integers >= 1, or of pairs of them.

    Examples
    --------
    >>> output_stride([2, 2, 1, 2, (2, 1)])
    (16, 8)
    """
    strides = listed("output_stride", "strides", strides, "a list of strides, one for each layer")
    pairs = [arguments.pair("output_stride", f"strides[{at}]", stride, minimum=1) for at, stride in enumerate(strides)]
    return math.prod(down for down, _ in pairs), math.prod(across for _, across in pairs)


def _operations():
    vgg = networks.vgg()
    says = f"VGG-16: {vgg.macs:,} multiply-adds are {flops_of(vgg.macs) / 1e9:.2f} GFLOP"
    return Example(says, flops_of(vgg.macs), 2 * vgg.macs)


def _bytes():
    says = f"A card of 40 GB holds {gib_of(40):.2f} GiB, a tensor of 40 GiB {gigabytes_of(40):.2f} GB"
    return Example(says, 40e9, gib_of(40) * 1024**3)


def _fields():
    stack = [geometry.Layer(3, dilation=d) for d in (1, 2, 4)]
    field, spans = geometry.receptive_field(stack).size, [geometry.span(3, d) for d in (1, 2, 4)]
    says = f"3 x 3 kernels at dilation 1, 2, 4 span {spans}, and the stack sees {field} pixels a side"
    return Example(says, field, 1 + sum(span - 1 for span in spans))


def _parameters():
    weights = geometry.count_parameters(3, 32, 3, bias=False)
    counts = [stored_values(weights, 32, **how) for how in ({}, {"bias": True}, {"batch_norm": "learned"},
                                                             {"batch_norm": "stored"})]  # fmt: skip
    says = "3 x 3 from 3 to 32 channels: weights, with bias, with batch normalisation learned, stored: " + ", ".join(
        map(str, counts)
    )
    return Example(says, counts[:2], [weights, geometry.count_parameters(3, 32, 3)])


def _layers():
    nodes = networks.vgg().nodes
    learned, pools = (sum(node.kind in kinds for node in nodes) for kinds in (("conv", "dense"), ("pool",)))
    says = f"VGG-16: {learned} layers with weights, {pools} of pooling, {learned + pools} in all"
    return Example(says, learned + pools, len(nodes))


def _strides():
    strides = [2, 2, 2, 2, 1]
    jump = geometry.receptive_field([geometry.Layer(3, stride=stride, padding=1) for stride in strides]).jump
    says = f"Layers with strides {', '.join(map(str, strides))}: no stride is above 2, the output stride is {jump}"
    return Example(says, output_stride(strides)[0], jump)


ERF = ("W. Luo et al., NeurIPS 2016", "https://arxiv.org/abs/1701.04128")

PAIRS = (
    Pair(
        "mac-or-flop", "Multiply-adds or operations",
        "MAC: a product and its addition are one", "FLOP: they are two",
        "FLOP = 2 MAC, less one for each output without a bias.",
        _operations,
        "Many papers write FLOPs and count multiply-adds: MobileNet's 569 million are multiply-adds. FLOPS with a "
        "capital S is a speed, operations per second.",
        {"MobileNet, ResNet, most tables of networks, cnnlib": "MAC", "hardware vendors, profilers of processors":
         "FLOP"},
        (("A. Howard et al., MobileNets, table 8 (\"mult-adds\")", "https://arxiv.org/abs/1704.04861"),),
        flops_of, macs_of,
    ),
    Pair(
        "gb-or-gib", "Gigabytes or gibibytes",
        "GB: 10^9 bytes", "GiB: 2^30 bytes",
        "GiB = GB·10^9 / 2^30, 7% less.",
        _bytes,
        "\"Out of memory\" at 38 of 40: the card was sold in one unit, and the program counts in the other.",
        {"sellers of memory and disks, this book": "GB", "`nvidia-smi` (MiB), torch's messages (GiB)": "GiB"},
        (("NIST, prefixes for binary multiples", "https://physics.nist.gov/cuu/Units/binary.html"),),
        gib_of, gigabytes_of,
    ),
    Pair(
        "three-fields", "Three sizes called the field",
        "the span of one kernel, d(k - 1) + 1", "the receptive field of a stack; its effective receptive field",
        "The field of a stack at stride 1 is 1 plus the sum of (span - 1). The effective field is measured.",
        _fields,
        "\"Effective kernel\" and \"effective receptive field\" are two things. The second is the part of the field "
        "with influence, far smaller in a deep stack.",
        {"documentation of layers": "span", "`geometry.receptive_field`, most lectures": "field of the stack",
         "Luo et al.": "effective field"},
        (ERF,),
        None, None,
    ),
    Pair(
        "parameters-counted", "What counts as a parameter",
        "weights alone", "with biases; with batch normalisation, 2 learned or 4 stored values per channel",
        "Add the output channels once for biases, twice for what batch normalisation learns, four times for what it "
        "stores.",
        _parameters,
        "MobileNet has 4.21 or 4.23 million; both are right. A checkpoint's size counts what is stored.",
        {"torch `parameters()`": "learned", "torch `state_dict()`": "stored, and a counter",
         "Keras `summary()`": "both, as trainable and non-trainable"},
        (("torch.nn.BatchNorm2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html"),),
        stored_values, None,
    ),
    Pair(
        "layer-counting", "How many layers",
        "layers with weights", "every layer; numbered from 1 or from 0",
        "Add the pooling layers, and say where counting begins.",
        _layers,
        "VGG-16's 16 leave out the pooling. The exam's \"layer 3\" and the third entry of a list are two layers.",
        {"names of networks (VGG-16, ResNet-50)": "with weights", "torch `features[k]`": "every module, from 0"},
        (("K. Simonyan, A. Zisserman, ICLR 2015, table 1", "https://arxiv.org/abs/1409.1556"),),
        None, None,
    ),
    Pair(
        "output-stride", "Stride of a layer or of a stack",
        "stride, subsampling factor: of one layer", "output stride, jump: of all layers up to here",
        "The product of the strides so far.",
        _strides,
        "DeepLab's \"output stride 16\" is no layer's stride. Dilation replaces a stride to keep it at 16 or 8.",
        {"arguments of layers": "of one layer", "DeepLab": "output stride", "receptive fields, cnnlib": "jump"},
        (("L.-C. Chen et al., Rethinking atrous convolution, 2017", "https://arxiv.org/abs/1706.05587"),),
        output_stride, None,
    ),
)  # fmt: skip
