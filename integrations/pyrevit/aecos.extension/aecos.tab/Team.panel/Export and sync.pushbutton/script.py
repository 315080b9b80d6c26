"""Exports the model to IFC into the project, keeping what others did there, and shares it."""
import aecos_buttons
import aecos_revit

aecos_buttons.press(aecos_buttons.export_and_sync, aecos_revit.Desk())
