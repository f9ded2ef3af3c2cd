"""A whole network with trained weights on any picture: every stage, every sum, and what changes the prediction."""

import functools
from types import SimpleNamespace

import numpy as np

from cnnlib import data, networks, squeezenet
from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.photographs import middle_square
from cnnlib.explore.base.traits import Choice, Flag, Pair, Picture, Whole
from cnnlib.explore.network_live import picture
from cnnlib.explore.network_live.assets import ASSETS, CARRIED, FIRST, PHOTOGRAPHS, levels
from cnnlib.explore.network_live.stored import first_stages, stored_predictions
from cnnlib.explore.network_live.unit import Unit, unit

SHOWN = 5  # classes that are shown
#: What can be taken out: one channel of a stage, or one half of what a fire module gives out.
REMOVALS = (
    "nothing",
    "conv1 channel",
    *(f"fire{n} {what}" for n in range(2, 10) for what in ("1x1", "3x3", "channel")),
)
PART = {"1x1": 0, "3x3": 1}
#: Parameters that change the picture or the network where they differ from their default.
CHANGES = ("shift", "turn", "zoom", "cover_size", "grey", "shuffle", "remove", "rank")


@functools.cache
def rows(side: int) -> dict:
    """Name of each row that can be opened to [channels, side, field, jump, start of the first unit's field]."""
    traced = networks.squeezenet("1.1").trace(side)
    table = {row.name: (row.channels, row.size, row.field) for row in traced}
    found = {name: table[name] for name in squeezenet.ROWS}
    return {name: [c, size, f.size, f.jump, f.start] for name, (c, size, f) in found.items()}


def removed_of(state) -> tuple[str, int, int] | None:
    """The stage and the channels, from the first up to but without the last, that a state takes out."""
    if state.remove == "nothing":
        return None
    stage, _, what = state.remove.partition(" ")
    if what == "channel":
        return stage, state.removed_channel, state.removed_channel + 1
    half = rows(squeezenet.SIDE)[stage][0] // 2
    return stage, PART[what] * half, (PART[what] + 1) * half


@functools.cache
def weights(rank: int) -> dict:
    """The weights in 8 bits, every 3 x 3 slice cut to its nearest of that rank."""
    found = squeezenet.int8_weights()
    for name, weight in found.items() if rank < 3 else ():
        if weight.shape[2:] == (3, 3):
            left, sizes, right = np.linalg.svd(weight.astype(float))
            found[name] = ((left[..., :rank] * sizes[..., None, :rank]) @ right[..., :rank, :]).astype(np.float32)
    return found


