#!/usr/bin/env python3
"""Draws what messages look like in Slack, Teams, Discord and a mail program, from the payloads that are really sent:

    build/notify_samples | tools/draw_messages.py docs/pictures

Shapes and colours are those of the services, roughly; every word is the payload's.
"""
import email
import email.policy
import html
import json
import pathlib
import re
import sys

WIDTH, PAD, CHAR = 760, 18, 6.9
STORIES = ("fire_rating", "many_changes", "conflict", "change_request_opened", "lock_asked")
LOOKS = {
    "slack": {"title": "Slack", "back": "#ffffff", "card": "#ffffff", "text": "#1d1c1d", "dim": "#616061", "bar": None},
    "teams": {"title": "Microsoft Teams", "back": "#f5f5f5", "card": "#ffffff", "text": "#242424", "dim": "#707070", "bar": None},
    "discord": {"title": "Discord", "back": "#313338", "card": "#2b2d31", "text": "#dbdee1", "dim": "#949ba4", "bar": "#5865f2"},
    "mail": {"title": "Mail", "back": "#ffffff", "card": "#ffffff", "text": "#202124", "dim": "#5f6368", "bar": None},
}


def plain(text):
    """mrkdwn and the like, as it is shown: [(text, is bold)]."""
    text = re.sub(r"<!date\^[^|]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"(?m)^_(.*)_$", r"\1", text)
    text = re.sub(r"<(https?://[^|>]*)\|([^>]*)>", r"\2", text)
    parts = re.split(r"(\*[^*\n]+\*)", text)
    return [(html.unescape(part.strip("*") if part[:1] == "*" else part), part[:1] == "*") for part in parts if part]


class Picture:
    def __init__(self, look):
        self.look, self.y, self.out = look, PAD, []

    def text(self, runs, size=14, dim=False, gap=6, indent=0):
        """Runs of (text, is bold), wrapped where they would be too wide; a line end begins a line."""
        colour = self.look["dim"] if dim else self.look["text"]
        limit, line, used = int((WIDTH - 4 * PAD - indent) / (CHAR * size / 14)), [], 0
        for text, bold in runs:
            for piece in re.split(r"(\n| )", text):
                if piece == "\n" or (used + len(piece) > limit and piece.strip()):
                    self.line(line, size, colour, indent)
                    line, used = [], 0
                    if piece == "\n":
                        continue
                line.append((piece, bold))
                used += len(piece)
        self.line(line, size, colour, indent)
        self.y += gap

    def line(self, pieces, size, colour, indent):
        self.y += size * 1.35
        weights = {True: ' font-weight="600"', False: ""}
        spans = "".join(f"<tspan{weights[bold]}>{html.escape(piece)}</tspan>" for piece, bold in pieces)
        self.out.append(f'<text x="{2 * PAD + indent}" y="{self.y:.0f}" font-size="{size}" fill="{colour}" '
                        f'xml:space="preserve">{spans}</text>')

    def buttons(self, names, first="#ffffff", border="#bbb"):
        x = 2 * PAD
        self.y += 6
        for name in names:
            width = len(name) * CHAR + 26
            self.out.append(f'<rect x="{x}" y="{self.y}" width="{width:.0f}" height="28" rx="5" fill="{first}" '
                            f'stroke="{border}"/><text x="{x + 13}" y="{self.y + 19}" font-size="13" '
                            f'fill="{self.look["text"]}">{html.escape(name)}</text>')
            x += width + 10
        self.y += 36

    def facts(self, facts):
        for name, value in facts:
            self.text([(name + "  ", True), (value, False)], 13, gap=0)
        self.y += 6

    def card(self, draw, bar=None):
        top, before = self.y, len(self.out)
        self.y += 8
        draw()
        self.y += 8
        frame = (f'<rect x="{PAD}" y="{top:.0f}" width="{WIDTH - 2 * PAD}" height="{self.y - top:.0f}" rx="6" '
                 f'fill="{self.look["card"]}" stroke="#8884"/>')
        if bar:
            frame += f'<rect x="{PAD}" y="{top:.0f}" width="4" height="{self.y - top:.0f}" fill="{bar}"/>'
        self.out.insert(before, frame)
        self.y += 14

    def svg(self, title):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.y + 4:.0f}" width="{WIDTH}" '
                f'font-family="Segoe UI, Helvetica, Arial, sans-serif" role="img" aria-label="{html.escape(title)}">\n'
                f'<rect width="{WIDTH}" height="{self.y + 4:.0f}" fill="{self.look["back"]}"/>\n'
                + "\n".join(self.out) + "\n</svg>\n")


def slack(picture, body):
    for block in json.loads(body)["blocks"]:
        kind = block["type"]
        if kind == "header":
            picture.text([(block["text"]["text"], True)], 17)
        elif kind == "section" and "fields" in block:
            picture.facts([field["text"].replace("*", "").split("\n", 1) for field in block["fields"]])
        elif kind == "section":
            picture.text(plain(block["text"]["text"]) if block["text"]["type"] == "mrkdwn" else [(block["text"]["text"], False)])
        elif kind == "actions":
            picture.buttons([each["text"]["text"] for each in block["elements"]])
        elif kind == "context":
            picture.text(plain(block["elements"][0]["text"]), 12, dim=True)


def teams(picture, body):
    card = json.loads(body)["attachments"][0]["content"]
    for block in card["body"]:
        if block["type"] == "FactSet":
            picture.facts([(fact["title"], fact["value"]) for fact in block["facts"]])
        elif block["type"] == "RichTextBlock":
            runs = block["inlines"]
            picture.text([(run["text"], run.get("weight") == "Bolder") for run in runs],
                         17 if runs[0].get("size") == "Large" else 14, all(run.get("isSubtle") for run in runs), 4)
        elif block["type"] == "TextBlock":
            picture.text([(block["text"], block.get("weight") == "Bolder")], 14)
    picture.buttons([action["title"] for action in card.get("actions", [])])


def discord(picture, body):
    for embed in json.loads(body)["embeds"]:
        picture.text([(re.sub(r"\\(.)", r"\1", embed["title"]), True)], 16)
        if embed.get("description"):
            text = re.sub(r"\\(.)", r"\1", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", embed["description"])).replace("**", "*")
            picture.text(plain(text))
        picture.facts([(field["name"], re.sub(r"\\(.)", r"\1", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", field["value"])))
                       for field in embed.get("fields", [])])
        if embed.get("footer"):
            picture.text([(embed["footer"]["text"], False)], 12, dim=True)


def mail(picture, body):
    message = email.message_from_bytes(body.encode(), policy=email.policy.default)
    picture.text([(message["Subject"], True)], 17)
    picture.text([(str(message["From"]), False)], 12, dim=True)
    picture.text([(message.get_body(("plain",)).get_content().strip(), False)], 13)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    given = json.load(sys.stdin)
    mails = [{**each, "kind": "mail", "body": each["message"]} for each in given["mails"]]
    samples = [each for each in given["messages"] + mails if each["story"] in STORIES]
    for kind, draw in (("slack", slack), ("teams", teams), ("discord", discord), ("mail", mail)):
        look = LOOKS[kind]
        picture = Picture(look)
        for sample in samples:
            if sample["kind"] != kind:
                continue
            bar = look["bar"]
            if kind == "discord":
                bar = f'#{json.loads(sample["body"])["embeds"][0].get("color", 0):06x}'
            picture.card(lambda: draw(picture, sample["body"]), bar)
        (folder / f"{kind}.svg").write_text(picture.svg(f"Messages in {look['title']}"))


if __name__ == "__main__":
    main()
