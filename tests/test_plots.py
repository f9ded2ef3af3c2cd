"""cnnlib.plots: read the artists, not the pixels; and what a cell's output holds."""

import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from PIL import Image

from cnnlib import plots

PLACES = np.add.outer(10 * np.arange(3), np.arange(4))  # 10 * row + column


def texts(ax):
    return {(round(t.get_position()[1]), round(t.get_position()[0])): t.get_text() for t in ax.texts}


def cells(ax, keep):
    return {
        (round(p.get_y() + 0.5), round(p.get_x() + 0.5)) for p in ax.patches if isinstance(p, Rectangle) and keep(p)
    }


def where(mask):
    return {tuple(map(int, index)) for index in np.argwhere(mask)}


# number_grid -------------------------------------------------------------------------------------


def test_each_number_stands_in_its_cell():
    ax = plots.number_grid(PLACES)
    assert texts(ax) == {(row, column): str(10 * row + column) for row in range(3) for column in range(4)}
    bottom, top = ax.get_ylim()
    assert bottom > top  # row 0 is at the top
    left, right = ax.get_xlim()
    assert left < 0 < 3 < right and top < 0 < 2 < bottom
    assert ax.get_aspect() == 1


def test_numbers_of_different_length_have_one_size():
    ax = plots.number_grid(np.array([[1, 22], [333, 4444]]))
    assert len({text.get_fontsize() for text in ax.texts}) == 1


def test_masks_mark_their_own_cells_and_no_others():
    shade, hatch, outline, dim = PLACES % 2 == 0, PLACES > 20, PLACES == 12, PLACES < 10
    ax = plots.number_grid(PLACES, shade=shade, hatch=hatch, outline=outline, dim=dim)
    grey = to_rgb(plots.DIM)
    assert cells(ax, lambda p: np.allclose(p.get_facecolor()[:3], grey)) == where(dim & ~shade)
    blue = to_rgb("#bfdcf0")
    assert cells(ax, lambda p: p.get_fill() and np.allclose(p.get_facecolor()[:3], blue)) == where(shade)
    assert cells(ax, lambda p: p.get_hatch()) == where(hatch)
    assert cells(ax, lambda p: p.get_linewidth() > 2) == {(1, 2)}


@pytest.mark.parametrize(
    "value, decimals, shown",
    [
        (3.0, None, "3"),
        (-2, None, "-2"),
        (0.125, None, "0.12"),
        (0.125, 3, "0.125"),
        (-0.001, 2, "0.00"),
        (-0.0, None, "0"),
    ],
)
def test_numbers_as_shown(value, decimals, shown):
    assert texts(plots.number_grid(np.array([[value]]), decimals=decimals)) == {(0, 0): shown}


# image -------------------------------------------------------------------------------------------


def test_grey_image_keeps_black_at_0_and_white_at_1():
    array = np.array([[0.25, 0.5], [0.75, 0.5]])
    (drawn,) = plots.image(array).images
    assert drawn.get_clim() == (0, 1) and drawn.get_cmap().name == "gray"
    np.testing.assert_array_equal(drawn.get_array(), array)


def test_signed_image_has_zero_in_the_middle():
    (drawn,) = plots.image(np.array([[-1.0, 4.0], [0.0, 2.0]]), signed=True).images
    assert drawn.get_clim() == (-4, 4)
    red, _, blue, _ = drawn.to_rgba(np.array([[-4.0, 0.0, 4.0]]))[0].T[:, 0]
    assert blue > red  # negative is blue
    zero, positive = drawn.to_rgba(np.array([[0.0, 4.0]]))[0]
    assert zero[:3].min() > 0.95 and positive[0] > positive[2]
    assert plots.image(np.zeros((2, 2)), signed=True).images[0].get_clim() == (-1, 1)


def test_colour_image_and_labels():
    ax = plots.image(np.zeros((4, 6, 3)), labels=True, title="here")
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("column", "row", "here")
    assert ax.images[0].get_array().shape == (4, 6, 3)


def test_functions_draw_where_they_are_told():
    _, (left, right) = plots.subplots(1, 2)
    assert plots.image(PLACES / 23, ax=left) is left and plots.number_grid(PLACES, ax=right) is right
    assert len(left.images) == 1 and not right.images and len(right.texts) == 12


# described ---------------------------------------------------------------------------------------

SENTENCE = "A grid of 12 numbers from 0 to 23."


def test_described_holds_picture_and_sentence():
    shown = plots.described(plots.number_grid(PLACES).figure, SENTENCE)
    bundle, metadata = shown._repr_mimebundle_()
    assert set(bundle) == {"image/png", "text/plain"} and bundle["text/plain"] == repr(shown) == SENTENCE
    with Image.open(io.BytesIO(bundle["image/png"])) as png:
        assert png.format == "PNG" and "Software" not in png.info
        size = metadata["image/png"]
        assert png.size == (2 * size["width"], 2 * size["height"])
        pixels = np.asarray(png.convert("RGBA"))
    assert (pixels[..., 3] == 255).all()  # opaque: the page's own colour never shows through
    np.testing.assert_allclose(pixels[0, 0, :3] / 255, to_rgb(plots.PAPER), atol=1 / 255)


def test_described_gives_the_same_bytes_each_time():
    first, second = (plots.described(plots.number_grid(PLACES).figure, SENTENCE).png for _ in range(2))
    other = plots.described(plots.number_grid(PLACES + 1).figure, SENTENCE).png
    assert first == second != other


