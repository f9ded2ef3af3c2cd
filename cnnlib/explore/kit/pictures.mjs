import { unpack } from "./pixels.mjs";

/**
 * Photographs by name, unpacked when they are first asked for: `of(name)` gives the picture, or null until it is there,
 * when `ready()` is called. `given(image)` is the same of an array from Python or a reader's own, `{ shape, data }`.
 * `make` unpacks what is packed otherwise, and `open` makes the same of the shape and the values of an array.
 */
export function pictures(packed, ready, make = unpack, open = grey) {
  const unpacked = new Map();
  const arrays = new WeakMap();
  return {
    of(name) {
      if (!unpacked.has(name)) {
        unpacked.set(name, null);
        make(packed[name]).then((picture) => (unpacked.set(name, picture), ready()));
      }
      return unpacked.get(name);
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

const grey = ([height, width], values) => ({ height, width, values });

/** The line that stands while a photograph is unpacked. */
export const WAITING = { status: "Unpacking the photograph …", numbers: () => "" };
