"""What each dialect has words for, and which padding its words mean."""

from cnnlib import conventions, geometry

DIALECTS = {
    "torch": "torch",
    "keras": "Keras",
    "onnx": "ONNX",
    "scipy": "SciPy",
    "cnnlib": "cnnlib",
    "exam": "the exam",
}
LAYERS = {"conv": "convolution", "depthwise": "depthwise convolution", "transposed": "transposed convolution"}
#: Rows and columns of the input.
SIZE = (4, 5)


def sides_of(state):
    """(top, bottom, left, right) and the output padding of a state, from the words of its dialect."""
    spans = geometry.span(tuple(state.kernel_size), state.dilation)
    if state.padding == "valid":
        return (0, 0, 0, 0), (0, 0)
    if state.padding == "numbers":
        (top, left), (bottom, right) = state.before, state.after
        return (top, bottom, left, right), tuple(state.output_padding) if state.layer == "transposed" else (0, 0)
    if state.layer == "transposed":
        cut = [max(span - state.stride, 0) for span in spans]
        return tuple(n for c in cut for n in (c // 2, c - c // 2)), tuple(max(state.stride - span, 0) for span in spans)
    rule = "scipy" if state.dialect == "scipy" else "keras"
    window = {"stride": state.stride, "dilation": state.dilation}
    return conventions.same_sides(rule, SIZE, tuple(state.kernel_size), **window), (0, 0)


def unsaid(state, dialect):
    """Why a dialect has no words for a layer, and what would do; or None. Another's "same" is numbers to it."""
    transposed, own = state.layer == "transposed", dialect == state.dialect
    sides, extra = sides_of(state)
    if dialect == "keras" and state.stride > 1 and state.dilation > 1:
        both = f"stride={state.stride} and dilation={state.dilation}"
        return f"{both} are both above 1, which Keras refuses; use 1 for one"
    if dialect == "keras" and max(extra) >= state.stride:
        return f"output_padding={max(extra)} is not below stride={state.stride}, as Keras asks for; use less"
    if own and state.padding == "same" and transposed and dialect != "keras":
        return "padding='same' of a transposed layer is a word of Keras's; use dialect='keras', or numbers"
    if own and state.padding == "same" and dialect in ("torch", "cnnlib") and state.stride > 1:
        return f"padding='same' needs stride=1 in {DIALECTS[dialect]}, not {state.stride}; use numbers, or stride=1"
    if dialect != "exam":
        return None
    if own and state.padding == "same":
        return "padding='same' is no word of the exam; use numbers"
    if state.kernel_size[0] != state.kernel_size[1]:
        return "its filters are square, F x F; use a square kernel_size"
    if transposed and (max(sides) or max(extra) or state.dilation > 1):
        return "its transposed layers have neither padding nor dilation; use padding='valid' and dilation=1"
    if len(set(sides)) > 1:
        return "it pads P pixels on each side, all alike; use equal numbers before and after"
    return None


def unfit(state):
    """Why a layer has no output, and what would do; or None."""
    (top, bottom, left, right), extra = sides_of(state)
    spans = geometry.span(tuple(state.kernel_size), state.dilation)
    if state.layer != "transposed":
        room = SIZE[0] + top + bottom, SIZE[1] + left + right
        if spans[0] <= room[0] and spans[1] <= room[1]:
            return None
        window, pixels = (f"{rows} x {columns}" for rows, columns in (spans, room))
        return f"a window of {window} does not fit in {pixels} padded pixels; use a smaller one"
    least = max(state.stride, state.dilation)
    if state.padding == "numbers" and max(extra) >= least:
        return f"output_padding={max(extra)} is not below the larger of stride and dilation; use at most {least - 1}"
    full = [(n - 1) * state.stride + span + e for n, span, e in zip(SIZE, spans, extra, strict=True)]
    if full[0] > top + bottom and full[1] > left + right:
        return None
    return f"before and after cut away all of {full[0]} x {full[1]} pixels; use less"
