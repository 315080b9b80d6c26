"""What the buttons do. Plain Python: all that is Revit's or pyRevit's is asked of a desk (aecos_revit.Desk)."""
import os
import re
import tempfile

from aecos_package import aecos
from aecos import errors

LOCK, RELEASE, SHOW = "Lock the selection", "Release the selection", "Show all locks"
LATER = "Decide later"


def press(button, desk):
    """Runs a button; what goes wrong is told in one line, and nothing is left half-done by it."""
    try:
        button(desk)
    except errors.AecosError as error:
        desk.alert(error.message)


def sync(desk):
    """Shares what was saved in the project's folder, and takes in what others did."""
    project = open_project(desk)
    if project is not None:
        tell_sync(desk, project, project.sync())


def status(desk):
    """What is saved and not shared yet; at a hub also the team."""
    project = open_project(desk)
    if project is None:
        return
    here = project.status()
    lines = ["You are on **%s**: %d to share, %d to take in." % (here.branch, here.to_share, here.to_take)]
    lines += told_changes(here.changes)
    lines += ["- held back: %s: %s" % (each.path, each.reason) for each in here.held]
    lines += ["- would be refused: %s" % line for line in here.would_be_refused]
    lines += ["- locked: %s" % line for line in here.locked_by_others]
    if here.open_conflicts:
        lines.append("**%d to be settled**: see Conflicts." % here.open_conflicts)
    lines += told_team(project)
    desk.show("Status", lines)


def lock(desk):
    """Locks and releases the selected elements; without a selection, the exported model."""
    project = open_project(desk)
    if project is None:
        return
    choice = desk.choose([LOCK, RELEASE, SHOW], "aecos locks")
    if choice == SHOW:
        desk.show("Locks", told_locks(project.locks()))
        return
    targets = desk.selection() or [(model_path(desk), "the model")]
    if choice == LOCK:
        reason = desk.ask_text("What are you about to do?", "")
        if reason is not None:
            desk.show("Locks", [take_lock(desk, project, target, name, reason) for target, name in targets])
    elif choice == RELEASE:
        desk.show("Locks", [release_lock(project, target, name) for target, name in targets])


def take_lock(desk, project, target, name, reason):
    """The line that says what became of it; whoever has it is asked for it, if one likes."""
    try:
        taken = project.lock(target, reason)
        return "- **%s** is yours until %s." % (name, taken.expires[:16].replace("T", " "))
    except errors.ChangedMeanwhile as error:
        if not desk.confirm("%s\n\nAsk for it?" % error.message):
            return "- %s" % error.message
        asked = project.ask_for_lock(target, reason)
        return "- %s is asked for **%s**." % (asked.holder, name)


def release_lock(project, target, name):
    """The line that says what became of it."""
    try:
        project.unlock(target)
        return "- **%s** is free again." % name
    except errors.InvalidInput:
        return "- %s was not locked." % name


def conflicts(desk):
    """Settles conflicts, one after the other, until one is left for later."""
    project = open_project(desk)
    settled = 0
    while project is not None:
        waiting = project.conflicts()
        if not waiting:
            desk.show("Conflicts", ["All is settled; Sync shares it." if settled else "Nothing waits to be settled."])
            return
        titles = unique(["%s: %s or %s" % (each.title, shown(each.ours), shown(each.theirs)) for each in waiting])
        chosen = desk.choose(titles, "Which one?")
        if chosen is None or not settle(desk, project, waiting[titles.index(chosen)]):
            return
        settled += 1


def settle(desk, project, conflict):
    """Whether it was settled."""
    sides = [("ours", conflict.ours), ("theirs", conflict.theirs), ("base", conflict.base)]
    titles = unique([shown(value) + (" (%s)" % value.author if value.author else "") for _, value in sides])
    chosen = desk.choose(titles + [LATER], conflict.title)
    if chosen is None or chosen == LATER:
        return False
    side, value = sides[titles.index(chosen)]
    project.resolve(conflict, side)
    desk.show("Conflicts", ["**%s** is %s now. If this model says otherwise, change it here too: the next export says "
                            "what stands." % (conflict.title, shown(value))])
    return True


