#!/usr/bin/env python3
"""Trains on a file that is many times larger than its memory budget, and tells the most memory that was held.

    tests/bench/large_file.py CSV --gb 10 --budget 1024 [--keep] [--blockyard build/release/bin/blockyard]

CSV is the million rows of the benchmark's second workload (29 columns, the last one the target); its rows are repeated
until the file has the size wanted. File, spooled rows and prepared rows take about twice that on the disk, in
--folder (default: where CSV lies)."""
import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def grown(csv, path, size):
    with open(csv, "rb") as small:
        header = small.readline()
        rows = small.read()
    with open(path, "wb") as large:
        large.write(header)
        while large.tell() < size:
            large.write(rows)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path)
    parser.add_argument("--gb", type=float, default=10, help="size of the file in 1e9 bytes")
    parser.add_argument("--budget", type=int, default=1024, help="memory budget in MiB")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="keep the large file")
    parser.add_argument("--blockyard", default=HERE.parent.parent / "build/release/bin/blockyard")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="blockyard-large-", dir=options.folder or options.csv.parent))
    try:
        large = grown(options.csv, folder / "large.csv", options.gb * 1e9)
        shutil.copy(HERE / "w2.blockyard", folder / "large.blockyard")
        begun = time.monotonic()
        done = subprocess.run(
            [str(options.blockyard), "train", str(folder / "large.blockyard"), "--json", "--set", f"{source_of(folder)}.file={large}",
             "--set", f"training.memory_budget={options.budget}", "--set", "training.epochs=1",
             "--set", "training.row_cache=off"],
            env={**os.environ, "TMPDIR": str(folder)}, stdout=subprocess.PIPE, check=False)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        seconds = time.monotonic() - begun
        last = done.stdout.decode().strip().splitlines()[-1:] or [""]
        print(json.dumps({"file_gb": large.stat().st_size / 1e9, "budget_mib": options.budget, "exit": done.returncode,
                          "seconds": round(seconds, 1), "mb_per_s": round(large.stat().st_size / 1e6 / seconds, 1),
                          "peak_mib": round(peak / 2**20), "last": last[0][:400]}))
        return done.returncode
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def source_of(folder):
    blocks = json.loads((folder / "large.blockyard").read_text())["pipelines"]["main"]["blocks"]
    return next(name for name, block in blocks.items() if block["block"].startswith("source/"))


if __name__ == "__main__":
    sys.exit(main())
