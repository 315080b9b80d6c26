"""Tells the others that you work on the selected elements, or that you are done with them."""
import aecos_buttons
import aecos_revit

aecos_buttons.press(aecos_buttons.lock, aecos_revit.Desk())
