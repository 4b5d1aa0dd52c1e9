#!/usr/bin/env python3
"""What a training in the window costs, and whether it keeps its promises. The window stands under an Xvfb of its own
with the curves in view, paints in software and is driven by keys. Needs a release build, Xvfb, xdotool, BLOCKYARD_DATA.

    tests/bench/window_cost.py speed [--project projects/fashion-mnist] [--steps 150] [--rounds 5]
    tests/bench/window_cost.py stop [--after 0.5 2 8 20]
    tests/bench/window_cost.py memory --project projects/penguins [--seconds 300]

speed: the same pipeline from the command and from the window, in turns: rows per second of both (medians), and how much
of the training's time the GUI thread computed, which does not depend on what else the machine does.
stop: how long after the key the run has ended, when it is stopped so many seconds after the start.
memory: resident memory every ten seconds of an endless training.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def varint(data, at):
    out = shift = 0
    while True:
        byte = data[at]
        out |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return out, at


def steps_of(run):
    """(wall time, step) of the losses in a run's journal: TensorBoard's records."""
    out = []
    for file in sorted(run.glob("events.out.tfevents*")):
        data, at = file.read_bytes(), 0
        while at + 12 <= len(data):
            size = struct.unpack_from("<Q", data, at)[0]
            event = data[at + 12:at + 12 + size]
            at += 16 + size
            if b"train/loss" not in event:
                continue
            when, place, step = struct.unpack_from("<d", event, 1)[0], 9, 0
            if event[place] == 0x10:
                step, place = varint(event, place + 1)
            out.append((when, step))
    return out


def gui_seconds(pid):
    """CPU time of the process's first thread, which is that of the window."""
    fields = pathlib.Path(f"/proc/{pid}/task/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def finished_run(folder):
    for record in sorted((folder / "runs").glob("*/run.json"), reverse=True):
        if json.loads(record.read_text())["state"] != "running":
            return record.parent
    return None


def prepared(project, folder, settings):
    folder.mkdir()
    source = next(project.glob("*.blockyard"))
    content = json.loads(source.read_text())
    for pipeline in content["pipelines"].values():
        pipeline["training"].update(settings)
    file = folder / source.name
    file.write_text(json.dumps(content))
    return file, content


class Screen:
    """An X server without a screen."""

    def __init__(self, number):
        self.name = f":{number}"
        self.server = subprocess.Popen(["Xvfb", self.name, "-screen", "0", "1600x1000x24"], stderr=subprocess.DEVNULL)
        time.sleep(1)

    def tool(self, *words):
        done = subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": self.name}, capture_output=True)
        return done.stdout.decode().split()

    def close(self):
        self.server.terminate()
        self.server.wait()


def open_window(program, screen, file, home):
    environment = {**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "XDG_CONFIG_HOME": str(home),
                   "XDG_DATA_HOME": str(home)}
    window = subprocess.Popen([program, file], env=environment, stderr=subprocess.DEVNULL)
    for _ in range(300):
        found = screen.tool("search", "--onlyvisible", "--pid", str(window.pid))
        if found:
            break
        time.sleep(0.1)
    else:
        sys.exit("the window does not come")
    time.sleep(2)  # the graph is checked
    screen.tool("windowfocus", found[-1])
    return window


def by_window(program, screen, file, home):
    window = open_window(program, screen, file, home)
    try:
        screen.tool("key", "F5")
        seen = []
        while (run := finished_run(file.parent)) is None:
            seen.append((time.time(), gui_seconds(window.pid)))
            time.sleep(0.1)
    finally:
        window.terminate()
        window.wait()
    points = steps_of(run)
    within = [cpu for when, cpu in seen if points[0][0] <= when <= points[-1][0]]
    return points, (within[-1] - within[0]) / (points[-1][0] - points[0][0])


def by_command(program, file):
    subprocess.run([program, "train", file], check=True, capture_output=True)
    return steps_of(finished_run(file.parent))


def speed(options, screen, scratch):
    settings = {"max_steps": options.steps, "epochs": 1000000, "early_stopping": 0}
    speeds, shares = {"command": [], "window": []}, []
    for number in range(options.rounds):
        for who in ("command", "window") if number % 2 == 0 else ("window", "command"):
            place = scratch / f"{who}-{number}"
            file, content = prepared(options.project, place, settings)
            share = None
            if who == "window":
                points, share = by_window(options.binaries / "blockyard-window", screen, file, place)
                shares.append(share)
            else:
                points = by_command(options.binaries / "blockyard", file)
            batch = next(iter(content["pipelines"].values()))["training"].get("batch_size", 32)
            (t0, first), (t1, last) = points[0], points[-1]
            speeds[who].append((last - first) * batch / (t1 - t0))
            gui = "" if share is None else f", GUI thread {share:.2%}"
            print(f"{who} {speeds[who][-1]:,.0f} rows/s{gui}", flush=True)
            shutil.rmtree(place)
    command, window = (statistics.median(speeds[who]) for who in ("command", "window"))
    print(f"medians: command {command:,.0f}, window {window:,.0f} rows/s ({window / command - 1:+.1%}); "
          f"GUI thread {statistics.median(shares):.2%} of the time")


def stop(options, screen, scratch):
    for number, seconds in enumerate(options.after):
        place = scratch / str(number)
        file, _ = prepared(options.project, place, {"epochs": 1000000, "early_stopping": 0})
        window = open_window(options.binaries / "blockyard-window", screen, file, place)
        screen.tool("key", "F5")
        time.sleep(seconds)
        screen.tool("key", "F7")
        began = time.time()
        while (run := finished_run(file.parent)) is None and time.time() < began + 60:
            time.sleep(0.01)
        steps = json.loads((run / "run.json").read_text())["steps"] if run else -1
        print(f"stopped {seconds:g} s after the start: ended after {time.time() - began:.2f} s, at step {steps}", flush=True)
        window.terminate()
        window.wait()


def memory(options, screen, scratch):
    file, _ = prepared(options.project, scratch / "project", {"epochs": 1000000, "early_stopping": 0})
    window = open_window(options.binaries / "blockyard-window", screen, file, scratch)
    screen.tool("key", "F5")
    began = time.time()
    for _ in range(max(1, options.seconds // 10)):
        time.sleep(10)
        print(f"{time.time() - began:.0f} s: {resident_megabytes(window.pid):.1f} MB", flush=True)
    screen.tool("key", "F7")
    while (run := finished_run(file.parent)) is None:
        time.sleep(0.1)
    print(f"{json.loads((run / 'run.json').read_text())['steps']:,} steps in all")
    window.terminate()
    window.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "stop", "memory"))
    parser.add_argument("--project", type=pathlib.Path, default=ROOT / "projects/fashion-mnist")
    parser.add_argument("--binaries", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--after", type=float, nargs="+", default=[0.5, 2, 8, 20])
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--display", type=int, default=97)
    options = parser.parse_args()
    screen = Screen(options.display)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            {"speed": speed, "stop": stop, "memory": memory}[options.what](options, screen, pathlib.Path(scratch))
    finally:
        screen.close()


if __name__ == "__main__":
    main()