def test_a_title_over_an_image_beside_a_plot_is_not_cut_off():
    figure, (left, right) = plots.subplots(1, 2, height=3.2, width_ratios=[1, 1.4])
    plots.image(np.zeros((24, 24)), ax=left, labels=True, title="a title with tall letters: lT")
    right.plot([1, 2])
    right.set(xlabel="x", ylabel="y")
    picture = plots.described(figure, "A black square and a line from 1 to 2.").png
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
    assert min(pixels[0].min(), pixels[-1].min(), pixels[:, 0].min(), pixels[:, -1].min()) > 240  # nothing at the edge
    assert (pixels[:60, :600] < 100).sum() > 100  # the title is there


def test_described_is_small_where_256_colours_are_enough_and_true_where_they_are_not():
    ramp = np.linspace(0, 1, 128) * np.ones((128, 1))
    many = np.stack([ramp, ramp.T, np.abs(ramp - ramp.T)], axis=2)
    modes, sizes = [], []
    for picture in (ramp, many):
        figure, ax = plots.subplots(width=3, height=3)
        plots.image(picture, ax=ax)
        with Image.open(io.BytesIO(plots.described(figure, SENTENCE).png)) as png:
            modes.append(png.mode)
            pixels = np.asarray(png.convert("RGB"), dtype=int)
        assert tuple(pixels[2, 2]) == (255, 255, 255)
        sizes.append(len(np.unique(pixels.reshape(-1, 3), axis=0)))
    assert modes == ["P", "RGB"] and sizes[0] <= 256 < sizes[1]


def test_described_closes_a_pyplot_figure():
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots()
    plots.image(PLACES / 23, ax=ax)
    assert plt.get_fignums()
    plots.described(figure, SENTENCE)
    assert not plt.get_fignums()


def test_drawing_needs_no_pyplot():
    code = (
        "import sys, numpy as np; from cnnlib import plots; "
        "plots.described(plots.image(np.eye(3)).figure, 'The three by three identity.'); "
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_colours_stand_out_from_the_card():
    def luminance(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return np.dot([0.2126, 0.7152, 0.0722], linear)

    for colour in (plots.BLUE, plots.ORANGE, plots.GREEN, plots.PINK, plots.GREY, plots.INK):
        contrast = (luminance(plots.PAPER) + 0.05) / (luminance(colour) + 0.05)
        assert contrast > 3.5, colour  # WCAG asks 3 of lines and marks


# Errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, error, message",
    [
        (
            lambda: plots.image(np.zeros(3)),
            ValueError,
            r"image: array has shape \(3,\); it needs \(height, width\) or",
        ),
        (
            lambda: plots.image(np.zeros((2, 2, 4))),
            ValueError,
            r"shape \(2, 2, 4\); a colour image has 3 channels last",
        ),
        (
            lambda: plots.image(np.zeros((2, 2, 3)), signed=True),
            ValueError,
            r"it needs \(height, width\) with",
        ),
        (lambda: plots.image(np.array([[np.nan, 1]])), ValueError, r"holds 1 values that are NaN"),
        (lambda: plots.image(np.zeros((0, 2))), ValueError, r"no side 0"),
        (lambda: plots.image(plots.subplots()[1], np.zeros((2, 2))), TypeError, r"positional"),
        (
            lambda: plots.image(plots.subplots()[1]),
            TypeError,
            r"the array comes first; write image\(array, ax=ax\)",
        ),
        (
            lambda: plots.image(PLACES, ax="left"),
            TypeError,
            r"ax=.* is a str; use a matplotlib Axes, or None",
        ),
        (lambda: plots.number_grid(np.zeros((21, 20))), ValueError, r"420 cells.*use image"),
        (
            lambda: plots.number_grid(PLACES, hatch=np.zeros((4, 3), bool)),
            ValueError,
            r"hatch has shape \(4, 3\) and array \(3, 4\)",
        ),
        (
            lambda: plots.described(plots.subplots()[1], SENTENCE),
            TypeError,
            r"for an Axes write ax.figure",
        ),
        (
            lambda: plots.described(plots.subplots()[0], 55),
            TypeError,
            r"sentence=.* is an int; use a string",
        ),
        (
            lambda: plots.described(plots.subplots()[0], "A figure"),
            ValueError,
            r"at least 20 characters",
        ),
        (
            lambda: plots.described(plots.subplots()[0], "One line of words.\nAnother line of words."),
            ValueError,
            r"one line",
        ),
    ],
)
def test_errors_say_what_would_work(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Galleries of filters ----------------------------------------------------------------------------


def test_a_gallery_shows_each_filter_at_its_place_grey_where_it_is_zero():
    weights = np.zeros((5, 3, 2, 3))
    weights[0, 0] = 2.0  # red up, green and blue 0
    weights[4, :, 1, 2] = -0.5  # one dark pixel
    sheet = plots.filter_gallery(weights, columns=2).images[0].get_array()
    assert sheet.shape == (3 * 3 - 1, 2 * 4 - 1, 3)
    assert (sheet[:2, :3] == [1, 0.5, 0.5]).all()
    assert (sheet[:2, 4:7] == 0.5).all()  # the second filter: zeros
    assert (sheet[2] == 1).all() and (sheet[:, 3] == 1).all()  # white between them
    assert (sheet[7, 2] == 0).all() and (sheet[6, 0] == 0.5).all()  # scaled by its own largest weight
    assert (sheet[6:, 4:] == 1).all()  # no sixth filter


@pytest.mark.parametrize("weights", [np.zeros((3, 2, 3)), np.zeros((2, 1, 3, 3)), np.full((1, 3, 2, 2), np.nan)])
def test_a_gallery_needs_finite_filters_of_three_channels(weights):
    with pytest.raises(ValueError, match=r"filter_gallery: weights have shape .* takes finite \(filters, 3, height"):
        plots.filter_gallery(weights)
