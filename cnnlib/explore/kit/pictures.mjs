import { unpack } from "./pixels.mjs";

/**
 * Photographs by name, unpacked when they are first asked for: `of(name)` gives the picture, or null until it is there,
 * when `ready()` is called; one that can't be unpacked is an error, then and whenever it is asked for. `given(image)`
 * is the same of an array from Python or a reader's own, `{ shape, data }`. `make` unpacks what is packed otherwise,
 * and `open` makes the same of the shape and the values of an array.
 */
export function pictures(packed, ready, make = unpack, open = grey) {
  const unpacked = new Map();
  const arrays = new WeakMap();
  return {
    of(name) {
      if (!unpacked.has(name)) {
        unpacked.set(name, null);
        make(packed[name])
          .catch((error) => new Error(`${name} can't be unpacked: ${error.message}`))
          .then((picture) => (unpacked.set(name, picture), ready()));
      }
      const found = unpacked.get(name);
      if (found instanceof Error) throw found;
      return found;
    },
    /** The picture of a state with `photo` and `image`. */
    shown({ photo, image }) {
      return photo === "array" ? this.given(image) : this.of(photo);
    },
    given(image) {
      if (!arrays.has(image)) {
        const { buffer, byteOffset, byteLength } = image.data;
        const values = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
        arrays.set(image, open(image.shape, values));
      }
      return arrays.get(image);
    },
  };
}

/** Height and width of the picture of a state, whether it is unpacked or not. */
export const sizeOf = (packed, { photo, image }) =>
  photo === "array" ? image.shape.slice(0, 2) : [packed[photo].height, packed[photo].width];

/** Why a state's own image has no piece of that side, in the words of `too_small` in `photographs.py`, or null. */
export const tooSmall = ({ photo, image }, side) =>
  photo === "array" && Math.min(...image.shape.slice(0, 2)) < side
    ? `image of ${image.shape[0]} x ${image.shape[1]} pixels is too small; use at least ${side} x ${side}`
    : null;

/** Row and column at which the piece of that side begins in the middle of an image. */
export const middlePiece = ({ shape }, side) => shape.slice(0, 2).map((length) => (length - side) >> 1);

const grey = ([height, width], values) => ({ height, width, values });

/** The line that stands while a photograph is unpacked. */
export const WAITING = { status: "Unpacking the photograph …", numbers: () => "" };
