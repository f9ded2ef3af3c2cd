import { ontoGrid } from "../kit/clamp.mjs";
import { button } from "../kit/controls.mjs";
import { h, setHidden, setText } from "../kit/dom.mjs";
import { grouped } from "../kit/format.mjs";
import { explorer } from "../kit/frame.mjs";
import { frame } from "../kit/marks.mjs";
import { memo } from "../kit/memo.mjs";
import { panels } from "../kit/panels.mjs";
import { photographControls } from "../kit/photograph_controls.mjs";
import { pixelCanvas } from "../kit/pixels.mjs";
import { computing } from "./computing.mjs";
import { boxed, cellAt, cellOf, GALLERY_CELL, galleryPixels, overlayPixels, unitAt } from "./drawing.mjs";
import { bounds, fieldOf, isChanged, largest, mapOf, misfit, ranges, rowOf } from "./model.mjs";
import { loses, NAMES, sideOf, strongest, unit } from "./model.mjs";
import { centred, coloured, hiddenSquare } from "./picture.mjs";
import { loader, predictions } from "./predictions.mjs";
import { SCHEMA, SIDES } from "./schema.mjs";
import { strip } from "./strip.mjs";
import { sumPanel } from "./sum.mjs";
import { MEGABYTES, PREDICTIONS } from "./tables.mjs";
import { REMOVAL_NAMES, texts, titled, waitingTexts } from "./words.mjs";

const WIDE = 700; // pixels of a frame with room for picture, strip and predictions side by side
const SMALL = 330; // pixels of one in which the picture leaves no room beside it
const GAP = 21; // pixels between two panels
const GALLERY = 36; // channels that the gallery shows
const FINE = [SIDES.fine, SIDES.fine];
const COVER = 57; // pixels of the square that a first press on the picture puts there

