"""The network on one picture as a still figure: picture, stages, answer. It loads nothing."""

import numpy as np

from cnnlib import plots

COLUMNS = 7
CELL = 56  # pixels of a stage's map in the figure


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
    figure, axes = plots.subplots(1, 3, height=2.5, width_ratios=[1, 2, 1.1])
    plots.image(np.clip(explorer.input, 0, 1), ax=axes[0], title="a picture")
    stages = {name: maps for name, maps in explorer.maps.items() if not name.endswith("_squeeze")}
    rows = -(-len(stages) // COLUMNS)
    tiles = np.zeros((rows * CELL, COLUMNS * CELL))
    for place, (name, maps) in enumerate(stages.items()):
        strongest = maps[maps.mean(axis=(1, 2)).argmax()]
        nearest = np.arange(CELL - 4) * len(strongest) // (CELL - 4)
        top, left = (at * CELL for at in divmod(place, COLUMNS))
        tiles[top + 2 : top + CELL - 2, left + 2 : left + CELL - 2] = strongest[nearest[:, None], nearest] / (
            strongest.max() or 1
        )
        axes[1].text(left + CELL / 2, top - 2, name, ha="center", va="bottom", fontsize=7.5)
    axes[1].imshow(1 - tiles, cmap="gray", vmin=0, vmax=1)
    axes[1].set(xticks=[], yticks=[], ylim=(rows * CELL, -14), title="its stages")
    axes[1].axis("off")
    names, shares = zip(*explorer.best, strict=True)
    axes[2].barh(range(len(names)), shares, color=plots.BLUE)
    axes[2].set(yticks=range(len(names)), xlim=(0, 1), title="the answer")
    axes[2].set_yticklabels(names)
    axes[2].invert_yaxis()
    return figure
