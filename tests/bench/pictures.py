#!/usr/bin/env python3
"""Times how fast a folder of pictures becomes batches: bench_pictures (see pictures.cpp) beside PyTorch's DataLoader
with torchvision's ImageFolder, Resize, CenterCrop and PILToTensor, the best of several num_workers.

    ninja -C build/release bench_pictures;  tests/bench/pictures.py SOURCE... [--copies 20] [--size 128] [--reps 5]

SOURCE is a folder with one folder for each class; its files are copied into a temporary folder so many times.
Runs are interleaved; the median counts. Needs a Python with torch and torchvision. The page cache is warm on both sides."""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def grow(source, folder, copies):
    """Every class, its files copied so many times."""
    for kind in sorted(path for path in Path(source).iterdir() if path.is_dir()):
        (folder / kind.name).mkdir(parents=True)
        for file in sorted(kind.iterdir()):
            for copy in range(copies):
                shutil.copyfile(file, folder / kind.name / f"{copy}-{file.name}")


def peer(folder, size, workers, batch):
    """Run in a process of its own: samples per second of an epoch, its workers started within."""
    import torch
    from torchvision import datasets, transforms
    torch.set_num_threads(1)
    way = transforms.Compose([transforms.Resize(size), transforms.CenterCrop(size), transforms.PILToTensor()])
    data = datasets.ImageFolder(folder, way)
    loader = torch.utils.data.DataLoader(data, batch, shuffle=True, num_workers=workers)
    start = time.perf_counter()
    rows = sum(int(x[0, 0, 0, 0]) * 0 + len(y) for x, y in loader)
    print(json.dumps({"rows": rows, "first": rows / (time.perf_counter() - start)}))


def run(command):
    """What the program prints, with the processor's time that it and its workers took for a sample."""
    before = os.times()
    out = json.loads(subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return out | {"cpu_ms": 1000 * used / out["rows"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="*")
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--workers", type=int, nargs="*", default=[0, 1, 2, 3])
    parser.add_argument("--program", default=ROOT / "build" / "release" / "bin" / "bench_pictures")
    parser.add_argument("--peer", nargs=2, metavar=("FOLDER", "WORKERS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        peer(options.peer[0], options.size, int(options.peer[1]), options.batch)
        return
    for source in options.source:
        scratch = Path(tempfile.mkdtemp(prefix="blockyard-bench-"))
        try:
            grow(source, scratch, options.copies)
            ours, second, bandwidth, peers = [], [], [], {workers: [] for workers in options.workers}
            cpu = {"ours": [], **{workers: [] for workers in options.workers}}
            for _ in range(options.reps):
                result = run([options.program, scratch, options.size, options.batch])
                ours.append(result["first"])
                cpu["ours"].append(result["cpu_ms"])
                second.append(result["second"])
                bandwidth.append(result["second_gb"])
                for workers, found in peers.items():
                    answer = run([sys.executable, __file__, "--size", options.size, "--batch", options.batch,
                                  "--peer", scratch, workers])
                    found.append(answer["first"])
                    cpu[workers].append(answer["cpu_ms"])
            best = max(peers, key=lambda workers: statistics.median(peers[workers]))
            theirs = statistics.median(peers[best])
            print(json.dumps({
                "source": source, "rows": result["rows"], "size": options.size, "cores": os.cpu_count(),
                "first_epoch": round(statistics.median(ours)), "peer": round(theirs), "peer_workers": best,
                "ratio": round(statistics.median(ours) / theirs, 2),
                "cpu_ms": round(statistics.median(cpu["ours"]), 3), "peer_cpu_ms": round(statistics.median(cpu[best]), 3),
                "ratios": [round(a / b, 2) for a, b in zip(ours, peers[best])],
                "second_epoch": round(statistics.median(second)), "second_gb_per_s": statistics.median(bandwidth)}))
        finally:
            shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
