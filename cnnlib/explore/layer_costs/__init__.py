"""What a layer costs when it is dense, locally connected or shared, against the side of the image."""

from cnnlib import geometry, networks
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import Choice, Flag, Whole, whole
from cnnlib.values import choice

QUANTITIES = ("parameters", "memory", "multiply-adds", "outputs")
#: Bytes of a number.
DTYPES = {"float32": 4, "float16": 2, "float64": 8}
#: Optimiser to what it is called, and the values that it keeps for each parameter.
OPTIMIZERS = {
    "adam": ("Adam", 2),
    "momentum": ("SGD with momentum", 1),
    "sgd": ("plain SGD", 0),
    "none": ("weights only", None),
}
KINDS = ("dense", "local", "shared")
#: Parameters that only some quantities depend on.
CONCERNED = {
    "bias": ("parameters", "memory"),
    "dtype": ("memory", "outputs"),
    "optimizer": ("memory",),
    "batch_size": ("multiply-adds", "outputs"),
}


class LayerCosts(Explorer):
    """Three kinds of layer on a square image, and what each of them costs.

    A dense layer joins every unit to every value of the image. A locally connected one has filters that look through
    a window, with weights of their own at every position; a shared one, a convolution, has the same filters everywhere.
    Both keep the size of the image (stride 1, padding (kernel_size - 1) / 2). All numbers are exact integers.

    Parameters
    ----------
    quantity : {"parameters", "memory", "multiply-adds", "outputs"}
        What is counted: parameters; bytes to train them; multiply-adds in the forward pass of a batch; bytes of the
        outputs of a batch.
    side : int
        Pixels along each side of the image, 8 to 4096.
    channels : int
        Channels of the image, 1 to 1024.
    units : int or None
        Units of the dense layer, 1 to 100,000; None gives it as many as the other two layers have outputs.
    filters : int
        Output channels of the other two layers, 1 to 1024.
    kernel_size : int
        Side of the window, odd, 1 to 15.
    bias : bool
        Whether each unit, each position of each filter, or each filter adds a bias of its own.
    dtype : {"float32", "float16", "float64"}
        What every number is stored as.
    optimizer : {"adam", "momentum", "sgd", "none"}
        For the memory: weights, gradients and the state of this optimiser; "none" counts the weights alone.
    batch_size : int
        Images at a time, 1 to 1024. Parameters and their memory do not depend on it.

    Raises
    ------
    ValueError
        For a value out of range, or an even kernel_size.

    Examples
    --------
    >>> explorer = LayerCosts(side=1000, units=10_000, bias=False)
    >>> explorer.costs
    {'dense': 10000000000, 'local': 144000000, 'shared': 144}
    >>> LayerCosts(quantity="memory", bias=False).costs["dense"] // 10**9
    160
    """

    constants = {"LANDMARKS": lambda: landmarks(), "OPTIMIZERS": OPTIMIZERS, "DTYPES": DTYPES}

    quantity = Choice(QUANTITIES)
    side = Whole(8, 4096, 1000)
    channels = Whole(1, 1024, 1)
    units = Whole(1, 100_000, 10_000, allow_none=True)
    filters = Whole(1, 1024, 16)
    kernel_size = Whole(1, 15, 3)
    bias = Flag(True)
    dtype = Choice(DTYPES)
    optimizer = Choice(OPTIMIZERS)
    batch_size = Whole(1, 1024, 1)

    def misfit(self, state):
        if state.kernel_size % 2:
            return None
        return (
            f"kernel_size={state.kernel_size} is even, and no equal padding keeps the size of the image; "
            f"use {state.kernel_size - 1} or {state.kernel_size + 1}"
        )

    def hidden(self):
        return {name for name, quantities in CONCERNED.items() if self.quantity not in quantities}

    def count(self, kind, side=None):
        """Parameters, multiply-adds for one image, and outputs for one image of one kind of layer.

        Parameters
        ----------
        kind : {"dense", "local", "shared"}
            Which layer.
        side : int, optional
            Side of the image; default that of the explorer.

        Returns
        -------
        tuple of int
            ``(parameters, macs, outputs)``
        """
        choice("LayerCosts.count", "kind", kind, KINDS)
        size = self.side if side is None else whole("LayerCosts.count: side", side, 8, 4096)
        channels, filters, kernel_size = self.channels, self.filters, self.kernel_size
        outputs = geometry.count_activations(filters, size)
        if kind == "dense":
            outputs = self.units or outputs
            inputs = geometry.count_activations(channels, size)
            parameters = geometry.count_parameters(inputs, outputs, bias=self.bias)
            return parameters, geometry.count_macs(inputs, outputs), outputs
        positions = size if kind == "local" else 1
        parameters = geometry.count_parameters(channels, filters, kernel_size, bias=self.bias, positions=positions)
        return parameters, geometry.count_macs(channels, filters, kernel_size, size), outputs

    def cost(self, kind, side=None):
        """The quantity that is shown, of one kind of layer at one side, as an integer."""
        parameters, macs, outputs = self.count(kind, side)
        if self.quantity == "parameters":
            return parameters
        if self.quantity == "memory":
            optimizer = None if self.optimizer == "none" else self.optimizer
            return geometry.memory_bytes(parameters, dtype=self.dtype, optimizer=optimizer).total
        if self.quantity == "multiply-adds":
            return macs * self.batch_size
        return geometry.activation_bytes(outputs, dtype=self.dtype, batch_size=self.batch_size)

    @property
    def costs(self) -> dict[str, int]:
        """The quantity that is shown, of each kind of layer."""
        return {kind: self.cost(kind) for kind in KINDS}

    def _what(self):
        if self.quantity == "parameters":
            return "parameters"
        if self.quantity == "memory":
            name = OPTIMIZERS[self.optimizer][0]
            return "bytes of weights" if self.optimizer == "none" else f"bytes to train with {name}"
        images = "one image" if self.batch_size == 1 else f"{self.batch_size:,} images"
        return f"multiply-adds for {images}" if self.quantity == "multiply-adds" else f"bytes of outputs for {images}"

    def result(self):
        dense, local, shared = (f"{cost:,}" for cost in self.costs.values())
        return f"Side {self.side:,}, {self._what()}: dense {dense}; locally connected {local}; shared {shared}."

    def figure(self):
        from cnnlib import plots

        figure, ax = plots.subplots(height=3.2)
        sides = [8 * 2 ** (k / 4) for k in range(37)]
        looks = {"dense": (plots.BLUE, "-"), "local": (plots.ORANGE, "--"), "shared": (plots.GREEN, ":")}
        for kind, (colour, style) in looks.items():
            ax.loglog([round(s) for s in sides], [float(self.cost(kind, round(s))) for s in sides], style, color=colour)
            ax.plot(self.side, float(self.cost(kind)), "o", color=colour)
            name = "locally connected" if kind == "local" else kind
            same = kind == "shared" and self.cost(kind, 4096) == self.cost("local", 4096)
            at = (4, -11 if same else 0)  # below the other name, if the curves are one
            ax.annotate(name, (4096, float(self.cost(kind, 4096))), at, textcoords="offset points", color=colour)
        for k, (name, value) in enumerate(landmarks()[self.quantity].items()):
            ax.axhline(value, color=plots.GREY, linestyle=":", linewidth=1, zorder=0)
            ax.text(8 * 4**k, value, name, color=plots.GREY, va="center", bbox=PLATE, zorder=1)
        ax.set(xlabel="image side, pixels", ylabel=self._what(), title=f"side {self.side:,}")
        return figure


PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # so that a line does not go through its name


def landmarks():
    """Values to compare with, by quantity: networks counted by `cnnlib.networks`, and the memory of graphics cards."""
    alexnet, vgg = networks.alexnet(), networks.vgg()
    cards = {"3 GiB card": 3 * 2**30, "24 GiB card": 24 * 2**30, "80 GiB card": 80 * 2**30}
    return {
        "parameters": {"AlexNet": alexnet.parameters, "VGG-16": vgg.parameters},
        "memory": cards,
        "multiply-adds": {"AlexNet, one image": alexnet.macs, "VGG-16, one image": vgg.macs},
        "outputs": cards,
    }
