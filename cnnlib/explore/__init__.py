"""Explorers: widgets whose two halves, Python and JavaScript, compute the same.

In a notebook they are ipywidgets; on the built site they run without a kernel.
"""

from cnnlib.explore.base.side_by_side import SideBySide
from cnnlib.explore.break_equivariance import BreakEquivariance
from cnnlib.explore.conv_arithmetic import ConvArithmetic
from cnnlib.explore.convolution_bench import ConvolutionBench
from cnnlib.explore.cortex_cells import CortexCells
from cnnlib.explore.deformable_grid import DeformableGrid
from cnnlib.explore.dilated_stack import DilatedStack
from cnnlib.explore.field_stack import FieldStack
from cnnlib.explore.filter_bank import FilterBank
from cnnlib.explore.kernel_on_photograph import KernelOnPhotograph
from cnnlib.explore.kernel_terms import KernelTerms
from cnnlib.explore.layer_as_matrix import LayerAsMatrix
from cnnlib.explore.layer_costs import LayerCosts
from cnnlib.explore.layer_dialects import LayerDialects
from cnnlib.explore.mosaic import Mosaic
from cnnlib.explore.network_live import NetworkLive
from cnnlib.explore.point_between_pixels import PointBetweenPixels
from cnnlib.explore.question import Question
from cnnlib.explore.sheep_sampling import SheepSampling
from cnnlib.explore.transposed_arithmetic import TransposedArithmetic
from cnnlib.explore.upsampling import Upsampling

__all__ = [
    "BreakEquivariance",
    "ConvArithmetic",
    "ConvolutionBench",
    "CortexCells",
    "DeformableGrid",
    "DilatedStack",
    "FieldStack",
    "FilterBank",
    "KernelOnPhotograph",
    "KernelTerms",
    "LayerAsMatrix",
    "LayerCosts",
    "LayerDialects",
    "Mosaic",
    "NetworkLive",
    "PointBetweenPixels",
    "Question",
    "SheepSampling",
    "SideBySide",
    "TransposedArithmetic",
    "Upsampling",
]
