"""Assets: how the JavaScript half asks a kernel for them."""


def test_a_kernel_is_asked_once(library):
    """Without a page of the site the model is asked, and what comes for another name is left alone."""
    script = """async () => {
      const { kernelAsset } = cnnlibExplorers.load("kit/assets.mjs");
      const sent = [];
      let hear = null;
      const asset = kernelAsset({ send: (message) => sent.push(message), on: (name, listener) => (hear = listener) });
      const [one, two] = [asset("squeezenet"), asset("squeezenet")];
      hear({ asset: "photo-cow" }, [new DataView(new ArrayBuffer(2))]);
      hear({ other: 1 }, []);
      const whole = Uint8Array.from([9, 1, 2, 3, 9]);
      hear({ asset: "squeezenet" }, [new DataView(whole.buffer, 1, 3)]);
      return [sent, Array.from(new Uint8Array(await one)), one === two]; }"""
    assert library.evaluate(script) == [[{"asset": "squeezenet"}], [1, 2, 3], True]


def test_what_a_kernel_refuses_may_be_asked_for_again(library):
    """With its reason; and a listener that nobody needs is taken off."""
    script = """async () => {
      const { kernelAsset } = cnnlibExplorers.load("kit/assets.mjs");
      const heard = [];
      const model = { sent: 0, send() { model.sent += 1; }, on: (name, listener) => heard.push(listener),
        off: (name, listener) => heard.splice(heard.indexOf(listener), 1) };
      const asset = kernelAsset(model);
      asset.off();
      const first = asset("squeezenet").catch((error) => error.message);
      heard[0]({ asset: "squeezenet", error: "FileNotFoundError: no weights" });
      const why = await first;
      const second = asset("squeezenet");
      heard[0]({ asset: "squeezenet" }, [new DataView(new ArrayBuffer(2))]);
      const bytes = (await second).byteLength;
      const listeners = [heard.length];
      asset.off();
      return [why, model.sent, bytes, ...listeners, heard.length]; }"""
    assert library.evaluate(script) == ["FileNotFoundError: no weights", 2, 2, 1, 0]
