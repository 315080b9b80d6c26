"""Values that two people wanted differently: says which one stands."""
import aecos_buttons
import aecos_revit

aecos_buttons.press(aecos_buttons.conflicts, aecos_revit.Desk())
