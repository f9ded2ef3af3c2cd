"""A bare page with explorers on it, made from their source: what the built site does, without the site."""

import base64
import importlib
import json
from pathlib import Path

from ipywidgets import Widget, embed

from cnnlib import explore
from cnnlib.explore.base import source
from cnnlib.explore.base.explorer import Explorer
from tests.conftest import LONG

ROOT = Path(__file__).resolve().parents[3]
LIVE = ROOT / "_ext" / "live"
DRIVER = Path(__file__).with_name("driver.js").read_text(encoding="utf-8")
#: An explorer's entry to its modules and to the script that hands its assets in: both are the same on every page.
MODULES: dict[str, tuple[dict[str, str], str]] = {}
STATE = "application/vnd.jupyter.widget-state+json"
#: Keeps the page's models where a test can read them.
KEEP = """{
  const revive = cnnlibExplorers.revive;
  cnnlibExplorers.revive = (stored) => (globalThis.models = revive(stored));
}"""


def classes() -> list[type]:
    """Every explorer with parameters to move, in the order in which they are exported."""
    found = [getattr(explore, name) for name in explore.__all__]
    return [
        each for each in found if isinstance(each, type) and issubclass(each, Explorer) and each.__name__ != "Question"
    ]


def own_check(explorer: type):
    """The module ``check.py`` of an explorer's tests, with STATES and ``check(explorer, seen)``; None without one.

    It may have REFUSED, pairs of keywords that do not fit and what the error says about them; ACTIVE, parameters that
    have no effect at present and whose controls act all the same; FEW, parameter to the choices that the sweep and the
    walk try where there are many; and ASSETS, those that the page is given for that. The long form tries every choice
    with every asset.
    """
    path = ROOT / "tests/explore" / folder(explorer) / "check.py"
    return importlib.import_module(f"tests.explore.{folder(explorer)}.check") if path.is_file() else None


def folder(explorer: type) -> str:
    return explorer.__module__.rpartition(".")[2]


def stored(widgets: list[Widget]) -> dict:
    """The widget state as a notebook stores it, without the sources; links between the widgets are in it."""
    models = {}
    for name, model in embed.dependency_state(widgets, drop_defaults=False).items():
        state = {key: value for key, value in model["state"].items() if key not in ("_esm", "_css")}
        models[name] = {**model, "state": state}
    return {"state": models, "version_major": 2, "version_minor": 0}


def within(widgets: list[Widget]) -> list[Explorer]:
    """The explorers among widgets and, for boxes and tabs, among what is in them."""
    found = []
    for widget in widgets:
        found += [widget] if isinstance(widget, Explorer) else within(getattr(widget, "children", ()))
    return found


def html(widgets: list[Widget], state: dict | str | None = None) -> str:
    """The page; ``state`` takes the place of the widgets' own, to try a damaged one."""
    kinds = {each.module: each for each in within(widgets)}  # each widget has a class of its own, made by anywidget
    modules, entries = {}, {}
    for entry, one in kinds.items():
        if entry not in MODULES:
            MODULES[entry] = source.modules(entry, one.generated), handed(type(one)) if one.assets else ""
        modules |= MODULES[entry][0]
        entries[f"{one.__module__}.{type(one).__name__}"] = entry
    scripts = [
        (LIVE / "model.js").read_text(encoding="utf-8"),
        *(MODULES[entry][1] for entry in kinds),
        (LIVE / "controls.js").read_text(encoding="utf-8"),
        KEEP,
    ]
    scripts += [f"cnnlibExplorers.define({json.dumps(name)}, {text});" for name, text in modules.items()]
    scripts += [
        f"cnnlibExplorers.register({json.dumps(name)}, {json.dumps(entry)});" for name, entry in entries.items()
    ]
    few = {each.model_id: {} if LONG else getattr(own_check(type(each)), "FEW", {}) for each in within(widgets)}
    scripts += [f"{DRIVER}\ndriver.few = {json.dumps(few)};", (LIVE / "mount.js").read_text(encoding="utf-8")]
    mounts = "".join(
        f'<div class="live-mount" data-model="{each.model_id}"><div class="live-still"><pre>{each!r}</pre></div></div>'
        for each in widgets
    )
    sheets = dict.fromkeys(sheet for each in within(widgets) for sheet in getattr(each, "sheets", ()))
    text = state if isinstance(state, str) else json.dumps(state or stored(widgets))
    text = text.replace("</", "<\\/")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Explorers</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{source.style(*source.SHARED, *sheets)}{(LIVE / 'live.css').read_text(encoding='utf-8')}</style>"
        "</head><body><main>"
        f"<h1>Explorers</h1>{mounts}</main>"
        f'<script type="{STATE}">{text}</script>'
        + "".join(f"<script>{script}</script>" for script in scripts)
        + "</body></html>"
    )


def handed(kind: type) -> str:
    """The script that hands in the assets that an explorer's check names, or all; the site has one for each."""
    wanted = kind.assets if LONG else getattr(own_check(kind), "ASSETS", kind.assets)
    entries = {name: base64.b64encode(kind.assets[name]()).decode() for name in wanted}
    return f"for (const [name, text] of Object.entries({json.dumps(entries)})) cnnlibExplorers.hand(name, text);"


def as_python(explorer: Explorer, parameters: dict) -> Explorer:
    """The Python half in the state that the page's model has; an array it shares with the one that made the page."""
    given = {
        name: getattr(explorer, name) if explorer.traits()[name].kind == "image" else value
        for name, value in parameters.items()
    }
    return type(explorer)(**given)