def export_and_sync(desk):
    """Exports the model, merges the export with what others did in that file meanwhile, and shares it."""
    project = open_project(desk)
    if project is None:
        return
    path = model_path(desk)
    folder = tempfile.mkdtemp(prefix="aecos-")
    try:
        exported = desk.export_ifc(folder, os.path.basename(path))
        placed = project.place_export(exported, path)
    finally:
        remove(folder)
    lines = []
    if placed.kept:
        lines.append("Kept: %d changes by others to %s that this model does not have." % (placed.kept, path))
    lines += ["- **%s**: yours stands (%s), not %s" % (each.title, shown(each.ours), shown(each.theirs))
              for each in placed.conflicts]
    tell_sync(desk, project, project.sync(), lines)


# The project of a model.

def open_project(desk):
    """The project that the model belongs to: as it was said before, or as its file lies in one; else it is asked for.
    None: nobody says."""
    for folder in (desk.remembered("folder"), os.path.dirname(desk.document_path() or "")):
        if folder:
            try:
                return aecos.Project.open(folder)
            except errors.NotFound:
                pass
    folder = desk.pick_folder("The folder of the aecos project that this model belongs to")
    if not folder:
        return None
    project = aecos.Project.open(folder)
    desk.remember("folder", project.folder)
    return project


def model_path(desk):
    """Where the export goes in the project: as it was said before; it is asked once."""
    path = desk.remembered("model")
    if not path:
        name = re.sub(r"[^\w.-]+", "-", desk.document_title(), flags=re.UNICODE).strip("-.") or "model"
        path = desk.ask_text("Where in the project does the export go?", "models/%s.ifc" % name)
        if not path:
            raise errors.InvalidInput("without a place in the project nothing is exported")
        path = path.replace("\\", "/")
        if path.startswith("/") or ":" in path or ".." in path.split("/") or not path.lower().endswith(".ifc"):
            raise errors.InvalidInput("%s is no path of an IFC file in the project; models/house.ifc is one" % path)
        desk.remember("model", path)
    return path


# In words.

def tell_sync(desk, project, result, lines=()):
    """What a sync did."""
    lines = list(lines)
    lines += ["- shared: %s" % commit.subject for commit in result.commits]
    lines += told_changes(result.received, "received: ")
    lines += ["- held back: %s: %s" % (each.path, each.reason) for each in result.held]
    lines += ["- waits: %s: %s" % (each.path, each.reason) for each in result.waiting]
    if result.open_conflicts:
        lines.append("**%d to be settled**: see Conflicts." % result.open_conflicts)
    desk.show("Sync", lines or ["Up to date with %s." % result.shared_branch])


def told_changes(files, before=""):
    """A line for each change; what comes from others and is about this model is to be done here, too."""
    lines = []
    for file in files:
        if not file.changes:
            lines.append("- %s%s: %s" % (before, file.path, file.note or "changed"))
        for change in file.changes[:20]:
            lines.append("- %s**%s** %s: %s -> %s" % (before, change.element.title or file.path, change.at,
                                                     told_value(change.before), told_value(change.after)))
        if len(file.changes) > 20:
            lines.append("- %s%s: %d more" % (before, file.path, len(file.changes) - 20))
    return lines


def told_team(project):
    """Who is there and what they lock; nothing without a hub."""
    try:
        team = project.team()
    except (errors.InvalidInput, errors.Unavailable):
        return []
    lines = ["Here now: %s." % ", ".join(sorted(set(each.login for each in team.present)))] if team.present else []
    return lines + (told_locks(team.locks) if team.locks else [])


def told_locks(locks):
    """A line for each."""
    if not locks:
        return ["Nothing is locked."]
    return ["- **%s** is locked by %s%s%s" % (
        each.element.name or each.target, each.holder, ": " + each.reason if each.reason else "",
        " (asked for by %s)" % each.asked_by if each.asked_by else "") for each in locks]


def shown(side):
    """A version's value in a few words."""
    return "(a large value)" if side.is_large else told_value(side.value)


def told_value(value):
    """A value in a few words."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return value.get("name") or value.get("class") or "a value"
    text = ", ".join(told_value(each) for each in value) if isinstance(value, list) else "%s" % (value,)
    return text if len(text) <= 60 else text[:57] + "..."


def unique(titles):
    """The same titles, told apart by a number where two are equal."""
    found = []
    for title in titles:
        number, each = 2, title
        while each in found:
            each, number = "%s [%d]" % (title, number), number + 1
        found.append(each)
    return found


def remove(folder):
    """A temporary folder with its files."""
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))
    os.rmdir(folder)