class NetworkLive(Explorer):
    """SqueezeNet 1.1 at work on a picture: its stages, each unit's sum, its prediction, and what changes it.

    The weights have 8 bits with one factor for each output channel (`cnnlib.data.squeezenet_int8`). Both halves
    compute with them; in a notebook the browser is handed the weights by this half when a reader asks for them.

    Parameters
    ----------
    photo : str
        One of the book's photographs (`cnnlib.data.photograph_names`), or ``"array"`` for ``image``. Setting ``image``
        sets it to ``"array"``.
    image : array (height, width, 3) or (height, width), optional
        Own picture, 0 to 1, or uint8; at most 512 x 512. The network sees the square in its middle, 227 x 227: averaged
        over areas where it is larger, its pixels repeated where it is smaller.
    stage : str
        The row that is open, one of `cnnlib.squeezenet.ROWS`. In ``"conv10"`` a channel is the map of a class.
    channel : int, optional
        Which channel, from 0; None is the one with the largest mean response.
    position : (int, int), optional
        Row and column of the unit whose sum is written out; None is the channel's strongest.
    shift : (int, int)
        Pixels down and to the right, -32 to 32. Beyond its edges the picture is mirrored, here and below.
    turn : int
        Degrees clockwise, -180 to 180.
    zoom : int
        Per cent, 50 to 200.
    cover : (int, int)
        Row and column of the middle of the square that covers the picture.
    cover_size : int
        Its side, 0 to 160.
    cover_fill : str
        ``"mean"``, the colour that is subtracted from every picture, ``"black"`` or ``"white"``.
    grey : bool
        Take the colours away: luma in all three channels.
    shuffle : str
        ``"nothing"``, ``"tiles of 56"``, ``"tiles of 32"``, ``"tiles of 16"``, ``"tiles of 8"`` or ``"pixels"``.
    remove : str
        ``"nothing"``, ``"fire5 1x1"`` or ``"fire5 3x3"``, half of what a fire module gives out, or
        ``"fire5 channel"`` and ``"conv1 channel"`` for ``removed_channel``: these responses are set to 0.
    removed_channel : int
        From 0.
    rank : int
        1 to 3: every 3 x 3 slice of a filter is cut to its nearest of that rank; 3 leaves it as it is.
    coarse : bool
        Give the network 113 x 113 pixels instead of 227 x 227.

    Raises
    ------
    ValueError
        For a value out of range, or an image that is no picture.

    Examples
    --------
    >>> explorer = NetworkLive(photo="cow")
    >>> [(name, round(p, 2)) for name, p in explorer.best[:2]]
    [('English springer', 0.26), ('ox', 0.15)]
    >>> explorer.stage, explorer.channel = "fire9", 300
    >>> len(explorer.unit.weights), np.isclose(explorer.unit.total, explorer.map[explorer.unit.position])
    (576, np.True_)
    """

    sheets = ("network_live/sheet.css",)
    assets = ASSETS
    carried = ("squeezenet", *(f"photo-{name}" for name in CARRIED))
    constants = {
        "CHANGES": CHANGES,
        "SIDES": {"fine": squeezenet.SIDE, "coarse": picture.COARSE},
        "ROWS": lambda: {"fine": rows(squeezenet.SIDE), "coarse": rows(picture.COARSE)},
        "MEANS": squeezenet.MEANS,
        "SHUFFLES": picture.SHUFFLES,
        "FILLS": picture.FILLS,
        "LUMA": data.GREY_WEIGHTS,
        "PREDICTIONS": stored_predictions,
        "FIRST_STAGES": first_stages,
        "MEGABYTES": lambda: round(len(ASSETS["squeezenet"]()) * 4 / 3e6, 1),  # in base64
    }
    silent = ("position",)

    photo = Choice((*PHOTOGRAPHS, "array"), default=FIRST)
    image = Picture(shows=("photo", "array"))
    stage = Choice(squeezenet.ROWS, default="conv10")
    channel = Whole(0, 999, None, allow_none=True, within="channels")
    position = Pair(0, 112, None, allow_none=True, within="map_shape")
    shift = Pair(-32, 32, (0, 0))
    turn = Whole(-180, 180, 0)
    zoom = Whole(50, 200, 100)
    cover = Pair(0, squeezenet.SIDE - 1, (113, 113))
    cover_size = Whole(0, 160, 0)
    cover_fill = Choice(picture.FILLS)
    grey = Flag(False)
    shuffle = Choice(picture.SHUFFLES)
    remove = Choice(REMOVALS)
    removed_channel = Whole(0, 511, 0, within="removable")
    rank = Whole(1, 3, 3)
    coarse = Flag(False)

    @property
    def channels(self) -> int:
        """How many channels the open stage has."""
        return rows(squeezenet.SIDE)[self.stage][0]

    @property
    def map_shape(self) -> tuple[int, int]:
        """Rows and columns of the open stage's maps."""
        return (rows(picture.COARSE if self.coarse else squeezenet.SIDE)[self.stage][1],) * 2

    @property
    def removable(self) -> int:
        """How many channels there are to take out one of."""
        stage, _, what = self.remove.partition(" ")
        return rows(squeezenet.SIDE)[stage][0] if what == "channel" else 512

    def needs(self):
        return {f"photo-{self.photo}"} & set(self.assets)

    def hidden(self):
        unused = {"removed_channel"} if not self.remove.endswith("channel") else set()
        return super().hidden() | unused | ({"cover", "cover_fill"} if not self.cover_size else set())

    @property
    def square(self) -> np.ndarray:
        """The picture's middle before any change, (227, 227, 3) of float64 from 0 to 1."""
        if self.photo == "array":
            return middle_square(np.asarray(self.image), squeezenet.SIDE)
        return levels(self.photo) / 255

    @property
    def input(self) -> np.ndarray:
        """What the network is given, (227, 227, 3) or (113, 113, 3)."""
        return picture.changed(self.square, self)

    @property
    def is_changed(self) -> bool:
        """Whether anything is done to the picture or to the network."""
        return any(getattr(self, name) != self.traits()[name].default_value for name in CHANGES)

    def _forward(self, intact=False):
        """The maps of every row, of the picture as it is given or of the intact one."""
        names = ("shift", "turn", "zoom", "cover", "cover_size", "cover_fill", "grey", "shuffle", "rank")
        traits = {name: self.traits()[name].default_value if intact else getattr(self, name) for name in names}
        removed = None if intact else removed_of(self)
        shown = self.photo if self.photo != "array" else self.image.tobytes()
        key = (shown, self.coarse, removed, *traits.items())
        if key not in _KEPT:
            state = SimpleNamespace(**traits, coarse=self.coarse)
            image = picture.changed(self.square, state).transpose(2, 0, 1)[None]
            found = squeezenet.maps(image, weights=weights(traits["rank"]), removed=removed)
            while len(_KEPT) >= KEEP:
                _KEPT.pop(next(iter(_KEPT)))
        else:
            found = _KEPT.pop(key)
        _KEPT[key] = found
        return found

    @property
    def maps(self) -> dict[str, np.ndarray]:
        """Every row's responses after the ReLU, (channels, height, width)."""
        return {name: values[0] for name, values in self._forward().items()}

    @property
    def probabilities(self) -> np.ndarray:
        """Of the 1,000 classes."""
        return _softmax(self._forward())

    @property
    def intact(self) -> np.ndarray:
        """The same without any of the changes."""
        return _softmax(self._forward(intact=True))

    @property
    def best(self) -> list[tuple[str, float]]:
        """The five best classes with their probabilities."""
        found, names = self.probabilities, data.imagenet_classes()
        return [(names[number], float(found[number])) for number in np.argsort(-found, kind="stable")[:SHOWN]]

    @property
    def shown_channel(self) -> int:
        """``channel``, or where that is None the one with the largest mean response."""
        return int(self.maps[self.stage].mean(axis=(1, 2)).argmax()) if self.channel is None else self.channel

    @property
    def map(self) -> np.ndarray:
        """The responses of the channel that is shown, (rows, columns)."""
        return self.maps[self.stage][self.shown_channel]

    @property
    def shown_position(self) -> tuple[int, int]:
        """``position``, or where that is None the strongest of the map."""
        if self.position is not None:
            return self.position
        return tuple(int(at) for at in np.unravel_index(self.map.argmax(), self.map.shape))

    @property
    def unit(self) -> Unit:
        """The sum that made the unit that is shown."""
        reads = self.maps | {"input": squeezenet.pixels(self.input.transpose(2, 0, 1)[None])[0]}
        return unit(reads, weights(self.rank), self.stage, self.shown_channel, self.shown_position)

    def result(self):
        said, names = ", ".join(f"{name} {p:.3f}" for name, p in self.best), data.imagenet_classes()
        if self.is_changed:
            intact = self.intact
            said += f"; without the changes {names[intact.argmax()]} {intact.max():.3f}"
        values, (row, column) = self.map, self.shown_position
        covered = f"{self.cover_size} x {self.cover_size} pixels about {self.cover} are covered ({self.cover_fill}). "
        name = f" ({names[self.shown_channel]})" if self.stage == "conv10" else ""
        return (
            f"{said}. {covered if self.cover_size else ''}"
            f"Channel {self.shown_channel}{name} of {self.stage}, {values.shape[0]} x {values.shape[1]}: "
            f"{values[row, column]:.4g} at ({row}, {column})."
        )

    def figure(self):
        from cnnlib.explore.network_live.still import still

        return still(self)


KEEP = 4
_KEPT = {}  # the maps that were asked for last, the latest behind, by what they depend on


def _softmax(maps) -> np.ndarray:
    scores = maps["conv10"][0].mean(axis=(1, 2), dtype=float)
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()
