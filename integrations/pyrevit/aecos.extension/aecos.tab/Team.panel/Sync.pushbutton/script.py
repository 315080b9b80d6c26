"""Shares what was saved in the project's folder, and takes in what others did."""
import aecos_buttons
import aecos_revit

aecos_buttons.press(aecos_buttons.sync, aecos_revit.Desk())
