"""Drawings of layers: which units a unit reads, where windows stand along a line, and chains of layers.

Each function draws one thing on ``ax`` of a figure from `cnnlib.plots` and returns the Axes.
"""

from matplotlib.patches import Rectangle

from cnnlib.arguments import integer
from cnnlib.geometry import count_paths, receptive_field, span
from cnnlib.plots import BLUE, DIM, GREEN, INK, ORANGE, PALE_INK, subplots
from cnnlib.values import listed

__all__ = ["chain", "cone", "windows"]


def cone(layers, unit, *, size, ax=None, counts=False, title=None):
    """Draw a stack along one axis, pixels below, and everything that one unit of its last layer reads.

    A unit stands over the centre of its receptive field, so that padding and strides can be seen.

    Parameters
    ----------
    layers : iterable of Layer, from the pixels up
    unit : index of the unit in the last layer
    size : pixels along the axis, at most 40
    counts : write on each unit that is read by how many paths it reaches the unit on top

    Returns the Axes.

    Raises
    ------
    TypeError, ValueError
        If `layers` is no list of layers, or `size` no integer from 1 to 40.

    Examples
    --------
    >>> from cnnlib.geometry import Layer
    >>> ax = cone([Layer(3), Layer(3)], 2, size=9, counts=True)
    >>> [text.get_text() for text in ax.texts if text.get_text().isdigit()]
    ['1', '2', '3', '2', '1', '1', '1', '1']
    """
    integer("cone", "size", size, 1)
    if size > 40:
        raise ValueError(f"cone: size={size} pixels; at most 40 stay readable")
    layers = listed("cone", "layers", layers, "a list of layers")
    ax = subplots(width=3.6, height=2.6)[1] if ax is None else ax
    sizes = [size]
    for layer in layers:
        sizes.append(layer.output_size(sizes[-1]))
    positions = [[float(index) for index in range(size)]]  # x of every unit, level by level
    for depth in range(1, len(layers) + 1):
        field = receptive_field(layers[:depth])
        positions.append([float(field.centre + index * field.jump) for index in range(sizes[depth])])
    reached = [count_paths(layers[level:], unit, size=sizes[level]) for level in range(len(layers))]
    reached.append([int(index == unit) for index in range(sizes[-1])])
    for level, layer in enumerate(layers):
        for above, ways in enumerate(reached[level + 1]):
            taps = [above * layer.stride - layer.padding + tap * layer.dilation for tap in range(layer.kernel_size)]
            for below in taps if ways else ():
                if 0 <= below < sizes[level]:
                    line = [positions[level][below], positions[level + 1][above]], [level, level + 1]
                    ax.plot(*line, color=BLUE, linewidth=0.8, alpha=0.6, zorder=1)
    for level, (row, ways) in enumerate(zip(positions, reached, strict=True)):
        for x, count in zip(row, ways, strict=True):
            colour = ORANGE if level == len(layers) else BLUE
            ax.plot(
                x,
                level,
                "o",
                color=colour if count else DIM,
                markeredgecolor=PALE_INK,
                markersize=17 if counts else 8,
                zorder=2,
            )
            if counts and count and level < len(layers):
                look = {"ha": "center", "va": "center", "color": "white", "fontsize": 9.5, "zorder": 3}
                ax.text(x, level, str(count), **look)
    names = ["pixels"] + [f"layer {level}" for level in range(1, len(layers) + 1)]
    ax.set_yticks(range(len(names)), names)
    ax.set(xlim=(-1, size), ylim=(-0.5, len(layers) + 0.5))
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if title is not None:
        ax.set_title(title)
    return ax


def windows(size, kernel_size, *, stride, ax=None, padding=(0, 0), dilation=1, ceil=False, first=None, title=None):
    """Draw the last pixels of a line, the padding after them, and the last windows that stand on them.

    Parameters
    ----------
    size : pixels
    kernel_size, stride, dilation : of the windows
    padding : pixels before and after the line
    ceil : also draw a last window that hangs over the end
    first : first pixel that is drawn; None draws two strides more than a window before the end

    Pixels that no window reads are framed. Returns the Axes.

    >>> ax = windows(225, 11, stride=4, title="floor")
    >>> [text.get_text() for text in ax.texts]
    ['208 to 218', '212 to 222']
    """
    before, after = padding
    reach = span(kernel_size, dilation)
    starts = [start for start in range(-before, size, stride) if start + reach <= size + after]
    if ceil and starts[-1] + reach < size + after:
        starts.append(starts[-1] + stride)
    first = size - reach - 2 * stride if first is None else first
    ax = subplots(width=7.2, height=1.4)[1] if ax is None else ax
    read = {start + tap * dilation for start in starts for tap in range(kernel_size)}
    end = max(size + after, starts[-1] + reach)
    for pixel in range(first, end):
        inside = pixel < size
        look = {"facecolor": "#bfdcf0" if inside else DIM, "edgecolor": "#b5b5b0", "linewidth": 0.8}
        if inside and pixel not in read:
            look |= {"facecolor": "white", "edgecolor": ORANGE, "linewidth": 2.2, "zorder": 3}
        elif not inside:
            look |= {"hatch": "////"}
        ax.add_patch(Rectangle((pixel, 0), 1, 1, **look))
    shown = [start for start in starts if start >= first]
    for height, start in enumerate(shown, 1):
        colour = ORANGE if start + reach > size + after else BLUE
        level = 1 + 0.75 * height
        ax.plot([start, start + reach], [level, level], color=colour, linewidth=5, solid_capstyle="butt")
        label = f"{start} to {start + reach - 1}"
        ax.text(start - 0.4, level, label, ha="right", va="center", fontsize=10, color=INK)
    ax.set(xlim=(first - 7, end + 0.5), ylim=(-0.3, 2.2 + 0.75 * len(shown)))
    ax.set_axis_off()
    if title is not None:
        ax.set_title(title, loc="left")
    return ax


def chain(boxes, *, ax, title=None, changed=()):
    """Draw layers as boxes in a row with arrows between them.

    Parameters
    ----------
    boxes : texts, in the order of the computation
    changed : indices of boxes to draw in another colour

    Returns the Axes.

    >>> ax = chain(["conv, stride 4", "conv"], ax=subplots()[1])
    >>> [text.get_text() for text in ax.texts if text.get_text()]
    ['conv, stride 4', 'conv']
    """
    for index, text in enumerate(boxes):
        colour = GREEN if index in changed else BLUE
        ax.add_patch(Rectangle((index, 0.1), 0.8, 0.8, facecolor="white", edgecolor=colour, linewidth=1.8))
        ax.text(index + 0.4, 0.5, text, ha="center", va="center", fontsize=10, color=INK)
        if index:
            arrow = {"arrowstyle": "-|>", "color": PALE_INK}
            ax.annotate("", (index, 0.5), (index - 0.2, 0.5), arrowprops=arrow)
    ax.set(xlim=(-0.05, len(boxes) - 0.15), ylim=(0, 1))
    ax.set_axis_off()
    if title is not None:
        ax.set_title(title, loc="left")
    return ax
