"""What is not new is not drawn, made or written again: a frame has little time, and each touched canvas is copied."""


def test_marks_are_drawn_again_only_when_their_key_the_scale_or_the_picture_is_another(library):
    drawn = library.evaluate(
        """() => {
          const { pixelCanvas, greyPixels } = cnnlibExplorers.load("kit/pixels.mjs");
          const [picture, pixels] = [pixelCanvas({ label: "One." }), greyPixels([0, 1, 0.5, 0.2])];
          let count = 0;
          const mark = (...rest) => { picture.mark(() => (count += 1), ...rest); return count; };
          picture.paint(pixels, 2, 2, 10);
          const seen = [mark(10, [1, "red"]), mark(10, [1, "red"]), mark(10, [2, "red"]), mark(20, [2, "red"])];
          picture.paint(greyPixels([0, 1]), 2, 1, 20);
          return [...seen, mark(20, [2, "red"]), mark(20, [2, "red"]), mark(20), mark(20)];
        }"""
    )
    assert drawn == [1, 1, 2, 3, 4, 4, 5, 6]


def test_a_text_is_written_into_the_node_that_is_there(library):
    """A new node would be laid out from nothing; what is inside beside a text makes way for it."""
    same, texts = library.evaluate(
        """() => {
          const { h, setText } = cnnlibExplorers.load("kit/dom.mjs");
          const [element, mixed] = [h("p", {}, "one"), h("p", {}, "one", h("b", {}, "two"))];
          const [node, texts] = [element.firstChild, []];
          for (const text of ["one", "two"]) texts.push((setText(element, text), element.textContent));
          const same = element.firstChild === node;
          for (const text of ["", "three"]) texts.push((setText(element, text), element.textContent));
          setText(mixed, "four");
          return [same, [...texts, mixed.innerHTML]];
        }"""
    )
    assert same and texts == ["one", "two", "", "three", "four"]


def test_a_ladder_offers_the_same_list_until_a_value_joins_it(library):
    kept = library.evaluate(
        """() => {
          const { bind } = cnnlibExplorers.load("kit/bound.mjs");
          const bound = bind({ size: { choices: null } }, { state: () => ({}), change() {} });
          const { element, update } = bound.ladder("size", "Size", [1, 1000], { none: "none" });
          const options = (size) => { update({ size }); return [...element.querySelectorAll("option")]; };
          const [first, again, more, less] = [1, null, 20, 1000].map(options);
          const texts = more.map((option) => option.textContent);
          return [first[0] === again[0], more[0] === again[0], less[0] === more[0], texts];
        }"""
    )
    assert kept == [True, False, True, ["1", "20", "1,000", "none"]]


def test_a_correlation_leaves_its_input_and_earlier_outputs_alone(library):
    """The arrays that it borrows are its own: no larger picture before, and no call after, changes a result."""
    one, other, image = library.evaluate(
        """() => {
          const { correlate } = cnnlibExplorers.load("mirror/correlation.mjs");
          const state = { kernel_size: 5, stride: 1, padding: 2, dilation: 1 };
          const run = (image, side) => correlate(image, side, side, new Float64Array(25).fill(1), state).output;
          const image = Float32Array.from({ length: 36 }, (_, k) => k);
          const one = run(image, 6), before = Array.from(one);
          run(new Float32Array(400).fill(9), 20);
          const other = run(image, 6);
          return [Array.from(one).join() === before.join(), Array.from(other).join() === before.join(), image.join()];
        }"""
    )
    assert one and other and image == ",".join(map(str, range(36)))
