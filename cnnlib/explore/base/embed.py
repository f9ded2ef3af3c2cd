"""An explorer outside the book: one HTML file, or one JavaScript module that a host of anywidgets can load.

Both are made from the same joined source as the widget in a notebook. `Explorer.save` writes them with the state of a
Python object; the site hands a reader the same texts with the state that the page shows.
"""

import base64
import json
import re
from html import escape

import numpy as np

from cnnlib.explore.base import source

PAGE = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n'
    "<style>:root {{ color-scheme: light dark }} body {{ margin: 0 auto; max-width: 60rem; padding: 0.5rem }}</style>\n"
    '</head>\n<body>\n<main></main>\n<script type="module">\n'
)
END = "</script>\n</body>\n</html>\n"


def parts(explorer: type) -> dict[str, str]:
    """The texts between which the state stands: ``module`` follows it; ``before`` and ``after`` make a page of both.

    The state is ``STATE``, and ``MORE`` are assets that are not in every file, by name.

    >>> from cnnlib.explore import ConvArithmetic
    >>> found = parts(ConvArithmetic)
    >>> found["before"].splitlines()[4], found["module"].splitlines()[-1]
    ('<title>Convolution arithmetic</title>', 'export default load("conv_arithmetic/embed.mjs").default;')
    """
    folder, view = explorer.__module__.rpartition(".")[2], explorer.module
    entry = f"{folder}/embed.mjs"
    text = (
        'import { standalone } from "../kit/standalone.mjs";\n'
        f'import {{ default as widget }} from "../{view}";\n'
        "export default standalone(widget, STATE, STYLE, ASSETS);\n"
    )
    module = source.joined(entry, {**explorer.generated, entry: lambda: text})
    assets = _packed(explorer, carried(explorer))
    return {
        "module": f"const STYLE = {json.dumps(source.style(*source.SHARED, *explorer.sheets))};\n"
        f"const ASSETS = {{ ...MORE, ...{json.dumps(assets)} }};\n{module}",
        "before": PAGE.format(title=escape(title(explorer))),
        "after": f'load({json.dumps(entry)}).default.render({{ el: document.querySelector("main") }});\n{END}',
    }


def carried(explorer: type) -> tuple[str, ...]:
    """The assets that every file of an explorer has."""
    assets = getattr(explorer, "assets", {})
    return tuple(assets) if getattr(explorer, "carried", None) is None else explorer.carried


def _packed(explorer, names) -> dict[str, str]:
    return {name: base64.b64encode(explorer.assets[name]()).decode() for name in names}


def title(explorer: type) -> str:
    """What an explorer is headed by."""
    headed = re.search(r'\btitle: "([^"]+)"', source.modules(explorer.module, explorer.generated)[explorer.module])
    return headed[1] if headed else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", explorer.__name__).capitalize()


def module(explorer) -> str:
    """The JavaScript module of an explorer in its present state, ``export default {render}``."""
    state = {name: _plain(getattr(explorer, name)) for name in explorer.parameters}
    more = _packed(explorer, sorted(explorer.needs() - set(carried(type(explorer)))))
    return f"const STATE = {json.dumps(state)};\nconst MORE = {json.dumps(more)};\n{parts(type(explorer))['module']}"


def page(explorer) -> str:
    """The HTML file of an explorer in its present state, which asks for nothing else."""
    found = parts(type(explorer))
    return found["before"] + module(explorer).replace("</", "<\\/") + found["after"]


def _plain(value):
    if not isinstance(value, np.ndarray):
        return value
    data = np.ascontiguousarray(value, np.float32)
    return {"shape": list(data.shape), "data": base64.b64encode(data.tobytes()).decode()}
