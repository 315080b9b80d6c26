"""Several people, one building model: aecos from Python.

`aecos.sync` is the front door. Pure Python, the standard library only; it runs in CPython 3.8 to 3.13, and in the
IronPython 2.7 of pyRevit.
"""
from aecos import errors
from aecos.errors import AecosError
from aecos.hub import Hub, HubProject
from aecos.project import Project

__version__ = "0.1.0"
__all__ = ["AecosError", "Hub", "HubProject", "Project", "errors"]
