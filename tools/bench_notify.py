#!/usr/bin/env python3
"""How soon programs hear of what happened: from an event, as its own time says, to the webhook's request having come, at
a steady pace to several channels at once; and how many a second go out when very many wait. Everything on this machine."""
import argparse
import asyncio
import contextlib
import datetime
import json
import os
import pathlib
import shutil
import statistics
import tempfile
import threading
import time

from bench_table import MET, print_table
from bench_team import Hub, PROJECT, ROOT, expect, machine_load, run, say, wait_for


class Receiver:
    """Takes webhooks and notes when each came."""

    def __init__(self):
        self.came, self.ready = {}, threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True).start()
        self.ready.wait()

    async def serve(self):
        server = await asyncio.start_server(self.talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await server.serve_forever()

    async def talk(self, reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = int(next(line for line in head.split("\r\n") if line.lower().startswith("content-length:"))[15:])
                body = await reader.readexactly(length)
                self.came.setdefault(head.split(" ", 2)[1], []).append((time.time(), body))
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                await writer.drain()
        writer.close()

    def count(self):
        return sum(map(len, self.came.values()))


def settings(receiver, channels):
    return {"channels": {f"c{k}": {"kind": "webhook", "url": f"http://127.0.0.1:{receiver.port}/c{k}"}
                         for k in range(channels)},
            "routes": [{"to": [f"c{k}" for k in range(channels)], "events": "check.*"}]}


def start(folder, aecos, receiver, channels):
    config = folder / "hub.toml"
    config.write_text(f'notify.allow = "127.0.0.1:{receiver.port}"\n')
    hub = Hub(aecos, folder / "hub", "--config", config)
    hub.team(["p0"])
    clone = folder / "clone"
    run("git", "clone", "-q", hub.address("p0"), clone, folder=folder)
    (clone / ".aecos").mkdir()
    (clone / ".aecos/notify.json").write_text(json.dumps(settings(receiver, channels)))
    for command in (["add", "-A"], ["-c", "user.name=p0", "-c", "user.email=p0@x", "commit", "-qm", "Who is told"],
                    ["push", "-q", "origin", "HEAD:develop"]):
        run("git", *command, folder=clone)
    return hub


def make_events(hub, count, rate, threads=4):
    """So many checks reported, at that rate (0: as fast as it goes)."""
    head, begin, turn = hub.head(), time.time(), iter(range(count))
    lock = threading.Lock()

    def work():
        with contextlib.closing(hub.connect()) as line:
            while True:
                with lock:
                    number = next(turn, None)
                if number is None:
                    return
                if rate:
                    time.sleep(max(0, begin + number / rate - time.time()))
                body = json.dumps({"commit": head, "name": f"c{number % 5}", "state": "passed", "summary": str(number)})
                line.request("POST", f"/api/v1/projects/{PROJECT}/checks", body,
                             {"Authorization": "Bearer " + hub.secret, "Content-Type": "application/json"})
                answer = line.getresponse()
                content = answer.read()
                expect(answer.status < 300, f"{answer.status} {content[:300]}")

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.time() - begin


def delays_ms(came):
    found = []
    for at, body in came:
        happened = datetime.datetime.fromisoformat(json.loads(body)["time"].replace("Z", "+00:00")).timestamp()
        found.append((at - happened) * 1000)
    return sorted(found)


def in_order(came):
    numbers = [json.loads(body)["data"]["seq"] for _, body in came]
    return numbers == sorted(set(numbers))


def main():
    parser = argparse.ArgumentParser(prog="./dev bench notify", description=__doc__)
    parser.add_argument("--aecos", type=pathlib.Path, default=ROOT / "build" / "aecos", help="the program; it is copied")
    parser.add_argument("--rate", type=int, default=100, help="events a second")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--channels", type=int, default=3)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="aecos-bench-notify-") as name:
        folder = pathlib.Path(name)
        aecos = folder / "aecos"
        shutil.copy2(options.aecos, aecos)
        load, receiver = machine_load(), Receiver()
        hub = start(folder, aecos, receiver, options.channels)
        try:
            say(f"{options.rate} events a second")
            count = options.rate * options.seconds
            took = make_events(hub, count, options.rate)
            wait_for(lambda: receiver.count() == count * options.channels, 60, "all messages")
            for path, came in sorted(receiver.came.items()):
                expect(in_order(came) and len(came) == count, f"{path}: out of order, or not each once")
            delays = sorted(delay for came in receiver.came.values() for delay in delays_ms(came))
            p99 = delays[int(len(delays) * 0.99)]
            rows.append(["notify", "event to webhook: median", f"{statistics.median(delays):.1f}", "ms", "", "",
                         f"{count / took:.0f} events/s to {options.channels} channels, each once and in order"])
            rows.append(["notify", "event to webhook: p99", f"{p99:.1f}", "ms", "< 250", MET[p99 < 250], f"most {delays[-1]:.0f}"])
            say("as fast as it goes")
            before, begin = receiver.count(), time.time()
            made = make_events(hub, 4000, 0, 16)
            wait_for(lambda: receiver.count() == before + 4000 * options.channels, 120, "all messages")
            took = time.time() - begin
            rows.append(["notify", "4000 events at once: told", f"{4000 * options.channels / took:.0f}", "/s", "", "",
                         f"made in {made:.1f} s, all told after {took:.1f} s"])
        finally:
            hub.stop()
    print(f"{os.cpu_count()} processors, of which others had {load:.0%}\n")
    print_table(["part", "what", "measured", "", "target", "met", ""], rows, to_the_right={2})


if __name__ == "__main__":
    main()
