"""IFC writes a GUID of 128 bits in 22 characters of 6 bits each, the first of 2."""

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"


def compressed(guid):
    """"d3b1f0a2-....": a GUID in its usual spelling, as a GlobalId."""
    number = int(guid.strip("{}").replace("-", ""), 16)
    return "".join(_LETTERS[number >> shift & 63] for shift in range(126, -1, -6))
