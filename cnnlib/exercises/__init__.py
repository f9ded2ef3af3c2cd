"""Checkers for the exercises in which a reader completes a function.

A checker calls the reader's function on several cases, compares with what `cnnlib` computes, and
returns a `Verdict` that says what is wrong, not only that something is. The cases are asymmetric
and their sides differ, so that a transposed, mirrored or shifted result never passes by luck. A
function gets copies, and one that changes them is told so; one that never ends, or reads its
caller's variables, gets no verdict but the reason why there is none.
"""

from cnnlib.exercises.bending import check_deform
from cnnlib.exercises.cells import check_complex_plane, check_energy
from cnnlib.exercises.channels import check_feature_map, check_follow_order
from cnnlib.exercises.costs import check_layer_parameters
from cnnlib.exercises.diagnosis import diagnose
from cnnlib.exercises.factors import check_depthwise, check_rank_one
from cnnlib.exercises.fields import check_field_from_the_top, check_path_counts
from cnnlib.exercises.gridding import check_touched
from cnnlib.exercises.heads import check_class_scores
from cnnlib.exercises.pointwise import check_pointwise, check_saving
from cnnlib.exercises.sampling import check_bilinear_slopes, check_shift_step
from cnnlib.exercises.shares import check_share
from cnnlib.exercises.sharing import check_shared_gradient, check_shared_matrix
from cnnlib.exercises.stamps import check_stamp
from cnnlib.exercises.symmetry import check_circular_convolution, check_turned_filters
from cnnlib.exercises.tiling import check_tiled
from cnnlib.exercises.verdict import Verdict, check
from cnnlib.exercises.windows import check_read_counts, check_strided_convolution

__all__ = [
    "Verdict",
    "check",
    "check_bilinear_slopes",
    "check_circular_convolution",
    "check_class_scores",
    "check_complex_plane",
    "check_deform",
    "check_depthwise",
    "check_energy",
    "check_feature_map",
    "check_field_from_the_top",
    "check_follow_order",
    "check_layer_parameters",
    "check_path_counts",
    "check_pointwise",
    "check_rank_one",
    "check_read_counts",
    "check_saving",
    "check_share",
    "check_shared_gradient",
    "check_shared_matrix",
    "check_shift_step",
    "check_stamp",
    "check_strided_convolution",
    "check_tiled",
    "check_touched",
    "check_turned_filters",
    "diagnose",
]
