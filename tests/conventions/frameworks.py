"""The real frameworks, as functions of NumPy arrays: Keras on torch, and ONNX's reference evaluator."""

import os
import tempfile

os.environ["KERAS_BACKEND"] = "torch"  # before Keras is imported
os.environ["KERAS_HOME"] = tempfile.mkdtemp(prefix="keras-")  # where it writes its settings

import keras
import numpy as np
import torch
from onnx import helper
from onnx.reference import ReferenceEvaluator

T = torch.from_numpy


def kernel(random, *shape):
    """Integers from -9 to 9 as float64, so that sums of products are exact in any order."""
    return random.integers(-9, 10, shape).astype(float)


def keras_op(name, *arrays, **options):
    """One of `keras.ops` on float64 arrays."""
    found = getattr(keras.ops, name)(*(T(np.ascontiguousarray(array)) for array in arrays), **options)
    return keras.ops.convert_to_numpy(found)


def onnx_op(name, *arrays, **attributes):
    """One operator of ONNX under its reference evaluator."""
    names = [f"x{k}" if array is not None else "" for k, array in enumerate(arrays)]
    node = helper.make_node(name, names, ["y"], **attributes)
    given = {key: array for key, array in zip(names, arrays, strict=True) if key}
    return ReferenceEvaluator(node).run(None, given)[0]
