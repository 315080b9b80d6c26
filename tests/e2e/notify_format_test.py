#!/usr/bin/env python3
"""Notifications as the services' own client libraries see them, and as stand-ins for the services take them.

Messages come from build/notify_samples. The libraries are from PyPI (slack_sdk, standardwebhooks, cloudevents) and npm
(adaptivecards: `npm install --prefix build/node adaptivecards@3.0.6`); what is not there is skipped with a reason.
"""
import email
import email.policy
import json
import pathlib
import re
import shutil
import subprocess
import unittest

import notify_stand_ins
from notify_stand_ins import StandIns
from people import AECOS, ENVIRONMENT, main

try:
    import slack_sdk.models.blocks as slack_blocks
except ImportError:
    slack_blocks = None
try:
    import standardwebhooks
except ImportError:
    standardwebhooks = None
try:
    from cloudevents.core.bindings.http import HTTPMessage, from_http_event
except ImportError:
    from_http_event = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = pathlib.Path(AECOS).parent / "notify_samples"
CARDS = ROOT / "build/node/node_modules/adaptivecards/dist/adaptivecards.js"
STORIES = {"fire_rating", "many_changes", "conflict", "change_request_opened", "change_request_approved", "lock_asked",
           "lock_broken", "hostile", "cost"}
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]")
# Reads cards from standard input and prints what the parser holds against each.
READ_CARDS = """
const cards = require(process.argv[1]);
const all = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(all.map(payload => {
  const context = new cards.SerializationContext(cards.Versions.v1_5), card = new cards.AdaptiveCard();
  card.parse(payload, context);
  const said = card.validateProperties().validationEvents.map(event => event.message);
  for (let i = 0; i < context.eventCount; i++) said.push(context.getEventAt(i).message);
  return {said, items: card.getItemCount(), actions: card.getActionCount()};
})));
"""


def samples(*arguments):
    done = subprocess.run([SAMPLES, *[str(argument) for argument in arguments]], capture_output=True, text=True,
                          env=ENVIRONMENT)
    if done.returncode != 0:
        raise AssertionError(f"notify_samples {arguments}: {done.stderr}")
    return json.loads(done.stdout)


def strings_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings_of(one)


