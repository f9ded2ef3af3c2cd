"""Nothing that a public function keeps between calls is handed out to be written into."""

from importlib import import_module

import pytest

from tests.edges.test_every_public_function import MODULES, equal


def handed_out():
    from cnnlib import data, filters, kernels, retina

    yield "levels", lambda: filters.levels("learned")
    yield "bank", lambda: [filters.bank("learned")]
    yield "features", lambda: list(filters.features(filters.bank("learned")))
    yield "squeezenet", lambda: list(data.squeezenet_weights().values())
    yield "fashion", lambda: list(data.fashion_mnist()[:4])
    yield "photograph", lambda: [data.photograph("cow", side=20)]
    yield "mask", lambda: [data.sheep_mask(side=20)]
    yield "even", lambda: [*vars(retina.even((5, 8), 6)).values()]
    yield "log_polar", lambda: [*vars(retina.log_polar((9, 9), (4, 4))).values()]
    for name in kernels.NAMES:
        yield name, lambda name=name: [kernels.named(name, 5)]


@pytest.mark.parametrize(("name", "make"), handed_out())
def test_who_writes_into_what_was_handed_out_changes_nothing_for_the_next(name, make):
    before = [array.copy() for array in make()]
    for array in make():
        if array.flags.writeable:
            array[...] = 1
        else:
            with pytest.raises(ValueError):
                array[...] = 1
    assert equal(list(make()), before)


def test_lists_that_are_handed_out_are_new():
    from cnnlib import data, exam, networks, sheep

    lists = {
        "photograph_names": data.photograph_names,
        "stored_result": lambda: data.stored_result("stride_placement"),
        "trace": networks.vgg(11).trace,
        "claim": lambda: exam.claim("C004").value,
        "claims": lambda: next(claim.value for claim in exam.claims() if isinstance(claim.value, dict)),
        "check": lambda: exam.check("C042"),
        "finder_weights": sheep.finder_weights,
        "stored_offsets": lambda: sheep.stored_offsets().offsets,
        "squeezenet_int8": data.squeezenet_int8,
        "squeezenet_weights": data.squeezenet_weights,
    }
    for name, make in lists.items():
        before = len(make())
        make().clear()
        assert len(make()) == before > 0, name


def test_nothing_public_that_is_kept_can_be_written_into():
    """What a module keeps between calls and hands out is made of what can't be changed."""
    for name in MODULES:
        module = import_module(f"cnnlib.{name}")
        for public in module.__all__:
            kept = getattr(module, public)
            if hasattr(kept, "cache_info"):
                assert hash(kept()) is not None, public  # a tuple of tuples has one, a list or an array none
