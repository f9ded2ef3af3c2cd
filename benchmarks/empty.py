"""An explorer that draws nothing: what a frame costs that is no explorer's own."""

from cnnlib.explore.base.explorer import Explorer
from cnnlib.explore.base.traits import Whole

VIEW = """import { explorer } from "../kit/frame.mjs";
import { SCHEMA } from "./schema.mjs";

function build({ bound }) {
  const controls = [bound.slider("value", "Value")];
  return { stage: [], controls, draw: ({ value }) => ({ status: `Value ${value}.` }) };
}

export default explorer({ title: "Empty", schema: SCHEMA, build });
"""


class Empty(Explorer):
    """One slider, and a line that says where it is."""

    generated = {"empty/view.mjs": lambda: VIEW}

    value = Whole(0, 100, 50)

    def result(self):
        return f"Value {self.value}."

    def figure(self):
        return None
