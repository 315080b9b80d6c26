"""What is saved and not shared yet, who is there, who has locked what, what waits to be settled."""
import aecos_buttons
import aecos_revit

aecos_buttons.press(aecos_buttons.status, aecos_revit.Desk())
