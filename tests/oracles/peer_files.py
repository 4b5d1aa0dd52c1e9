#!/usr/bin/env python3
"""Our event files and safetensors files against TensorBoard 2.21 and safetensors 0.8, in both directions.

  python3 -m venv build/peers && build/peers/bin/pip install tensorboard==2.21.0 safetensors==0.8.0
  cmake --build build/release --target peer_files
  build/peers/bin/python tests/oracles/peer_files.py build/release/bin/peer_files [--runs 1000] [--sets 10000] [--mutated 100000]
  build/peers/bin/python tests/oracles/peer_files.py build/release/bin/peer_files --real projects/penguins/runs/*

The second compares nothing but runs that were really trained: every scalar, text and histogram of each.

Prints one line a check, and ends with 1 if any value differs."""
import argparse
import collections
import json
import math
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
import safetensors
from safetensors import SafetensorError
from tensorboard.backend.event_processing import event_accumulator, plugin_event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.scalar import summary_v2 as scalar_summary
from tensorboard.plugins.text import summary_v2 as text_summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util

problems = []


def check(name, good, total, unit):
    print(f"{name}: {good} of {total} {unit} equal", flush=True)
    if good != total:
        problems.append(name)


def call(tool, *arguments, **options):
    return subprocess.run([tool, *map(str, arguments)], check=True, stdout=subprocess.PIPE, **options).stdout


def same(a, b):
    a, b = np.float32(a), np.float32(b)
    return a == b or (np.isnan(a) and np.isnan(b))


def json_number(value):
    return value if math.isfinite(value) else ("nan" if math.isnan(value) else "inf" if value > 0 else "-inf")


# --- event files ---------------------------------------------------------------------------------------------------

def random_run(rng, name):
    """What a run reports, as lines for our tool, and what a reader must find."""
    lines, scalars, texts, histograms = [], {}, {}, {}
    lines.append({"op": "open", "run": name})
    settings = {"rate": rng.random(), "layers": rng.randrange(9), "name": rng.choice(["relu", "größe"]), "deep": True}
    lines.append({"op": "hparams", "settings": settings, "metrics": ["test/accuracy", "train/loss"]})
    tags = rng.sample(["train/loss", "train/accuracy", "lr", "größe/ü", "a b", "test/accuracy"], 3)
    cut = rng.randrange(5, 40) if rng.random() < 0.3 else None  # where it is interrupted and resumed
    specials = [0.0, -0.0, 1e-40, 3.4e38, float("inf"), float("-inf"), float("nan")]

    def report(begin, end):
        for step in range(begin, end):
            for tag in tags:
                value = rng.choice(specials) if rng.random() < 0.05 else rng.uniform(-1, 1) * 10 ** rng.randrange(-9, 9)
                time = 1.7e9 + step + rng.random()
                lines.append({"op": "scalar", "tag": tag, "step": step, "value": json_number(value), "time": time})
                scalars.setdefault(tag, []).append((step, time, value))
            if step % 10 == 3:
                text = rng.choice(["note", "**bold**\n* ü", "x" * 1000]) + str(step)
                lines.append({"op": "text", "tag": "notes", "step": step, "value": text})
                texts.setdefault("notes", []).append((step, text))
                values = [rng.gauss(0, 1) for _ in range(20)]
                lines.append({"op": "histogram", "tag": "weights", "step": step, "value": values})
                histograms.setdefault("weights", []).append((step, values))

    report(0, 45)
    if cut is not None:
        for series in (scalars, texts, histograms):
            for tag in series:
                series[tag] = [p for p in series[tag] if p[0] < cut]
        lines.append({"op": "open", "run": name, "resumed_at": cut})
        report(cut, 50)
    lines.append({"op": "ended", "success": True})
    return {"name": name, "lines": lines, "settings": settings, "scalars": scalars, "texts": texts, "histograms": histograms}


def points_equal(theirs, ours):
    return len(theirs) == len(ours) and all(s == t[0] and w == t[1] and same(v, t[2]) for (s, w, v), t in zip(theirs, ours))


