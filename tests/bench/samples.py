#!/usr/bin/env python3
"""What the sample projects reach, over several seeds, beside baselines: the tables in their READMEs.

    tests/bench/samples.py penguins rt-polarity          # five seeds each
    tests/bench/samples.py fashion-mnist --seeds 3
    tests/bench/samples.py                               # all of them; takes an hour on two cores

Each seed trains the project in full and scores it once on its test rows; where the split is random, the seed changes the
split, too. The baselines (samples_baselines.py) learn from training rows of the same number, and are scored on test rows
of the same number, that scikit-learn draws by the same seeds; where time or the files give the split, the rows are the
same. Printed are mean and standard deviation over the seeds. Needs a release build, scikit-learn, pandas, Pillow, and
BLOCKYARD_DATA with the data (packaging/data NAME brings it)."""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from samples_baselines import SAMPLES

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def say(text):
    print(text, file=sys.stderr, flush=True)


def train(command, folder, name, seed, options):
    """The test scores of one training."""
    call = [command, "train", str(folder / f"{name}.blockyard"), "--json", "-q", "--seed", str(seed), *options]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        raise SystemExit(f"samples.py: {name}, seed {seed}: {' '.join(call)} ended with {done.returncode}\n{done.stderr}{done.stdout[-2000:]}")
    return json.loads(lines[-1])["metrics"]["test"]


def cell(values):
    mean = statistics.mean(values)
    digits = 0 if abs(mean) >= 100 else 3 if abs(mean) >= 0.01 else 4
    text = f"{round(mean, digits) + 0.0:,.{digits}f}"  # never -0
    # What is the same for every seed follows from the data alone.
    return text if len(set(values)) == 1 else f"{text} ± {statistics.stdev(values):,.{digits}f}"


def table(name, command, seeds, with_projects, with_baselines):
    sample = SAMPLES[name]
    rows = []

    def measure(title, score):
        start = time.monotonic()
        scores = [score(seed) for seed in range(seeds)]
        rows.append((title, [cell([each[metric] for each in scores]) for metric in sample.metrics]))
        say(f"{name}: {title}: {', '.join(rows[-1][1])} ({(time.monotonic() - start) / seeds:.1f} s a seed)")

    with tempfile.TemporaryDirectory(prefix="blockyard-samples-") as temporary:
        folder = pathlib.Path(temporary)
        shutil.copy(ROOT / "projects" / name / f"{name}.blockyard", folder)
        for title, options in sample.trainings.items() if with_projects else ():
            measure(f"**{title}**", lambda seed, options=options: train(command, folder, name, seed, options))
    for title, baseline in sample.baselines.items() if with_baselines else ():
        measure(title, baseline)
    lines = [f"| test rows, {seeds} seeds | " + " | ".join(sample.metrics.values()) + " |", "|---" * (1 + len(sample.metrics)) + "|"]
    lines += [f"| {title} | " + " | ".join(cells) + " |" for title, cells in rows]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("projects", nargs="*", metavar="PROJECT", help=f"of {', '.join(SAMPLES)}; all if none is named")
    parser.add_argument("--seeds", type=int, default=5, help="how many, from 0 on")
    parser.add_argument("--command", default=str(ROOT / "build/release/bin/blockyard"), help="the blockyard to run")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--no-baselines", action="store_true", help="train the projects alone")
    only.add_argument("--no-projects", action="store_true", help="score the baselines alone")
    options = parser.parse_args()
    unknown = [name for name in options.projects if name not in SAMPLES]
    if unknown:
        parser.error(f"no sample project {', '.join(unknown)}; there are {', '.join(SAMPLES)}")
    if options.seeds < 1:
        parser.error("--seeds: at least 1")
    if "BLOCKYARD_DATA" not in os.environ:
        parser.error("BLOCKYARD_DATA must name the folder of the data: packaging/data NAME brings it")
    for name in options.projects or SAMPLES:
        print(f"{name}\n\n{table(name, options.command, options.seeds, not options.no_projects, not options.no_baselines)}\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
