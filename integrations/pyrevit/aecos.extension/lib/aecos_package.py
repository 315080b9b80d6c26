"""Makes the package `aecos` known: it lies beside this file, is installed, or is that of the repository around."""
import os
import sys

try:
    import aecos
except ImportError:
    _UP = os.path.dirname(os.path.abspath(__file__))
    for _ in range(4):  # lib, aecos.extension, pyrevit, integrations
        _UP = os.path.dirname(_UP)
    sys.path.append(os.path.join(_UP, "python"))
    import aecos

__all__ = ["aecos"]
