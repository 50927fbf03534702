"""A figure that is drawn once for each file, not twice."""

from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine


class Sheet(Figure):
    """A figure whose layout is made without a trial drawing.

    Before it saves a figure that has a layout engine, Matplotlib draws it all once without output, only so
    that the engine runs; then it draws with a placeholder for the engine. Here the engine alone runs first.
    """

    def draw(self, renderer: RendererBase) -> None:
        engine = self.get_layout_engine()
        if isinstance(engine, ConstrainedLayoutEngine) and self.canvas.is_saving():
            engine.execute(self)
        else:
            super().draw(renderer)
