"""A name that ipywidgets imports."""


class InteractiveShell:
    """Never made in the page."""
