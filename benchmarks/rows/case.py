"""A case, one operation on arrays of one shape, and the two rows that it makes: forward, and with the gradients."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from benchmarks import loops
from cnnlib import ops

from . import scipys


def numbers(*shapes, seed=0):
    """Normal float32 values, one array for each shape."""
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.standard_normal(shape, dtype=np.float32)) for shape in shapes]


def normal(*shapes):
    """`numbers`, when their turn comes."""
    return lambda: numbers(*shapes)


def tensors(*arrays):
    return [torch.from_numpy(a) for a in arrays]


def as_they_are(*results):
    return results


class Case(NamedTuple):
    """What is measured.

    Attributes
    ----------
    operation : str
        Its name in `cnnlib.ops`.
    name : str
        The shapes, for the reader.
    arrays : callable
        Makes the arrays that the operation takes.
    torch : callable
        The same of torch's tensors.
    options : dict
        Keywords of the operation.
    targets, gradient_targets : (float, float), optional
        What cnnlib's time should be over torch's, at one and at two threads.
    keywords : tuple of str
        Names of the last arrays, where the operation takes them as keywords.
    layers : callable, optional
        The same as `torch`, from `cnnlib.layers`.
    scipy, others : callable, optional
        Of the arrays: the same with scipy, or in other ways, as ``{name: call}``; forward only.
    yardsticks : callable, optional
        Of the arrays: calls whose time says something, though they compute something else.
    tensors, back : callable
        To torch's layout of the arrays, and of the gradients back to cnnlib's.
    equal : callable
        What of the results must be equal, where not all of them need be.
    loops : bool
        Whether the naive loops take part, and the plain definition if there is one; for small shapes.
    gradients : bool
        Whether there is a row with the gradients too, if the operation has any.
    dense : bool
        Whether the product outweighs the copying, so that the yardstick "product" has a goal.
    """

    operation: str
    name: str
    arrays: Callable
    torch: Callable
    options: dict = {}
    targets: tuple | None = None
    gradient_targets: tuple | None = None
    keywords: tuple = ()
    layers: Callable | None = None
    scipy: Callable | None = None
    others: Callable | None = None
    yardsticks: Callable | None = None
    tensors: Callable = tensors
    back: Callable = as_they_are
    equal: Callable = as_they_are
    loops: bool = False
    gradients: bool = True
    dense: bool = False

    def rows(self):
        """The forward row, and the row with the gradients."""
        yield Row(self, gradients=False)
        if self.gradients and hasattr(ops, self.operation + "_backward"):
            yield Row(self, gradients=True)


class Row(NamedTuple):
    """One line of the table."""

    case: Case
    gradients: bool

    @property
    def group(self):
        return self.case.operation + (" and gradients" if self.gradients else "")

    @property
    def targets(self):
        return self.case.gradient_targets if self.gradients else self.case.targets

    @property
    def absent(self):
        """Sides that cannot be measured here."""
        return ["scipy"] if self.case.scipy and not self.gradients and not scipys.INSTALLED else []

    def make(self):
        """The sides that must agree, and the yardsticks: calls by name, cnnlib's first, torch's second."""
        case, arrays, dy = self.case, self.case.arrays(), None
        split = len(arrays) - len(case.keywords)
        arguments = arrays[:split], case.options | dict(zip(case.keywords, arrays[split:], strict=True))
        if self.gradients:
            (y, *_) = results(self._call(ops, arguments)())
            (dy,) = numbers(y.shape, seed=1)
        given = case.tensors(*arrays)
        sides = {"cnnlib": self._call(ops, arguments, dy), "torch": _torch_call(case.torch, given, dy)}
        if case.layers:
            sides["cnnlib.layers"] = _torch_call(case.layers, given, dy)
        if case.loops:
            sides["loops"] = self._call(loops, arguments, dy)
            plain = case.operation + ("_backward_plain" if self.gradients else "_plain")
            if hasattr(ops, plain):
                sides[plain] = self._call(ops, arguments, dy, "_plain")
        if self.gradients:
            return sides, {}
        for more in (case.others, case.scipy if scipys.INSTALLED else None):
            sides |= more(*arrays) if more else {}
        return sides, case.yardsticks(*arrays) if case.yardsticks else {}

    def compared(self, side, result):
        """The arrays of a side's result that must equal those of the other sides."""
        found = results(result)
        if self.gradients and side in ("torch", "cnnlib.layers"):
            found = [found[0], *results(self.case.back(*found[1:]))]
        return results(self.case.equal(*found))

    def _call(self, module, arguments, dy=None, ending=""):
        """The forward, or with an upstream gradient the forward and the backward."""
        (arrays, options), name = arguments, self.case.operation
        if dy is None:
            forward = getattr(module, name + ending)
            return lambda: forward(*arrays, **options)
        forward, backward = getattr(module, name), getattr(module, name + "_backward" + ending)
        return lambda: (forward(*arrays, **options), backward(dy, *arrays, **options))


def results(result):
    """All arrays of a result: of tuples in tuples, of tensors, and without None."""
    if isinstance(result, tuple | list):
        return [array for part in result for array in results(part)]
    if isinstance(result, torch.Tensor):
        result = result.detach().numpy()
    return [] if result is None else [np.asarray(result)]


def _torch_call(form, given, dy):
    """The same of torch's tensors; each that holds floats gets a gradient."""
    if dy is None:
        return lambda: form(*given)
    given = [t.detach().requires_grad_(t.is_floating_point()) for t in given]
    leaves, (dy,) = [t for t in given if t.requires_grad], tensors(dy)

    def call():
        y = form(*given)
        return y, torch.autograd.grad(y, leaves, dy)

    return call
