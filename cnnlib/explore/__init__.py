"""Explorers: widgets whose two halves, Python and JavaScript, compute the same.

In a notebook they are ipywidgets; on the built site they run without a kernel.
"""

from cnnlib.explore.base.side_by_side import SideBySide
from cnnlib.explore.break_equivariance import BreakEquivariance
from cnnlib.explore.conv_arithmetic import ConvArithmetic
from cnnlib.explore.cortex_cells import CortexCells
from cnnlib.explore.field_stack import FieldStack
from cnnlib.explore.filter_bank import FilterBank
from cnnlib.explore.kernel_on_photograph import KernelOnPhotograph
from cnnlib.explore.layer_as_matrix import LayerAsMatrix
from cnnlib.explore.layer_costs import LayerCosts
from cnnlib.explore.question import Question

__all__ = [
    "BreakEquivariance",
    "ConvArithmetic",
    "CortexCells",
    "FieldStack",
    "FilterBank",
    "KernelOnPhotograph",
    "LayerAsMatrix",
    "LayerCosts",
    "Question",
    "SideBySide",
]
