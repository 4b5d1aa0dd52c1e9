#!/usr/bin/env python3
"""Times blockyard beside other programs on the same work: w1, w2, w5 (see the project files here) and w7 (the penguins).

    tests/bench/with_peers.py FOLDER [--only w1:torch-fast,w1:ours] [--reps 5]

FOLDER holds the peers' scripts and run_all.py, which interleaves the runs and waits for an idle machine. Every option
that is not ours goes to it. Needs the Python that FOLDER asks for, DATA_DIR (or BLOCKYARD_DATA) with fashion-mnist/, and,
for w2 and w5, the table that FOLDER's gen_csv.py writes. Two are run here, interleaved, with medians: w7 by --small and
w5, how soon that table has been read and the first step on it is done, by --ingest.
"""
import argparse
import gzip
import json
import os
import pathlib
import shlex
import statistics
import struct
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def first_pictures(data, scratch, count=20000):
    """The first `count` training pictures and labels as IDX files of their own."""
    paths = []
    for name, header in (("train-images-idx3-ubyte", 16), ("train-labels-idx1-ubyte", 8)):
        path = scratch / f"{name}.{count}.gz"
        if not path.exists():
            with gzip.open(data / "fashion-mnist" / f"{name}.gz") as whole:
                head = bytearray(whole.read(header))
                size = 28 * 28 if header == 16 else 1
                head[4:8] = struct.pack(">I", count)
                with gzip.open(path, "wb") as part:
                    part.write(bytes(head) + whole.read(count * size))
        paths.append(path)
    return paths


def ours(program, data, scratch):
    """What run_all.py takes with --ours: the commands of this program."""
    images, labels = first_pictures(data, scratch)
    table = os.environ.get("TABULAR_CSV") or scratch / "tabular-1m.csv"
    threads = os.environ.get("THREADS", "2")

    def command(workload, *settings):
        words = [program, "benchmark", HERE / f"{workload}.blockyard", "--json", "--workload", workload, "--threads", threads]
        for setting in settings:
            words += ["--set", setting]
        return {"workload": workload, "peer": "ours", "cmd": shlex.join(map(str, words)), "env": {"BLOCKYARD_DATA": str(data)}}

    return [command("w1", f"variables.train_images={images}", f"variables.train_labels={labels}"),
            command("w2", f"variables.table={table}")]


def interleaved(jobs, folder, env, reps, seconds):
    """Runs the jobs in turn and prints the median of what `seconds` takes from (wall seconds, what the job printed)."""
    times = {name: [] for name in jobs}
    for _ in range(reps):
        for name, words in jobs.items():
            begin = time.monotonic()
            done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=True)
            wall = time.monotonic() - begin
            last = json.loads(done.stdout[done.stdout.index("{"):])
            times[name].append(seconds(wall, last))
            print(name, round(times[name][-1], 3), "s", last.get("peak_rss_mb"), "MB", last.get("final_metric"), flush=True)
    for name, each in times.items():
        median = statistics.median(each)
        print(f"{name}: {median:.3f} s, {median / statistics.median(times['ours']):.2f} times ours")


def small(program, folder, data, reps):
    """w7: from process start to a trained model of the penguins, 100 epochs; wall seconds."""
    # A fifth of the rows is for the test and none for validation, as the peers have it.
    jobs = {"ours": [program, "benchmark", str(ROOT / "projects" / "penguins"), "--epochs", "100", "--json",
                     "--set", "training.validation_share=0", "--set", "training.test_share=0.2"]}
    for peer in ("torch", "sklearn"):
        jobs[peer] = [sys.executable, str(folder / "w7_small.py"), "--peer", peer]
    interleaved(jobs, folder, dict(os.environ, BLOCKYARD_DATA=str(data), DATA_DIR=str(data)), reps, lambda wall, last: wall)


def ingest(program, folder, data, scratch, reps):
    """w5: from process start to the end of the first training step on w2's table."""
    table = os.environ.get("TABULAR_CSV") or scratch / "tabular-1m.csv"
    jobs = {"ours": [program, "benchmark", str(HERE / "w2.blockyard"), "--json", "--threads", os.environ.get("THREADS", "2"),
                     "--set", f"variables.table={table}", "--set", "training.max_steps=1"]}
    for peer in ("polars", "polars-stream"):
        jobs[peer] = [sys.executable, str(folder / "w5_ingest.py"), "--peer", peer]
    env = dict(os.environ, BLOCKYARD_DATA=str(data), SCRATCH_DIR=str(scratch))
    interleaved(jobs, folder, env, reps,
                lambda wall, last: last.get("start_to_first_step") or last["seconds_to_first_step"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--program", default=str(ROOT / "build" / "release" / "bin" / "blockyard"))
    parser.add_argument("--small", action="store_true", help="w7 alone")
    parser.add_argument("--ingest", action="store_true", help="w5 alone")
    parser.add_argument("--reps", type=int, default=5)
    options, rest = parser.parse_known_args()
    folder = options.folder.resolve()
    data = pathlib.Path(os.environ.get("DATA_DIR") or os.environ.get("BLOCKYARD_DATA") or folder.parent / "data").resolve()
    scratch = pathlib.Path(os.environ.get("SCRATCH_DIR", "/tmp/bench-scratch"))
    scratch.mkdir(parents=True, exist_ok=True)
    if options.small:
        small(options.program, folder, data, options.reps)
        return 0
    if options.ingest:
        ingest(options.program, folder, data, scratch, options.reps)
        return 0
    commands = scratch / "ours.json"
    commands.write_text(json.dumps(ours(options.program, data, scratch), indent=1))
    return subprocess.call([sys.executable, str(folder / "run_all.py"), "--reps", str(options.reps), "--ours", str(commands), *rest],
                           cwd=folder)


if __name__ == "__main__":
    sys.exit(main())