def ours_to_tensorboard(tool, folder, runs):
    spec = folder / "spec.jsonl"
    spec.write_text("".join(json.dumps(line) + "\n" for run in runs for line in run["lines"]))
    logs = folder / "logs"
    call(tool, "events", spec, logs)
    good = total = 0
    for run in runs:
        accumulator = plugin_event_accumulator.EventAccumulator(str(logs / run["name"]),
                                                                tensor_size_guidance={"scalars": 0, "text": 0, "histograms": 0})
        accumulator.Reload()
        for tag, expected in run["scalars"].items():
            found = accumulator.Tensors(tag)
            total += len(expected)
            good += sum(1 for a, b in zip(found, expected)
                        if a.step == b[0] and a.wall_time == b[1] and same(tensor_util.make_ndarray(a.tensor_proto).item(), b[2]))
            if len(found) != len(expected):
                problems.append(f"{run['name']} {tag}: {len(found)} points, expected {len(expected)}")
        for tag, expected in run["texts"].items():
            total += len(expected)
            good += sum(1 for a, b in zip(accumulator.Tensors(tag), expected)
                        if a.step == b[0] and tensor_util.make_ndarray(a.tensor_proto).item().decode() == b[1])
        for tag, expected in run["histograms"].items():
            total += len(expected)
            for a, (step, values) in zip(accumulator.Tensors(tag), expected):
                buckets = tensor_util.make_ndarray(a.tensor_proto)  # [left, right, count]
                data = np.array(values, np.float32)
                good += int(a.step == step and buckets[:, 2].sum() == 20 and
                            buckets[0, 0] == data.min() and buckets[-1, 1] == data.max())
    check("our journals, read by TensorBoard", good, total, "values")
    return logs


def ours_back(tool, logs, runs):
    good = total = 0
    for run in runs[:200]:
        found = json.loads(call(tool, "dump", logs / run["name"]))
        for tag, expected in run["scalars"].items():
            total += 1
            good += points_equal([(s, w, float(v)) for s, w, v in found["scalars"].get(tag, [])], expected)
        total += 1
        good += [(s, v) for s, _, v in found["texts"].get("notes", [])] == run["texts"].get("notes", [])
    check("our journals, read by us", good, total, "series")


