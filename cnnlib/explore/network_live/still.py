"""The network on one picture as a still figure: picture, stages, prediction. It loads nothing."""

import numpy as np

from cnnlib import plots

COLUMNS = 7
CELL, LABEL, GAP = 56, 18, 4  # pixels of a stage's map, of the line with its name, and between two maps


def still(explorer):
    """The picture of a `NetworkLive`, its stages by their strongest channels, and its five best classes.

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
    >>> figure.axes[-1].get_yticklabels()[0].get_text()
    'ram'
    """
    figure, axes = plots.subplots(1, 3, height=2.3, width_ratios=[1, 2.3, 0.8])
    plots.image(np.clip(explorer.input, 0, 1), ax=axes[0], title="a picture")
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
        axes[1].text(left + len(at) / 2, top - 2, name, ha="center", va="bottom", fontsize=8)
    axes[1].imshow(tiles, cmap="Reds", vmin=0, vmax=1)
    axes[1].set_title("its stages")
    axes[1].axis("off")
    names, shares = zip(*explorer.best, strict=True)
    axes[2].barh(range(len(names)), shares, color=plots.BLUE)
    axes[2].set(yticks=range(len(names)), xlim=(0, 1), title="the prediction")
    axes[2].set_yticklabels(names)
    axes[2].invert_yaxis()
    return figure