def mrkdwn_of(value):
    """What Slack looks for commands in."""
    if isinstance(value, dict) and value.get("type") == "mrkdwn":
        yield value["text"]
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from mrkdwn_of(one)


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.all = samples()

    def of(self, kind):
        found = {one["story"]: one for one in self.all["messages"] if one["kind"] == kind}
        self.assertEqual(set(found), STORIES)
        return found.items()

    def test_nothing_unseen_is_in_any_message(self):
        for one in self.all["messages"]:
            if one["kind"] != "webhook":
                for text in strings_of(json.loads(one["body"])):
                    self.assertNotRegex(text.replace("\n", ""), FORBIDDEN, one["story"])

    def test_every_channel_says_what_a_change_costs(self):
        found = [one for one in self.all["messages"] if one["story"] == "cost"]
        self.assertEqual(len({one["kind"] for one in found}), 5)
        for one in found:
            text = "\n".join(strings_of(json.loads(one["body"])))
            self.assertIn("Cost", text, one["kind"]) if one["kind"] != "webhook" else None
            self.assertRegex(text, r"\+1,?250\.00", one["kind"])
        mail = next(one for one in self.all["mails"] if one["story"] == "cost")["message"]
        plain = email.message_from_string(mail, policy=email.policy.default).get_body(("plain",)).get_content()
        self.assertIn("Cost: +1,250.00 EUR, 2 elements without a rate", plain)

    def test_slack_takes_them(self):
        for story, message in self.of("slack"):
            self.assertEqual(notify_stand_ins.slack_fault(json.loads(message["body"])), "", story)

    @unittest.skipUnless(slack_blocks, "PyPI's slack_sdk is not installed")
    def test_slack_sdk_reads_their_blocks(self):
        for story, message in self.of("slack"):
            blocks = json.loads(message["body"])["blocks"]
            parsed = slack_blocks.Block.parse_all(blocks)
            self.assertEqual(len(parsed), len(blocks), story)
            for one in parsed:
                one.validate_json()
                self.assertIsInstance(one, (slack_blocks.HeaderBlock, slack_blocks.SectionBlock,
                                            slack_blocks.ActionsBlock, slack_blocks.ContextBlock))

    def test_slack_calls_nobody(self):
        for story, message in self.of("slack"):
            for text in mrkdwn_of(json.loads(message["body"])):
                self.assertNotRegex(text, r"<(?!!date\^\d+\^)", story)  # No commands but times.

    def test_discord_takes_them(self):
        for story, message in self.of("discord"):
            payload = json.loads(message["body"])
            self.assertEqual(notify_stand_ins.discord_fault(payload), "", story)
            self.assertEqual(payload["allowed_mentions"], {"parse": []})
            self.assertTrue(message["url"].endswith("?wait=true"))

    def test_teams_takes_them(self):
        for story, message in self.of("teams"):
            self.assertEqual(notify_stand_ins.teams_fault(json.loads(message["body"])), "", story)
            self.assertLessEqual(len(message["body"].encode()), 20_000)
        for story, message in self.of("teams card"):
            self.assertEqual(notify_stand_ins.teams_fault(json.loads(message["body"]), bare=True), "", story)

    @unittest.skipUnless(CARDS.exists() and shutil.which("node"), "npm's adaptivecards is not installed in build/node")
    def test_microsofts_library_reads_the_cards(self):
        cards = [json.loads(message["body"]) for _, message in self.of("teams card")]
        done = subprocess.run(["node", "-e", READ_CARDS, CARDS], input=json.dumps(cards), capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        for card, read in zip(cards, json.loads(done.stdout), strict=True):
            self.assertEqual(read["said"], [])
            self.assertEqual((read["items"], read["actions"]), (len(card["body"]), len(card["actions"])))

    def test_webhooks_are_signed_and_sent_as_they_were_sealed(self):
        for story, message in self.of("webhook"):
            headers = {name.lower(): value for name, value in message["headers"].items()}
            self.assertEqual(message["body"], message["event"])
            self.assertEqual(notify_stand_ins.webhook_fault(headers, message["body"].encode(), [self.all["secret"]]),
                             "", story)

    @unittest.skipUnless(standardwebhooks, "PyPI's standardwebhooks is not installed")
    def test_standardwebhooks_verifies_them(self):
        verifier = standardwebhooks.Webhook(self.all["secret"])
        for story, message in self.of("webhook"):
            headers = {name.lower(): value for name, value in message["headers"].items()}
            self.assertEqual(verifier.verify(message["body"], headers), json.loads(message["body"]), story)
            with self.assertRaises(standardwebhooks.WebhookVerificationError):
                verifier.verify(message["body"] + " ", headers)

    @unittest.skipUnless(from_http_event, "PyPI's cloudevents is not installed")
    def test_cloudevents_reads_them(self):
        for story, message in self.of("webhook"):
            event = from_http_event(HTTPMessage(headers=message["headers"], body=message["body"].encode()))
            told = json.loads(message["body"])
            self.assertEqual((event.get_id(), event.get_type(), event.get_source()),
                             (told["id"], told["type"], told["source"]), story)
            self.assertEqual(event.get_data(), told["data"])

    def test_mails_are_mails(self):
        self.assertEqual({one["story"] for one in self.all["mails"]}, STORIES | {"digest"})
        for one in self.all["mails"]:
            self.assertEqual(notify_stand_ins.mail_fault(one["message"].encode()), "", one["story"])
            mail = email.message_from_bytes(one["message"].encode(), policy=email.policy.strict)
            self.assertEqual(mail["From"].addresses[0].display_name, "aecos für alle")
            self.assertEqual(mail["To"].addresses[0].addr_spec, "ana@example.org")
            self.assertIsNone(mail["Bcc"])
            self.assertEqual(mail["Auto-Submitted"], "auto-generated")
            self.assertEqual([part.get_content_type() for part in mail.iter_parts()], ["text/plain", "text/html"])
            for part in mail.iter_parts():
                self.assertNotRegex(part.get_content().replace("\r\n", "").replace("\n", ""), FORBIDDEN)
            self.assertNotIn("<script", mail.get_body(("html",)).get_content())

    def test_a_mail_says_what_the_event_says(self):
        mail = email.message_from_string(self.mail("fire_rating"), policy=email.policy.default)
        for form in ("plain", "html"):
            text = mail.get_body((form,)).get_content()
            for part in ("W-12", "REI 60 → REI 120", "Level 1", "develop", "house", "https://hub.example.org/"):
                self.assertIn(part, text)
        many = email.message_from_string(self.mail("many_changes"), policy=email.policy.default)
        self.assertRegex(many.get_body(("plain",)).get_content(), r"  and \d+ more\n|  and \d+ more\r\n")

    def mail(self, story):
        return next(one["message"] for one in self.all["mails"] if one["story"] == story)

    def test_mails_of_one_change_request_are_a_thread(self):
        opened, approved, conflict = (email.message_from_string(self.mail(story)) for story in
                                      ("change_request_opened", "change_request_approved", "conflict"))
        self.assertEqual(opened["References"], approved["References"])
        self.assertEqual(opened["In-Reply-To"], approved["In-Reply-To"])
        self.assertNotEqual(opened["Message-ID"], approved["Message-ID"])
        self.assertNotEqual(opened["References"], conflict["References"])


class Deliveries(unittest.TestCase):
    """With real requests, to stand-ins on this machine."""

    def setUp(self):
        self.them = StandIns(rates=False, hang_s=7)
        self.them.start()
        self.addCleanup(self.them.stop)

    def post(self, kind):
        secret = [self.them.secret] if kind.startswith("webhook") else []
        return samples("post", kind.split("/")[0], self.them.url(kind), *secret)

    def test_what_is_sent_is_taken(self):
        for kind in ("slack", "discord", "teams", "webhook", "slack/other"):
            self.assertEqual(self.post(kind)["verdict"], "delivered", kind)
            self.assertEqual(len(self.them.received(kind)), 1, kind)
        self.assertEqual(self.them.faults, [])

    def test_each_failure_means_again(self):
        for kind in ("slack", "discord", "teams", "webhook"):
            for way in sorted(set(notify_stand_ins.WAYS) - {"slow!", "type!", "hang"}):
                if way == "page" and kind == "webhook":
                    continue
                self.them.fail_next(kind, way)
                said = self.post(kind)
                self.assertEqual(said["verdict"], "again", (kind, way, said))
                self.assertNotIn("secret-part", said["why"])
                self.assertEqual(said["is_rate_limit"], way.startswith("429") or (kind, way) == ("webhook", "503"), way)
            for way in ("slow!", "type!"):
                self.them.fail_next(kind, way)
                self.assertEqual(self.post(kind)["verdict"], "delivered", (kind, way))

    def test_a_service_that_hangs_is_left(self):
        self.them.fail_next("webhook", "hang")
        said = self.post("webhook")
        self.assertEqual(said["verdict"], "again")
        self.assertRegex(said["why"], "(?i)time")

    def test_what_is_dead_is_gone(self):
        for kind in ("slack", "discord", "teams", "webhook"):
            self.them.kill(kind)
            self.assertEqual(self.post(kind)["verdict"], "gone", kind)
            self.them.revive(kind)
            self.assertEqual(self.post(kind)["verdict"], "delivered", kind)
        self.them.fail_next("teams", "200 429")
        self.assertTrue(self.post("teams")["is_rate_limit"])

    def test_another_secret_is_refused_by_the_receiver(self):
        self.them.secrets = ["whsec_" + "A" * 40]
        self.assertEqual(self.post("webhook")["verdict"], "again")
        self.assertEqual(self.them.faults, ["webhook: the signature is wrong"])

    def test_too_fast_is_429(self):
        self.them.has_rates = True
        said = [self.post("slack") for _ in range(2)]
        self.assertEqual([one["verdict"] for one in said], ["delivered", "again"])
        self.assertEqual(said[1]["retry_after_ms"] // 1000, 1)
        self.assertEqual(said[0]["pause_ms"], 1000)
        said = [self.post("discord") for _ in range(6)]
        self.assertEqual([one["verdict"] for one in said[:5]], ["delivered"] * 5)
        self.assertGreater(said[4]["pause_ms"], 0)

    def mail(self, *to, user=None, password=None, ca_file=None, url=None):
        return samples("mail", url or self.them.url("mail"), ca_file or self.them.ca_file,
                       self.them.user if user is None else user, password or self.them.password, *to)

    @unittest.skipUnless(notify_stand_ins.HAS_MAIL, "PyPI's aiosmtpd is not installed")
    def test_mail_goes_by_starttls_with_a_password(self):
        self.assertEqual(self.mail("ana@example.org", "ben@example.org")["verdict"], "delivered")
        taken, = self.them.received("mail")
        self.assertEqual(taken.to, ("ana@example.org", "ben@example.org"))
        self.assertEqual(taken.mail["Subject"], "[house] ana changed 1 element on develop")
        self.assertEqual(self.them.faults, [])

    @unittest.skipUnless(notify_stand_ins.HAS_MAIL, "PyPI's aiosmtpd is not installed")
    def test_mail_is_refused_for_now_or_for_good(self):
        self.assertEqual(self.mail("nobody@example.org")["verdict"], "gone")
        self.assertEqual(self.mail("later@example.org")["verdict"], "again")
        partly = self.mail("ana@example.org", "nobody@example.org")
        self.assertEqual(partly["verdict"], "delivered")
        self.assertEqual(partly["why"], "nobody@example.org: 550 5.1.1 no such user here")
        for way, verdict in (("451", "again"), ("550", "refused"), ("554", "refused"), ("421", "again"),
                             ("close", "again"), ("close!", "again"), ("hang", "again")):
            self.them.fail_next("mail", way)
            self.assertEqual(self.mail("ana@example.org")["verdict"], verdict, way)

    @unittest.skipUnless(notify_stand_ins.HAS_MAIL, "PyPI's aiosmtpd is not installed")
    def test_a_password_that_is_wrong_or_missing_makes_mails_wait(self):
        for user, password in (("hub", "wrong pass word"), ("", "")):
            said = self.mail("ana@example.org", user=user, password=password or "none")
            self.assertEqual((said["verdict"], said["is_for_service"]), ("again", True), said)
            self.assertNotIn("wrong pass word", said["why"])
        self.assertEqual(self.them.received("mail"), [])

    @unittest.skipUnless(notify_stand_ins.HAS_MAIL, "PyPI's aiosmtpd is not installed")
    def test_a_mail_server_that_nobody_vouches_for_gets_nothing(self):
        said = self.mail("ana@example.org", ca_file="/etc/ssl/certs/ca-certificates.crt")
        self.assertEqual(said["verdict"], "again")
        self.assertRegex(said["why"], "(?i)certificate")
        self.assertEqual(self.them.received("mail"), [])


if __name__ == "__main__":
    main()
