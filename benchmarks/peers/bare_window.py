"""The least a PySide6 program can do: a QApplication, an empty window, its first paint. The anchor of `start`."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QPainter, QPaintEvent  # the platform is chosen before Qt loads
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class Sheet(QWidget):
    """A white sheet with one word."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint, tell, and go."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().base())
        painter.drawText(40, 40, "painted")
        painter.end()
        print("painted", flush=True)
        from benchmarks.peers.protocol import peak_kb

        print(peak_kb(), flush=True)
        os._exit(0)


def main() -> int:
    """Show the window."""
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setCentralWidget(Sheet())
    window.resize(1440, 900)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
