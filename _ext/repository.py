"""Turn on launch and edit buttons when, and only when, the book has an address to lead to.

The one place is `repository: url:` in _config.yml.
"""

LAUNCHERS = {
    "binderhub_url": "https://mybinder.org",
    "colab_url": "https://colab.research.google.com",
}


def set_buttons(app, config):
    """With a repository address: Binder, Colab and "edit this page". Without: none of them."""
    options = config.html_theme_options
    buttons = dict(options.get("launch_buttons") or {})
    address = (options.get("repository_url") or "").strip()
    for name, host in LAUNCHERS.items():
        buttons[name] = (buttons.get(name) or host) if address else ""
    if "github.com" not in address:
        buttons["colab_url"] = ""  # Colab opens notebooks from GitHub only
    options["repository_url"] = address
    options["launch_buttons"] = buttons
    options["use_edit_page_button"] = bool(address)


def setup(app):
    app.connect("config-inited", set_buttons)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
