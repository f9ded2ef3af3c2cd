"""A session: one namespace, and cells that run in it in the order in which they are asked for."""

import ast
import linecache
import sys
import traceback
import warnings
from pathlib import Path

import IPython.display

from . import flow, host
from .output import Stream, bundle, pyplot_figures

KERNEL = str(Path(__file__).parent)


class Session:
    """Runs cells and sends what they show.

    ``send(message, buffers)`` takes a message for the page, ``fetch(name)`` gives a data file's content or None,
    and ``names`` are the data files that there are, below ``folder``.
    """

    def __init__(self, send, fetch, folder, names):
        self.page, self.namespace, self.cell, self.quiet = send, {"__name__": "__main__"}, None, False
        self.done = {}  # cell to the source that was run
        self.data = host.Data(folder, names, fetch)
        host.connect_widgets(send)
        sys.meta_path.insert(0, host.NoTorch())
        IPython.display.display = self.show
        warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")  # it is shown after the cell

    def plan(self, sources, at, everything=False, banned=()):
        """The cells to run for cell ``at``: those above that it needs and that have not run as they are, and itself."""
        before = range(at) if everything else flow.above(sources, at)
        wanted = [n for n in before if n not in banned and (everything or self.done.get(n) != sources[n])]
        return [*wanted, *([] if everything else [at])]

    def run(self, number, source, quiet=False):
        """Run one cell. True if it ran to its end; the name of a data file that it waits for, if it does."""
        self.cell, self.quiet = number, quiet
        self.done.pop(number, None)
        streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = (Stream(name, self.send) for name in ("stdout", "stderr"))
        try:
            self._execute(f"cell {number + 1}", source)
            for data in pyplot_figures():
                self.send({"type": "bundle", "data": data})
            self.done[number] = source
            return True
        except host.NeedsFile as needed:
            return str(needed)
        except BaseException as error:
            sys.stdout.flush()
            sys.stderr.flush()
            self.fail(error)
            return False
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            sys.stdout, sys.stderr = streams

    def _execute(self, name, source):
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        tree = ast.parse(source, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), self.namespace)
        if last is None:
            return
        value = eval(compile(ast.Expression(last.value), name, "eval"), self.namespace)
        if value is not None and not source.rstrip().endswith(";"):
            self.namespace["_"] = value
            self.show(value)

    def show(self, *values, **options):
        """What `display` does, and the last value of a cell."""
        if not self.quiet:
            for value in values:
                self.send({"type": "bundle", "data": bundle(value)})

    def send(self, message):
        if not self.quiet or message["type"] == "error":
            self.page({**message, "cell": self.cell}, [])

    def fail(self, error):
        """Show an error as Python shows it, from the reader's own line on."""
        told = traceback.TracebackException.from_exception(error)
        told.stack = traceback.StackSummary.from_list(_own(told.stack))
        self.send({"type": "error", "name": type(error).__name__, "text": "".join(told.format())})


def _own(frames):
    """The lines of a traceback from the cell's first on, without those of the kernel."""
    first = next((at for at, frame in enumerate(frames) if frame.filename.startswith("cell ")), len(frames))
    return [frame for frame in frames[first:] if not frame.filename.startswith(KERNEL)]
