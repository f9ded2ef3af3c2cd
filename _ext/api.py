"""Make the API reference from the docstrings of the package.

Sphinx's own extensions do the work: autodoc reads the docstrings, napoleon their NumPy sections,
viewcode adds the source and the links to it. Here is only how they are set.
"""

import inspect
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTENSIONS = ("sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode")
SETTINGS = {
    "add_module_names": False,
    "autodoc_member_order": "groupwise",
    "default_role": "literal",  # `name` in a docstring is code
    "autodoc_typehints": "none",  # docstrings name the kinds of their parameters, in words
    "napoleon_google_docstring": False,
    "napoleon_use_param": False,  # the words are no references, which -n would look for
    "napoleon_use_rtype": False,
    "napoleon_use_ivar": True,
    # Where Sphinx still takes such words for references, only those to the package are meant.
    "nitpick_ignore_regex": [("py:class", r"(?!cnnlib\.).*")],
}


def leave_out(app, what, name, obj, skip, options):
    """Leave out the fields of named tuples: their class describes them."""
    return True if type(obj).__name__ == "_tuplegetter" else skip


def show_signature(app, what, name, obj, options, signature, returns):
    """Show what a layer takes, where a torch that is not loaded stands in for its base class."""
    if what == "class" and signature == "(*args, **kwargs)":
        parameters = list(inspect.signature(obj.__init__).parameters.values())[1:]
        signature = str(inspect.Signature(parameters))
    return signature, returns


def list_references(app, what, name, obj, options, lines):
    """Turn numbered references into a list: on one page the numbers of many functions would clash.

    The initial of a first name, which reStructuredText would take for the letter of a list, is escaped.
    """
    lines[:] = [re.sub(r"^(\s*)\.\. \[\d+\] ([A-Z]\. )?", _entry, line) for line in lines]


def _entry(found):
    return f"{found[1]}-  " + ("\\" + found[2] if found[2] else "")


def configure(app, config):
    """Set what the configuration file leaves open."""
    for name, value in SETTINGS.items():
        if name not in config._raw_config:
            setattr(config, name, value)


def setup(app):
    """Called by Sphinx."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    for extension in EXTENSIONS:
        app.setup_extension(extension)
    app.connect("config-inited", configure)
    app.connect("autodoc-process-docstring", list_references, priority=400)  # before napoleon's 500
    app.connect("autodoc-skip-member", leave_out)
    app.connect("autodoc-process-signature", show_signature)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
