"""The network on one picture as a still figure: picture, stages, prediction. It loads nothing."""

import numpy as np

from cnnlib import plots

COLUMNS = 7
CELL, LABEL, GAP = 56, 14, 4  # pixels of a stage's map, of the line with its name, and between two maps


def still(explorer):
    """The picture of a `NetworkLive` and its five best classes, and below them its stages by their strongest channels.

    The prediction stands beside the picture, so that a phone shows both without scrolling.

    Parameters
    ----------
    explorer : NetworkLive

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from cnnlib.explore import NetworkLive
    >>> figure = still(NetworkLive(photo="sheep"))
    >>> figure.axes[1].get_yticklabels()[0].get_text()
    'ram'
    """
    figure, axes = plots.subplots(2, 2, width=5.2, height=4.1, width_ratios=[1, 0.9], height_ratios=[1, 1])
    (picture, prediction), below = axes[0], figure.add_subplot(axes[1, 0].get_gridspec()[1, :])
    for ax in axes[1]:
        ax.remove()
    plots.image(np.clip(explorer.input, 0, 1), ax=picture, title="a picture")
    stages = {name: maps for name, maps in explorer.maps.items() if not name.endswith("_squeeze")}
    rows = -(-len(stages) // COLUMNS)
    tiles = np.full((rows * (CELL + LABEL), COLUMNS * CELL), np.nan)
    nearest = np.arange(CELL - GAP)
    for index, (name, maps) in enumerate(stages.items()):
        row, column = divmod(index, COLUMNS)
        top, left = row * (CELL + LABEL) + LABEL, column * CELL
        strongest = maps[maps.mean(axis=(1, 2)).argmax()]
        at = nearest * len(strongest) // len(nearest)
        tile = strongest[at[:, None], at] / (strongest.max() or 1)
        tiles[top : top + len(at), left : left + len(at)] = tile
        below.text(left + len(at) / 2, top - 1, name, ha="center", va="bottom", fontsize=9.5)
    below.imshow(tiles, cmap="Reds", vmin=0, vmax=1)
    below.set_title("its stages")
    below.axis("off")
    names, shares = zip(*explorer.best, strict=True)
    prediction.barh(range(len(names)), shares, color=plots.BLUE)
    prediction.set(yticks=range(len(names)), xticks=(0, 0.5, 1), xlim=(0, 1), title="the prediction")
    prediction.set_yticklabels(names)
    prediction.invert_yaxis()
    return figure