function build(tools) {
  const { change, request, state: readState, say, bound, asset } = tools;
  const network = computing(asset, request);
  let now = null; // what is on the page: { channel, position, order, columns, unit }
  const path = []; // where a walk down through the terms came from
  const open = (stage, channel = null, position = null) => change({ stage, channel, position });
  const choose = (values) => {
    path.length = 0;
    change(values);
  };

  if (asset.there?.("squeezenet")) network.load(); // another explorer of this page has asked for it
  const bars = predictions((number) => choose({ stage: "conv10", channel: number, position: null }));
  const load = loader(MEGABYTES, network.load);
  const stages = strip((stage) => choose({ stage, channel: null, position: null }));

  function coverAt(pixel) {
    const { cover_size } = readState();
    const scale = SIDES.fine / sideOf(readState());
    change({
      cover: ontoGrid(
        pixel.map((at) => Math.round(at * scale)),
        FINE,
      ),
      cover_size: cover_size || COVER,
    });
  }
  const input = pixelCanvas({
    label: "The picture. Press, drag, or use the arrow keys, to cover a square of it.",
    press: coverAt,
    move(step) {
      const { cover, cover_size } = readState();
      const moved = ontoGrid(
        cover.map((at, axis) => at + 8 * step[axis]),
        FINE,
      );
      change({ cover: cover_size ? moved : cover, cover_size: cover_size || COVER });
    },
  });

  function go(position) {
    if (!now) return;
    change({ channel: now.channel, position: ontoGrid(position, bounds.map_shape(readState())) });
  }
  const map = pixelCanvas({
    label: "The channel over the picture. Press, or use the arrow keys, to choose a unit.",
    press: (pixel) => go(unitAt(readState(), pixel)),
    move: (step) => now && go(now.position.map((at, axis) => at + step[axis])),
  });
  function pick(index) {
    if (now && index >= 0 && index < now.order.length) choose({ channel: now.order[index], position: null });
  }
  const gallery = pixelCanvas({
    label: "The strongest channels of the stage. Press, or use the arrow keys, to open one.",
    press: (pixel) => now && pick(cellAt(pixel, now.columns)),
    move: ([down, across]) => now && pick(now.order.indexOf(now.channel) + down * now.columns + across),
  });

  const sums = sumPanel(
    ([channel, row, column]) => {
      const { stage, channel: from, position } = readState();
      path.push([stage, from, position]);
      open(now.unit.source, channel, [row, column]);
    },
    () => path.length && open(...path.pop()),
  );
  const shown = panels({ input, strip: stages, predictions: bars, map, channels: gallery, sum: sums });
  // the inside of the network, under the controls: what they change is beside them on a phone as well
  const inside = h("div", { class: "below" }, shown.of.map, shown.of.channels, shown.of.sum);

  const { list, own } = photographControls(tools, {
    schema: SCHEMA,
    label: "Picture",
    names: Object.fromEntries(Object.keys(PREDICTIONS).map((name) => [name, titled(name)])),
    hides: () => (asset.only ? Object.keys(PREDICTIONS).filter((name) => !asset.there(`photo-${name}`)) : []),
    write: (photo) => choose({ photo, channel: null, position: null }),
    also() {
      path.length = 0;
      return { channel: null, position: null };
    },
    most: SIDES.fine,
    square: true,
  });
  const out = button("Take out the channel shown", takeOut);
  const whyNot = h("span", { class: "range" });
  const controls = [
    list,
    bound.choice("stage", "Stage", {
      names: Object.fromEntries(NAMES.map((name) => [name, name.replace("_", ", ")])),
      write: (stage) => choose({ stage, channel: null, position: null }),
    }),
    bound.toggle("coarse", "Give it 113 × 113 pixels"),
    own,
    bound.slider("shift", "Down", { axis: 0 }),
    bound.slider("shift", "Right", { axis: 1 }),
    bound.slider("turn", "Turn", { unit: "°" }),
    bound.slider("zoom", "Zoom", { unit: "%" }),
    bound.choice("shuffle", "Shuffle"),
    bound.toggle("grey", "Grey"),
    bound.slider("cover_size", "Cover"),
    bound.choice("cover_fill", "Filled with", {
      names: { mean: "Mean colour", black: "Black", white: "White" },
      rests: ({ cover_size }) => (cover_size ? "" : "nothing is covered"),
    }),
    bound.slider("rank", "3 × 3 rank"),
    bound.choice("remove", "Take out", { names: REMOVAL_NAMES }),
    bound.slider("removed_channel", "Channel", {
      rests: ({ remove }) => (remove.endsWith(" channel") ? "" : "no single channel is taken out"),
    }),
    {
      element: h("div", { class: "control out tight" }, out, whyNot),
      update({ stage }) {
        out.disabled = !loses(stage);
        setText(whyNot, out.disabled ? "only of conv1 and of what a fire module gives out" : "");
      },
    },
  ];

  function takeOut() {
    if (now) change({ remove: `${readState().stage} channel`, removed_channel: now.channel });
    else say("Run the network first; then open one of its channels.");
  }

  const inputPixels = memo(coloured);
  const order = memo((row) => largest(row.means, GALLERY));
  const galleryOf = memo(galleryPixels);
  const overlayOf = memo(overlayPixels);
  const weights = memo((net, name, rank) => net.engine.weightsOf(name, rank));
  const unitOf = memo(unit);
  const fedOnce = memo(centred);

  function widths(room) {
    if (room >= WIDE) {
      const side = Math.floor(Math.min(190, room * 0.2));
      const bars = Math.floor(Math.min(260, room * 0.24));
      return { side, bars, strip: room - side - bars - 2 * GAP, map: 180 };
    }
    const side = room > SMALL ? Math.floor(Math.min(200, room * 0.42)) : room;
    return { side, bars: room > SMALL ? room - side - GAP : room, strip: room, map: side };
  }

  function draw(state, colours, room) {
    const found = network.of(state);
    const wide = widths(room);
    for (const [name, width] of Object.entries({ input: wide.side, predictions: wide.bars, strip: wide.strip }))
      shown.of[name].style.width = `${width}px`;
    // at once, or the room of what is not there yet stays as a hole
    for (const panel of [shown.of.map, shown.of.channels, shown.of.sum]) setHidden(panel, !found.last);
    // only from one place to the other: what is put where it is already is laid out again with all that it holds
    if (inside.contains(shown.of.strip) === room >= WIDE)
      if (room >= WIDE) shown.of.input.after(shown.of.strip);
      else inside.prepend(shown.of.strip);
    if (!found.picture) return { status: network.trouble || "Unpacking the photograph …", numbers: () => "" };
    const side = sideOf(state);
    const scale = wide.side / side;
    input.paint(inputPixels([found.change], found.picture), side, side, scale);
    const whole = network.loaded;
    const { current, intact } = found;
    stages.show(state, found.last?.maps, colours);
    shown.say({
      input: `Picture, ${side} × ${side}`,
      strip: "Stages, by their strongest channel. Press one.",
      predictions: `Best of 1,000 classes${found.rough && !current ? ", roughly" : ""}`,
    });
    const altered = isChanged(state);
    if (!whole) {
      const stored = PREDICTIONS[state.photo];
      if (stored) bars.stored(stored);
      load.show(network.trouble || "It runs on this page; nothing is sent.", !network.loading);
      marks(state, scale, colours, null);
      return waitingTexts(stored, network.loading, altered);
    }
    load.show(network.trouble, false);
    const known = current?.probabilities ?? found.rough;
    const row = current?.maps[state.stage];
    const channels = row && order([current.key, state.stage], row);
    const channel = state.channel ?? channels?.[0] ?? null;
    if (known) bars.show(whole.classes, known, altered ? intact : null, state.stage === "conv10" ? channel : null);
    if (!current) {
      marks(state, scale, colours, null);
      return { status: network.trouble || "Computing …", numbers: () => "" };
    }
    const values = mapOf(row, channel);
    const position = state.position ?? strongest(values, row.side);
    const source = current.maps[NAMES[NAMES.indexOf(state.stage) - 1]];
    const read = source ?? { values: fedOnce([found.change], found.picture), side };
    const layerOf = (name) => ({
      ...whole.layers[name],
      weights: weights([name, state.rank], whole, name, state.rank),
    });
    const sum = unitOf([current.key, state.stage, channel, ...position], read, state.stage, channel, position, layerOf);
    now = { channel, position, order: channels, unit: sum };
    details(state, { found, row, channel, values, position, channels, sum }, wide, colours, room);
    marks(state, scale, colours, fieldOf(state, position));
    return texts(state, {
      classes: whole.classes,
      probabilities: current.probabilities,
      intact: altered ? intact : current.probabilities,
      channel,
      position,
      value: values[position[0] * row.side + position[1]],
      unit: sum,
      channels,
    });
  }

  function marks(state, scale, colours, field) {
    const squares = state.cover_size ? hiddenSquare(state) : null;
    input.mark(
      (context) => {
        const fine = (scale * sideOf(state)) / SIDES.fine;
        if (squares) {
          const [[top, bottom], [left, right]] = squares.map((ends) => ends.map((at) => at * fine));
          context.setLineDash([4, 3]);
          frame(context, left, top, right - left, bottom - top, colours.paper, 1);
          context.setLineDash([]);
        }
        if (field) boxed(context, field, scale, colours.tap);
      },
      scale,
      [squares, field && Object.values(field), colours.tap, colours.paper],
    );
  }

  function details(state, { found, row, channel, values, position, channels, sum }, wide, colours, room) {
    const side = sideOf(state);
    const scale = wide.map / side;
    const [count] = rowOf(state);
    const overlay = overlayOf([found.current.key, state.stage, channel], found.picture, side, state, values);
    map.paint(overlay, side, side, scale);
    const field = fieldOf(state, position);
    map.mark((context) => boxed(context, field, scale, colours.tap), scale, [...Object.values(field), colours.tap]);
    const columns = 6;
    const pictures = galleryOf([found.current.key, state.stage, colours.zero], row, channels, columns, colours);
    const beside = room >= WIDE ? 190 : room > SMALL ? room - wide.map - GAP : room;
    const step = beside / pictures.wide;
    gallery.paint(pictures.pixels, pictures.wide, pictures.tall, step);
    const index = channels.indexOf(channel);
    gallery.mark(
      (context) => {
        const [top, left] = cellOf(index, columns).map((at) => at * step);
        if (index >= 0) frame(context, left, top, GALLERY_CELL * step, GALLERY_CELL * step, colours.tap);
      },
      step,
      [index, colours.tap],
    );
    shown.of.map.style.width = `${wide.map}px`;
    shown.of.channels.style.width = `${beside}px`;
    shown.of.sum.style.width = `${room >= WIDE ? Math.min(460, room - wide.map - beside - 2 * GAP) : room}px`;
    sums.show(sum, path.length > 0);
    const called = state.stage === "conv10" ? `class ${network.loaded.classes[channel]}` : `channel ${channel}`;
    shown.say({
      map: `${state.stage.replace("_", ", ")}, ${called}, on the picture`,
      channels:
        count > GALLERY ? `The strongest ${GALLERY} of ${grouped(count)}` : `All ${count} channels, strongest first`,
      sum: `How unit (${position.join(", ")}) came about: weight × value`,
    });
    now.columns = columns;
  }

  function destroy() {
    network.destroy();
    own.destroy();
  }

  return { stage: [...shown.all.slice(0, 3), load.element], controls, below: inside, draw, destroy };
}

export default explorer({ title: "A network on your own picture", schema: SCHEMA, misfit, bounds, ranges, build });