def over_http(logs, runs, fast):
    """TensorBoard as people see it: its server, asked for scalars, texts and the table of hyperparameters."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    subset = logs.parent / ("http-fast" if fast else "http")
    subset.mkdir()
    for run in runs:
        os.symlink(logs / run["name"], subset / run["name"])
    server = subprocess.Popen([sys.executable, "-m", "tensorboard.main", "--logdir", str(subset), "--port", str(port),
                               "--load_fast", "true" if fast else "false", "--samples_per_plugin", "scalars=100000,text=1000,histograms=1000"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    ready = threading.Event()

    def listen():
        for line in server.stderr:
            if "Press CTRL+C" in line:
                ready.set()

    threading.Thread(target=listen, daemon=True).start()

    def get(path, data=None, **query):
        url = f"http://127.0.0.1:{port}/data/{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"} if body else {})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read().decode())

    try:
        if not ready.wait(120):
            problems.append("TensorBoard did not start")
            return
        for _ in range(60):
            if len(get("runs")) == len(runs):
                break
            threading.Event().wait(1)
        threading.Event().wait(10)
        compare_http(get, runs, fast)
    finally:
        server.terminate()
        server.wait()


def compare_http(get, runs, fast):
    good = total = 0
    for run in runs:
        for tag, expected in run["scalars"].items():
            found = get("plugin/scalars/scalars", run=run["name"], tag=tag)
            total += 1
            good += points_equal([(int(s), w, float(v)) for w, s, v in found], expected)
        for tag, expected in run["texts"].items():
            total += 1
            good += [t["step"] for t in get("plugin/text/text", run=run["name"], tag=tag)] == [s for s, _ in expected]
        for tag, expected in run["histograms"].items():
            total += 1
            good += [h[1] for h in get("plugin/histograms/histograms", run=run["name"], tag=tag)] == [s for s, _ in expected]
    check(f"our journals over TensorBoard's HTTP, {'fast' if fast else 'Python'} reader", good, total, "series")
    experiment = get("plugin/hparams/experiment", data={"experimentName": ""})
    names = {info["name"] for info in experiment.get("hparamInfos", [])}
    groups = get("plugin/hparams/session_groups", data={
        "experimentName": "", "colParams": [{"hparam": name} for name in sorted(names)], "startIndex": 0, "sliceSize": 10000,
        "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]})
    rows = {tuple(sorted((k, v) for k, v in group["hparams"].items())) for group in groups["sessionGroups"]}
    wanted = {tuple(sorted(run["settings"].items())) for run in runs}
    check("rows of the table of hyperparameters", len(rows & wanted) if len(rows) == len(wanted) else -1, len(wanted), "rows")


def tensorboard_to_ours(tool, folder, rng, count):
    good = total = 0
    for i in range(count):
        logs = folder / f"theirs{i}"
        writer = EventFileWriter(str(logs))
        expected, notes = collections.defaultdict(list), []
        for step in range(rng.randrange(1, 60)):
            value = np.float32(rng.uniform(-1, 1) * 10 ** rng.randrange(-9, 9))
            time = 1.7e9 + step + rng.random()
            style = rng.choice(["simple", "new"])
            if style == "simple":
                summary = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag="simple", simple_value=value)])
            else:
                summary = scalar_summary.scalar_pb("new", value)
            writer.add_event(event_pb2.Event(wall_time=time, step=step, summary=summary))
            expected[style].append((step, time, value))
            if step % 7 == 0:
                writer.add_event(event_pb2.Event(wall_time=time, step=step, summary=text_summary.text_pb("t", f"ü {step}")))
                notes.append((step, f"ü {step}"))
        writer.close()
        found = json.loads(call(tool, "dump", logs))
        total += 3
        good += sum(points_equal([(s, w, float(v)) for s, w, v in found["scalars"].get(style, [])], expected[style])
                    for style in ("simple", "new"))
        good += [(s, v) for s, _, v in found["texts"].get("t", [])] == notes and found["damage"] == 0
    check("TensorBoard's files, read by us", good, total, "series")


def real_runs(tool, folders):
    """Whatever a training has written: TensorBoard finds the same tags, steps, times and values as we do."""
    counts = collections.Counter()
    folders = [folder for folder in folders if folder.is_dir()]
    for folder in folders:
        ours = json.loads(call(tool, "dump", folder))
        accumulator = plugin_event_accumulator.EventAccumulator(str(folder), tensor_size_guidance={
            "scalars": 0, "text": 0, "histograms": 0})
        accumulator.Reload()
        theirs = {tag for tag in accumulator.Tags()["tensors"] if not tag.startswith("_hparams_")}  # see over_http
        tags = {tag for kind in ("scalars", "texts", "histograms") for tag in ours[kind]}
        if theirs != tags or ours["damage"]:
            problems.append(f"{folder}: tags {sorted(theirs ^ tags)}, {ours['damage']} damaged records")
        for kind in ("scalars", "texts", "histograms"):
            for tag, expected in ours[kind].items():
                found = accumulator.Tensors(tag) if tag in theirs else []
                counts[kind, "all"] += len(expected)
                counts[kind, "equal"] += sum(
                    a.step == b[0] and a.wall_time == b[1] and equal_value(kind, tensor_util.make_ndarray(a.tensor_proto), b[2:])
                    for a, b in zip(found, expected)) if len(found) == len(expected) else 0
    for kind in ("scalars", "texts", "histograms"):
        check(f"{kind} of {len(folders)} trained runs, read by TensorBoard", counts[kind, "equal"], counts[kind, "all"], "values")


def equal_value(kind, found, ours):
    if kind == "scalars":
        return same(found.item(), float(ours[0]))
    if kind == "texts":
        return found.item().decode() == ours[0]
    limits, counted, least, most = ours
    wanted = [[left, right, count] for left, right, count in zip([least, *limits[:-1]], [*limits[:-1], most], counted)]
    return np.array_equal(found, np.array(wanted, found.dtype).reshape(found.shape[0], 3) if len(wanted) == len(found) else [])


# --- safetensors ---------------------------------------------------------------------------------------------------

KINDS = {"bool": 1, "uint8": 1, "int8": 1, "float8_e5m2": 1, "float8_e4m3fn": 1, "int16": 2, "uint16": 2, "float16": 2,
         "bfloat16": 2, "int32": 4, "uint32": 4, "float32": 4, "complex64": 8, "float64": 8, "int64": 8, "uint64": 8}


def random_set(rng, most_metadata=1):
    tensors, keep = {}, []
    for _ in range(rng.randrange(0, 8)):
        kind = rng.choice(list(KINDS))
        shape = [rng.randrange(0, 5) for _ in range(rng.randrange(0, 4))]
        size = KINDS[kind] * math.prod(shape)
        data = bytearray(rng.randbytes(size)) or bytearray(1)
        keep.append(data)
        name = rng.choice(["w", "größe", "a\"b", "x\n\x7f\x01", "layer.0/conv"]) + str(rng.randrange(100))
        address = np.frombuffer(data, np.uint8).ctypes.data
        tensors[name] = safetensors.TensorSpec(dtype=kind, shape=shape, data_ptr=address, data_len=size)
    metadata = {f"k{i}": rng.choice(["", "v", "ü\"\\\t"]) for i in range(rng.randrange(0, most_metadata + 1))} or None
    return safetensors.serialize(tensors, metadata)


def safetensors_both_ways(tool, folder, rng, count):
    """Their bytes, read and written again by us, are their bytes: so we read what they wrote, and write as they do."""
    box = folder / "sets"
    box.mkdir()
    originals = [random_set(rng) for _ in range(count)]
    for i, data in enumerate(originals):
        (box / f"{i}.safetensors").write_bytes(data)
    call(tool, "rewrite", box)
    good = sum((box / f"{i}.ours").read_bytes() == data for i, data in enumerate(originals))
    check("safetensors: theirs, read and written by us", good, count, "files byte for byte")
    good = sum(sorted(safetensors.deserialize((box / f"{i}.ours").read_bytes())) == sorted(safetensors.deserialize(data))
               if data else False for i, data in enumerate(originals))
    check("safetensors: ours, read by theirs", good, count, "sets")


def mutated(rng, data):
    """A file with a header changed a little, or bytes cut, added or flipped."""
    way = rng.randrange(6)
    size = struct.unpack("<Q", data[:8])[0]
    if way == 0:
        return data[:rng.randrange(len(data) + 1)]
    if way == 1:
        return data + rng.randbytes(rng.randrange(1, 9))
    if way == 2:
        out = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
        return bytes(out)
    header = bytearray(data[8:8 + size])
    if way == 3 and header:  # other digits: sizes and offsets that lie
        digits = [i for i, c in enumerate(header) if 48 <= c < 58]
        for i in rng.sample(digits, min(len(digits), rng.randrange(1, 3))):
            header[i] = rng.choice(b"0123456789-.e")
    elif way == 4 and header:
        at = rng.randrange(len(header))
        header[at:at + rng.randrange(0, 3)] = rng.choice([b"", b"{", b"}", b",", b"\"", b"\0", b"\xff", b" ", b"[", b"null",
                                                          b"1", b"99999999999999999999", b"\"a\":1,", b"\\u00e9"])
    else:
        text = header.decode()
        header = bytearray(text.replace(rng.choice(["F32", "U8", "I64", "dtype", "shape", "data_offsets", "[", "w"]),
                                        rng.choice(["F33", "U8", "F64", "dtype", "x", "[1,", "__metadata__", "w"]), 1).encode())
    header_size = len(header) if rng.random() < 0.9 else max(0, len(header) + rng.randrange(-3, 4))
    return struct.pack("<Q", header_size) + bytes(header) + data[8 + size:]


def stricter_on_purpose(data, reason):
    """The cases that the format's library lets pass and we do not."""
    header = data[8:8 + struct.unpack("<Q", data[:8])[0]]
    return ("second time" in reason or  # duplicate names
            "begin with {" in reason or  # leading space
            "a type that is known here" in reason and any(k in header for k in (b"F4", b"F6_", b"F8_")) or
            "a NUL byte" in reason)


