"""One layer as a matrix, ``y = A x``: dense, local, or local with weights shared by all outputs or by some."""

import numpy as np

from cnnlib import geometry, ops
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.grids import framed, pixels
from cnnlib.explore.base.traits import Choice, Matrix, Pair, Whole
from cnnlib.explore.base.windows import misfit
from cnnlib.matrices import matrix_of

CONNECTIONS = ("shared", "tiled", "local", "dense")
MOST = 100  # rows of the largest matrix: 2-D, size 6, kernel 1, padding 2


class LayerAsMatrix(Explorer):
    """The matrix of a small layer, its zeros and its repetitions, with all its values.

    Parameters
    ----------
    dimensions : int
        1 for a line of pixels, 2 for an image.
    connection : str
        ``"shared"``: a convolution. ``"tiled"``: the same windows, with kernels that take turns. ``"local"``: the same
        windows, weights of their own in each. ``"dense"``: every output reads every pixel.
    period : int
        After how many outputs, along each axis, the kernels of a tiled layer repeat, 1 to 6.
    length : int
        Pixels of the line, 2 to 16. Used in 1-D.
    size : int or (int, int)
        Height and width of the image, 2 to 6. Used in 2-D.
    kernel_size, stride, padding, dilation : int
        As in torch: 1 to 5, 1 to 4, 0 to 2 per side, 1 to 3. A dense layer has as many outputs as the other two.
    row : int
        The output, and so the row of the matrix, whose equation is written out. Where there are fewer, it is the last.
    pattern : {"positions", "impulse", "edge", "array"}
        What the input holds: 10*row + column; a single one in the middle; an edge in the middle; or ``image``.
    image : array_like, optional
        Values of your own: (length,) or (height, width), zeros beyond.
    preset : {"counted", "ones", "difference", "custom"}
        What the free weights are: counted through, so that each says which it is; ones; right less left; ``weights``.
    weights : array_like, optional
        Weights of your own, zeros beyond: (KH, KW) when shared, (kernels, KH*KW) when tiled, (outputs, KH*KW) when
        local, (outputs, inputs) when dense.

    Raises
    ------
    ValueError
        For a value out of range, a window that does not fit, an array that is not finite or too large.

    References
    ----------
    Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*, 2016, section 4.1.

    Examples
    --------
    >>> layer = LayerAsMatrix(length=5, kernel_size=3)
    >>> layer.matrix
    array([[1., 2., 3., 0., 0.],
           [0., 1., 2., 3., 0.],
           [0., 0., 1., 2., 3.]])
    >>> layer.connection = "local"
    >>> layer.matrix
    array([[ 1.,  2.,  3.,  0.,  0.],
           [ 0., 11., 12., 13.,  0.],
           [ 0.,  0., 21., 22., 23.]])
    >>> layer
    LayerAsMatrix(dimensions=1, connection='local', length=5, kernel_size=3, stride=1, padding=0, dilation=1,
    pattern='positions', preset='counted')
    Matrix 3 x 5, sum 108: 9 free parameters, 9 of 15 entries connected, 9 multiply-adds; output sum 282.
    """

    silent = ("row",)

    dimensions = Whole(1, 2, 1)
    connection = Choice(CONNECTIONS)
    period = Whole(1, 6, 2)
    length = Whole(2, 16, 8)
    size = Pair(2, 6, (4, 5))
    kernel_size = Whole(1, 5, 3)
    stride = Whole(1, 4, 1)
    padding = Whole(0, 2, 0)
    dilation = Whole(1, 3, 1)
    row = Whole(0, 999, 0, within="rows")
    pattern = Choice(("positions", "impulse", "edge", "array"))
    image = Matrix(16, line=True, shows=("pattern", "array"))
    preset = Choice(("counted", "ones", "difference", "custom"))
    weights = Matrix(MOST, line=True, shows=("preset", "custom"))

    def implied(self, given):
        found = super().implied(given)
        shape = self.shapes(given)
        if "image" in shape:
            rows, columns = shape["image"]
            flat = given.get("dimensions", 1 if rows == 1 else 2) == 1
            found |= {"dimensions": 1, "length": columns} if flat else {"dimensions": 2, "size": (rows, columns)}
        if "weights" in shape and given.get("connection", self.connection) == "shared":
            found["kernel_size"] = shape["weights"][1]
        return found

    def hidden(self):
        unused = {"size" if self.dimensions == 1 else "length"}
        return super().hidden() | unused | (set() if self.connection == "tiled" else {"period"})

    def misfit(self, state):
        extent = state.length if state.dimensions == 1 else state.size
        return misfit(extent, state.kernel_size, padding=state.padding, dilation=state.dilation)

    @property
    def _window(self) -> dict:
        """Stride, padding and dilation as `cnnlib.ops` takes them: along a line, only the columns have any."""
        down = {"stride": 1, "padding": 0, "dilation": 1} if self.dimensions == 1 else None
        window = {
            name: (down[name] if down else getattr(self, name), getattr(self, name))
            for name in ("stride", "padding", "dilation")
        }
        (top, left) = window["padding"]
        return {**window, "padding": (top, top, left, left)}

    @property
    def _taps(self) -> tuple[int, int]:
        return (1 if self.dimensions == 1 else self.kernel_size), self.kernel_size

    @property
    def input_size(self) -> tuple[int, int]:
        """Height and width of the input, (1, length) in 1-D."""
        return (1, self.length) if self.dimensions == 1 else self.size

    @property
    def output_size(self) -> tuple[int, int]:
        """Height and width of the output; their product is the number of rows of the matrix."""
        return geometry.conv_output_size(self.input_size, self._taps, **self._window)

    @property
    def input(self) -> np.ndarray:
        """The values in the input, (height, width)."""
        height, width = self.input_size
        if self.pattern == "array":
            return framed(self.image, height, width)
        if self.pattern == "positions":
            return pixels(None, height, width)
        found = np.zeros((height, width))
        if self.pattern == "edge":
            found[:, (width + 1) // 2 :] = 1
        else:
            found[height // 2, width // 2] = 1
        return found

    @property
    def tile(self) -> tuple[int, int]:
        """How many kernels of a tiled layer take turns along each axis; never more than there are outputs."""
        return tuple(min(self.period, outputs) for outputs in self.output_size)

    @property
    def free(self) -> np.ndarray:
        """The weights that can be chosen.

        (KH, KW) when shared, (kernels, KH*KW) when tiled, (outputs, KH*KW) when local, (outputs, inputs) when dense.
        """
        outputs, inputs = int(np.prod(self.output_size)), int(np.prod(self.input_size))
        taps = int(np.prod(self._taps))
        shape = {
            "shared": self._taps,
            "tiled": (int(np.prod(self.tile)), taps),
            "local": (outputs, taps),
            "dense": (outputs, inputs),
        }[self.connection]
        if self.preset == "custom":
            return framed(self.weights, *shape)
        if self.preset == "ones":
            return np.ones(shape)
        if self.preset == "difference":
            return self._difference(shape)
        if self.connection == "shared":
            return np.arange(1.0, taps + 1).reshape(shape)
        step = 10 if shape[1] < 10 else 100
        return step * np.arange(shape[0])[:, None] + np.arange(1.0, shape[1] + 1)

    def _difference(self, shape):
        """The right tap less the left one, as weights of the connection that there is."""
        kernel = np.zeros(self._taps)
        kernel[:, 0], kernel[:, -1] = -1, 1
        if self.connection == "shared":
            return kernel
        if self.connection in ("tiled", "local"):
            return np.tile(kernel.ravel(), (shape[0], 1))
        return matrix_of(lambda x: self._apply("shared", kernel, x), (1, *self.input_size))

    @property
    def rows(self) -> int:
        """How many outputs there are, and so rows of the matrix."""
        return int(np.prod(self.output_size))

    def _apply(self, connection, weights, x):
        """A batch (N, 1, height, width) through the layer that `connection` names."""
        if connection == "dense":
            return ops.linear(x.reshape(len(x), -1), weights)
        if connection == "shared":
            return ops.conv2d(x, weights[None, None], **self._window)
        layer, tile = (ops.local_conv2d, self.output_size) if connection == "local" else (ops.tiled_conv2d, self.tile)
        return layer(x, weights.T.reshape(1, 1, *self._taps, *tile), **self._window)

    @property
    def matrix(self) -> np.ndarray:
        """What `cnnlib.ops` does to unit vectors, (outputs, inputs)."""
        weights = self.free
        return matrix_of(lambda x: self._apply(self.connection, weights, x), (1, *self.input_size))

    @property
    def output(self) -> np.ndarray:
        """What `cnnlib.ops` does to the input, (rows, columns)."""
        return self._apply(self.connection, self.free, self.input[None, None]).reshape(self.output_size)

    @property
    def counts(self) -> dict:
        """Free parameters, connections and multiply-adds of all four kinds of layer.

        A connection is an entry of the matrix that may be other than zero. Multiplications with padding count as
        multiply-adds, and a weight that meets only padding as a parameter, though neither is a connection.
        """
        inputs, outputs, taps = int(np.prod(self.input_size)), self.output_size, self._taps
        everywhere = matrix_of(lambda x: self._apply("shared", np.ones(taps), x), (1, *self.input_size))
        reached = int(np.count_nonzero(everywhere))
        dense = geometry.count_parameters(inputs, int(np.prod(outputs)), bias=False)
        macs = geometry.count_macs(1, 1, taps, outputs)
        own = {"local": outputs, "tiled": self.tile, "shared": 1}  # positions with weights of their own
        parameters = {
            kind: geometry.count_parameters(1, 1, taps, positions=positions, bias=False)
            for kind, positions in own.items()
        }
        return {"dense": {"parameters": dense, "connections": everywhere.size, "macs": dense}} | {
            kind: {"parameters": count, "connections": reached, "macs": macs} for kind, count in parameters.items()
        }

    def result(self):
        array, counts = self.matrix, self.counts[self.connection]
        return (
            f"Matrix {array.shape[0]} x {array.shape[1]}, sum {array.sum():.6g}: {counts['parameters']} free "
            f"parameters, {counts['connections']} of {array.size} entries connected, {counts['macs']} multiply-adds; "
            f"output sum {self.output.sum():.6g}."
        )

    def figure(self):
        from cnnlib import plots

        array, x, y = self.matrix, self.input, self.output
        row = self.row
        if self.dimensions == 1:
            x, y = x.T, y.T
        widths = [max(3, 0.45 * array.shape[1]), max(1, x.shape[1]), max(1, y.shape[1])]
        figure, axes = plots.subplots(1, 3, height=3.4, width_ratios=widths)
        title = f"A, {array.shape[0]} × {array.shape[1]}"
        if array.size <= 200:
            chosen = np.zeros(array.shape, bool)
            chosen[row] = array[row] != 0
            plots.number_grid(array, ax=axes[0], shade=chosen, title=title)
        else:
            plots.image(array, ax=axes[0], signed=True, title=title)
        plots.number_grid(x, ax=axes[1], shade=(array[row] != 0).reshape(x.shape), title="x")
        at = np.arange(y.size).reshape(y.shape) == row
        plots.number_grid(y, ax=axes[2], shade=at, title="y = A x")
        return figure
