"""Torch modules as layers of a stack, known by their names: torch itself is not needed."""

from cnnlib.values import kind, listed

#: Files of torch.nn.modules whose modules act on each position alone, or normalise.
_WITHOUT_WINDOW = ("activation", "batchnorm", "dropout", "instancenorm", "normalization")
#: Modules that have a kernel_size, and read otherwise than by one window per unit.
_NO_WINDOWS = {
    "MaxUnpool": "its windows are where a pooling found its maxima",
    "Fold": "it adds up windows that were cut out before",
    "Unfold": "it gives windows out as columns, and no map",
    "FractionalMaxPool": "it draws its windows at random, of changing sizes",
    "DeformConv": "its taps move with the image",
}


def opened(function, layers):
    """List the layers with their indices, each Sequential opened and what has no window left out."""
    if _is_module(layers):
        layers = [layers]
    layers = listed(function, "layers", layers, "a list of layers, or a torch module")
    for index, layer in enumerate(layers):
        yield from _inside(function, str(index), layer)


def _inside(function, index, layer):
    if not _is_module(layer):
        yield index, layer
    elif _is(layer, "Sequential", "ModuleList"):
        for name, child in layer.named_children():
            yield from _inside(function, f"{index}.{name}", child)
    elif not _acts_on_positions(layer):
        yield index, layer


def options_of(function, index, layer, names):
    """The attributes of a module, or of anything that has a `kernel_size`, that `Layer` knows."""
    called = kind(layer)
    for start, reason in _NO_WINDOWS.items():
        if any(cls.__name__.startswith(start) for cls in type(layer).__mro__):
            raise TypeError(f"{function}: layer {index} is {called}: {reason}; no receptive field counts for all units")
    if not hasattr(layer, "kernel_size"):
        if _is_module(layer):
            raise TypeError(
                f"{function}: layer {index} is {called}, whose units do not read by one window; use the layers before "
                "it alone, or the layers that it is made of in a list"
            )
        raise TypeError(
            f"{function}: layer {index} is {called} without a kernel_size; use a Layer, a dict with its names, or a "
            "torch module that has a window"
        )
    given = {name: _one_axis(getattr(layer, name)) for name in names if hasattr(layer, name)}
    if given.get("stride", 1) is None:  # a pooling of torch that was told none
        given["stride"] = given["kernel_size"]
    if isinstance(given.get("padding"), str):
        given["padding"] = _padding(given)
    return given


def _padding(given):
    """Sides of "same", as torch lays them around a window of stride 1: the odd pixel at the end."""
    if given["padding"] != "same":
        return 0
    taps, gaps = (v if isinstance(v, tuple) else (v, v) for v in (given["kernel_size"], given.get("dilation", 1)))
    totals = [gap * (tap - 1) for tap, gap in zip(taps, gaps, strict=True)]
    sides = tuple(side for total in totals for side in (total // 2, total - total // 2))
    return sides if isinstance(given["kernel_size"], tuple) or len(set(sides)) > 1 else sides[0]


def _one_axis(value):
    """A one-dimensional module has tuples of one number."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _is_module(layer):
    return hasattr(layer, "named_children") and hasattr(layer, "forward") and not isinstance(layer, type)


def _is(layer, *names):
    return any(cls.__name__ in names and cls.__module__.startswith("torch.nn.") for cls in type(layer).__mro__)


def _acts_on_positions(layer):
    if _is(layer, "Identity"):
        return True
    files = [cls.__module__ for cls in type(layer).__mro__ if cls.__module__.startswith("torch.nn.modules.")]
    return bool(files) and files[0].rpartition(".")[2] in _WITHOUT_WINDOW and not _is(layer, "MultiheadAttention")
