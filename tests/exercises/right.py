"""A right answer to every exercise, in a way of its own; with these the checkers are attacked."""

import copy

import pytest

from cnnlib import exercises
from tests.exercises.test_bending import bent
from tests.exercises.test_cells import energy, plane
from tests.exercises.test_channels import feature_map
from tests.exercises.test_costs import count
from tests.exercises.test_factors import mixed, nearest
from tests.exercises.test_fields import paths, size
from tests.exercises.test_gridding import read
from tests.exercises.test_heads import scores
from tests.exercises.test_pointwise import pointwise, saving
from tests.exercises.test_sampling import slopes, step
from tests.exercises.test_shares import counted
from tests.exercises.test_sharing import gradient, matrix
from tests.exercises.test_stamps import stamp
from tests.exercises.test_symmetry import circular, turned
from tests.exercises.test_tiling import tiled
from tests.exercises.test_windows import convolve, read_counts

RIGHT = {
    "check_bilinear_slopes": slopes,
    "check_circular_convolution": circular,
    "check_class_scores": scores,
    "check_complex_plane": plane,
    "check_deform": bent,
    "check_depthwise": mixed,
    "check_energy": energy,
    "check_feature_map": feature_map,
    "check_field_from_the_top": size,
    "check_follow_order": lambda second, order: second[:, order],
    "check_layer_parameters": count,
    "check_path_counts": paths,
    "check_pointwise": pointwise,
    "check_rank_one": nearest,
    "check_read_counts": read_counts,
    "check_saving": saving,
    "check_share": counted,
    "check_shared_gradient": gradient,
    "check_shared_matrix": matrix,
    "check_shift_step": step,
    "check_stamp": stamp,
    "check_strided_convolution": convolve,
    "check_tiled": tiled,
    "check_touched": read,
    "check_turned_filters": turned,
}

every = pytest.mark.parametrize("name", RIGHT)


def verdict(name, function):
    return getattr(exercises, name)(function)


def after(change, name):
    """A function with the right result, which ``change`` (of result and arguments) makes something else of."""
    return lambda *arguments: change(RIGHT[name](*copy.deepcopy(arguments)), *arguments)
