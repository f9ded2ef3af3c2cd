/**
 * What a page has at work outside its elements, counted from when this runs: `tally.left()` names all that was begun
 * and not ended, `tally.late()` what was begun after `tally.close()`.
 */
globalThis.tally = (() => {
  const held = new Map(); // what is at work to its name
  const late = [];
  let closed = false;
  const real = { frame: requestAnimationFrame.bind(globalThis) };

  function begin(name, what) {
    if (closed) late.push(name);
    held.set(what, name);
  }

  const shared = (target) => !(target instanceof Node) || target.contains(document.body);
  const listening = new Map(); // target to the keys of its listeners
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const keyOf = (target, kind, listener) => {
    if (!listening.has(target)) listening.set(target, []);
    const known = listening.get(target);
    const found = known.find((key) => key.kind === kind && key.listener === listener) ?? { kind, listener };
    if (!known.includes(found)) known.push(found);
    return found;
  };
  EventTarget.prototype.addEventListener = function (kind, listener, options) {
    const target = this ?? globalThis;
    const outside = target === globalThis || target instanceof MediaQueryList || target instanceof Node;
    if (outside && shared(target)) begin(`listener for ${kind}`, keyOf(target, kind, listener));
    return add.call(target, kind, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (kind, listener, options) {
    const target = this ?? globalThis;
    held.delete(keyOf(target, kind, listener));
    return remove.call(target, kind, listener, options);
  };

  /** A pair of functions such as setInterval and clearInterval; `once` for those that end by themselves. */
  function pair(start, stop, once) {
    const [begun, ended] = [globalThis[start].bind(globalThis), globalThis[stop].bind(globalThis)];
    globalThis[start] = (call, ...more) => {
      const number = begun(
        (...given) => {
          if (once) held.delete(`${start} ${number}`);
          return call(...given);
        },
        ...more,
      );
      begin(start, `${start} ${number}`);
      return number;
    };
    globalThis[stop] = (number) => {
      held.delete(`${start} ${number}`);
      return ended(number);
    };
  }
  pair("setInterval", "clearInterval", false);
  pair("setTimeout", "clearTimeout", true);
  pair("requestAnimationFrame", "cancelAnimationFrame", true);

  for (const name of ["ResizeObserver", "MutationObserver", "IntersectionObserver"])
    globalThis[name] = class extends globalThis[name] {
      observe(...given) {
        begin(name, this);
        super.observe(...given);
      }
      disconnect() {
        held.delete(this);
        super.disconnect();
      }
    };
  globalThis.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      begin("Worker", this);
    }
    terminate() {
      held.delete(this);
      super.terminate();
    }
  };
  const { createObjectURL: make, revokeObjectURL: revoke } = URL;
  URL.createObjectURL = (what) => {
    const address = make.call(URL, what);
    begin("object URL", address);
    return address;
  };
  URL.revokeObjectURL = (address) => {
    held.delete(address);
    revoke.call(URL, address);
  };

  let answer = () => {}; // the reader's to the question whether the camera may be used
  const media = {
    async getUserMedia() {
      await new Promise((done) => (answer = done));
      const stream = document.createElement("canvas").captureStream();
      for (const track of stream.getTracks()) {
        const { stop } = track;
        held.set(track, "camera");
        track.stop = () => {
          held.delete(track);
          stop.call(track);
        };
      }
      return stream;
    },
  };
  Object.defineProperty(navigator, "mediaDevices", { value: media, configurable: true });

  return {
    left: () => [...held.values()],
    late: () => late,
    allow: () => answer(),
    close(is = true) {
      closed = is;
    },
    async frames(count) {
      for (let n = 0; n < count; n += 1) await new Promise(real.frame);
    },
  };
})();
