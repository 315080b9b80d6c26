"""Figures side by side on a terminal."""

MET = {True: "yes", False: "NO", None: ""}  # How a target is told.


def print_table(head, lines, to_the_right):
    """Texts; `to_the_right`: the positions of columns of numbers. A blank line before another first cell."""
    widths = [max(map(len, column)) for column in zip(head, *lines)]
    previous = None
    for line in [head, *lines]:
        if previous and line[0] != previous:
            print()
        previous = line[0]
        print("  ".join(cell.rjust(width) if i in to_the_right else cell.ljust(width)
                        for i, (cell, width) in enumerate(zip(line, widths))).rstrip())
