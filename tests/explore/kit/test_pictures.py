"""Photographs that are unpacked when they are asked for."""


def test_one_that_cannot_be_unpacked_is_an_error_and_not_waited_for_without_end(library):
    script = """async () => {
      const { pictures } = cnnlibExplorers.load("kit/pictures.mjs");
      let ready = null;
      const called = new Promise((done) => (ready = done));
      const whole = pictures({ sheep: { height: 1, width: 1, deflated: "AAAA" } }, ready);
      const first = whole.of("sheep");
      await called;
      try { return whole.of("sheep"); } catch (error) { return [first, error.message.split(":")[0]]; } }"""
    assert library.evaluate(script) == [None, "sheep can't be unpacked"]