def judged_alike(tool, rng, count):
    files = [mutated(rng, random_set(rng, 3)) for _ in range(count)]
    ours = call(tool, "judge", input=b"".join(struct.pack("<Q", len(data)) + data for data in files)).decode().splitlines()
    accepted = stricter = alike = 0
    for data, verdict in zip(files, ours):
        try:
            safetensors.deserialize(data)
            theirs = True
        except (SafetensorError, ValueError, OverflowError):
            theirs = False
        mine = verdict == "accepted"
        accepted += theirs
        if mine == theirs:
            alike += 1
        elif theirs and stricter_on_purpose(data, verdict):
            stricter += 1
        elif len(problems) < 20:
            problems.append(f"safetensors says {'yes' if theirs else 'no'}, we say {verdict!r}: {data!r}")
    print(f"safetensors: {accepted} of {count} mutated files are accepted by theirs")
    check(f"safetensors: judged alike, {stricter} of them stricter on purpose", alike + stricter, count, "mutated files")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", help="the built peer_files")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--sets", type=int, default=10000)
    parser.add_argument("--mutated", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", nargs="+", type=Path, help="folders of trained runs, and nothing else")
    options = parser.parse_args()
    tool, rng = os.path.abspath(options.tool), random.Random(options.seed)
    if options.real:
        real_runs(tool, options.real)
        for problem in problems:
            print("DIFFERENT:", problem)
        return 1 if problems else 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        safetensors_both_ways(tool, folder, rng, options.sets)
        judged_alike(tool, rng, options.mutated)
        runs = [random_run(rng, f"run{i:04}") for i in range(options.runs)]
        logs = ours_to_tensorboard(tool, folder, runs)
        ours_back(tool, logs, runs)
        tensorboard_to_ours(tool, folder, rng, max(1, options.runs // 10))
        for fast in (False, True):
            over_http(logs, runs[:20], fast)
    for problem in problems:
        print("DIFFERENT:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
