"""anywidget as the page needs it: the page has the explorers' JavaScript, so a widget only says which one it is."""

import ipywidgets
import traitlets


class AnyWidget(ipywidgets.DOMWidget):
    """A widget that the page draws by the name of its class."""

    _model_name = traitlets.Unicode("AnyModel").tag(sync=True)
    _model_module = traitlets.Unicode("anywidget").tag(sync=True)
    _view_name = traitlets.Unicode("AnyView").tag(sync=True)
    _view_module = traitlets.Unicode("anywidget").tag(sync=True)

    def __init__(self, *values, **options):
        name = f"{type(self).__module__}.{type(self).__name__}"
        self.add_traits(_anywidget_id=traitlets.Unicode(name).tag(sync=True))
        super().__init__(*values, **options)

    def _repr_mimebundle_(self, **options):
        return {"text/plain": repr(self)}
