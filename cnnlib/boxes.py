"""Drawings of a layer's channels: planes one beside the other, and the box of weights that one output channel reads.

Each function draws one thing on ``ax`` of a figure from `cnnlib.plots` and returns the Axes.
"""

from matplotlib.patches import Polygon

from cnnlib.arguments import integer
from cnnlib.plots import BLUE, GREEN, INK, ORANGE, PAPER, PINK, subplots

__all__ = ["planes"]

GROUP_COLOURS = (BLUE, ORANGE, GREEN, PINK)
STEP, SLANT, RISE = 0.46, 0.5, 0.3  # a plane to the next, in heights; a plane's width and how far its right edge rises


def planes(in_channels, out_channels, *, groups=1, output=0, colours=None, ax=None, title=None):
    """Draw a layer's input and output channels, and all that one value of one output channel reads.

    Parameters
    ----------
    in_channels, out_channels : int
        Planes on either side, at most 8, multiples of ``groups``.
    groups : int
        Parts that do not read each other, at most 4; each has its own colour.
    output : int
        The output channel whose window is shown, 0 on the left.
    colours : sequence of str, optional
        Colours of the input planes, instead of those of the groups.

    Returns
    -------
    The Axes.

    Raises
    ------
    ValueError
        If there are more planes than can be seen, or they do not divide into the groups.

    Examples
    --------
    >>> ax = planes(4, 4, groups=2, output=3)
    >>> [text.get_text() for text in ax.texts]
    ['4 channels in', '4 out, groups=2']
    """
    for name, value, most in (
        ("in_channels", in_channels, 8),
        ("out_channels", out_channels, 8),
        ("groups", groups, 4),
    ):
        if integer("planes", name, value, 1) > most:
            raise ValueError(f"planes: {name}={value}; at most {most} can be told apart")
    if in_channels % groups or out_channels % groups:
        raise ValueError(f"planes: {in_channels} and {out_channels} channels do not divide into groups={groups}")
    if not 0 <= integer("planes", "output", output, 0) < out_channels:
        raise ValueError(f"planes: output={output} of {out_channels} channels; use 0 to {out_channels - 1}")
    ax = subplots(width=5.4, height=2.6)[1] if ax is None else ax
    group = output // (out_channels // groups)
    reads = range(group * in_channels // groups, (group + 1) * in_channels // groups)
    right = 1.15 + STEP * (in_channels - 1)
    centre = _on_plane(output, right, (0.45, 0.55))
    for channel in range(in_channels):
        own = GROUP_COLOURS[channel * groups // in_channels] if colours is None else colours[channel]
        _square(ax, channel, 0.0, own)
        if channel in reads:
            _square(ax, channel, 0.0, own, corner=(0.25, 0.35), side=0.4, filled=True)
    for channel in range(out_channels):
        own = GROUP_COLOURS[channel * groups // out_channels] if colours is None else INK
        _square(ax, channel, right, own)
        if channel == output:
            _square(ax, channel, right, own, corner=(0.35, 0.45), side=0.2, filled=True)
    for channel in reads:
        ax.plot(*zip(_on_plane(channel, 0.0, (0.45, 0.55)), centre, strict=True), color=INK, linewidth=0.8, zorder=20)
    below = {"ha": "left", "va": "top", "color": INK, "fontsize": 10}
    ax.text(0, -0.05, f"{in_channels} channel{'s' * (in_channels > 1)} in", **below)
    ax.text(right, -0.05, f"{out_channels} out" + (f", groups={groups}" if groups > 1 else ""), **below)
    ax.set(xlim=(-0.05, right + 0.55 + STEP * (out_channels - 1)), ylim=(-0.3, 1.35))
    ax.set_aspect("equal")
    ax.set_axis_off()
    if title is not None:
        ax.set_title(title)
    return ax


def _on_plane(channel, left, point):
    """Where a point of a plane, from 0 to 1 each way, stands in the drawing."""
    return left + channel * STEP + SLANT * point[0], point[1] + RISE * point[0]


def _square(ax, channel, left, colour, corner=(0.0, 0.0), side=1.0, filled=False):
    """A square on a plane that is seen from the side."""
    corners = ((corner[0] + side * across, corner[1] + side * up) for across, up in ((0, 0), (1, 0), (1, 1), (0, 1)))
    look = {"facecolor": colour, "alpha": 0.75} if filled else {"facecolor": PAPER, "linewidth": 1.6}
    points = [_on_plane(channel, left, corner) for corner in corners]
    ax.add_patch(Polygon(points, edgecolor=colour, zorder=channel, **look))
