"""A torch layer beside cnnlib.ops: weights put in, results and gradients taken out."""

import numpy as np
import torch

from tests.ops.cases import close


def set_weights(layer, **weights):
    """Put arrays into a layer, in their type; a weight that is None must be None there, too."""
    dtype = next(w.dtype for w in weights.values() if w is not None)
    layer.to(torch.from_numpy(np.empty(0, dtype)).dtype)
    with torch.no_grad():
        for name, value in weights.items():
            parameter = layer.get_parameter(name) if value is not None else getattr(layer, name)
            if value is None:
                assert parameter is None, name
                continue
            assert parameter.shape == value.shape, name
            parameter.copy_(torch.from_numpy(value))
    return layer


def random_weights(layer, dice, scale=1.0):
    """Give every parameter of a layer numbers of the dice; return them as arrays, by name."""
    weights = {name: scale * dice.normal(*p.shape) for name, p in layer.named_parameters()}
    set_weights(layer, **weights)
    return weights


def upstream(y):
    """A random gradient of the result: all ones could not see a flipped axis."""
    numbers = np.random.default_rng(y.numel()).standard_normal(tuple(y.shape))
    return torch.from_numpy(numbers).to(y.dtype)


def by_autograd(function, *arrays):
    """The result, its upstream gradient, and the gradients of the arrays; None stays None."""
    leaves = [None if a is None else torch.from_numpy(np.array(a)).requires_grad_() for a in arrays]
    y = function(*leaves)
    dy = upstream(y)
    gradients = iter(torch.autograd.grad(y, [leaf for leaf in leaves if leaf is not None], dy))
    gradients = [None if leaf is None else next(gradients).numpy() for leaf in leaves]
    return y.detach().numpy(), dy.numpy(), gradients


def of_layer(layer, x):
    """The result, its upstream gradient, and the gradients of x ("x") and of every parameter."""
    x = torch.from_numpy(np.array(x)).requires_grad_()
    y = layer(x)
    dy = upstream(y)
    names, parameters = zip(("x", x), *layer.named_parameters(), strict=True)
    gradients = torch.autograd.grad(y, parameters, dy)
    return y.detach().numpy(), dy.numpy(), {n: g.numpy() for n, g in zip(names, gradients, strict=True)}


def same_sums(actual, expected, sizes):
    """Hold sums against the same sums in another order, with only rounding between them.

    `sizes` are the sums of the terms' absolute values, which is what rounding goes by: a sum
    may cancel, its error does not.
    """
    for mine, theirs, size in zip(actual, expected, sizes, strict=True):
        if theirs is None:
            assert mine is None
            continue
        assert (mine.shape, mine.dtype) == (theirs.shape, theirs.dtype)
        assert (np.abs(mine - theirs) <= 16 * np.finfo(mine.dtype).eps * size).all()


def absolute(*arrays):
    """The arrays' absolute values; None stays None."""
    return [None if a is None else np.abs(a) for a in arrays]


def compare(case, composed):
    """A layer's result and all its gradients, against the same composed of `cnnlib.ops`."""
    layer, x = case
    y, dy, gradients = of_layer(layer, x)
    expected, others = composed(layer, x, dy)
    close(y, expected)
    assert gradients.keys() == others.keys()
    for name, gradient in gradients.items():
        close(gradient, others[name])
