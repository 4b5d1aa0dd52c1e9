#!/usr/bin/env bash
# slurm.sh BLOCKYARD TRAIN.SBATCH: the batch script under a stand-in for Slurm that only notes what it is asked. The
# training is really signalled; the job that was queued again ends with the weights of an unbroken one.
set -euo pipefail
blockyard=$1
script=$2
work=$(mktemp -d -t blockyard-slurm.XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() {
  echo "slurm.sh: $1" >&2
  tail -n 3 job.log >&2 || true
  exit 1
}

mkdir bin
printf '#!/bin/sh\necho "$@" >>%s/scontrol.log\n' "$work" >bin/scontrol
chmod +x bin/scontrol
export PATH="$work/bin:$PATH" BLOCKYARD="$blockyard" SLURM_JOB_ID=7 SLURM_SUBMIT_DIR="$work" SLURM_CPUS_PER_TASK=1
awk 'BEGIN { srand(3); print "a,b,c,kind"; for (i = 0; i < 6000; i++) { k = i % 3
  printf "%.3f,%.3f,%.3f,%s\n", rand() + k, rand() - k, rand(), substr("xyz", k + 1, 1) } }' >rows.csv
"$blockyard" new job --data rows.csv --target kind >/dev/null
options=(--epochs 500 --seed 5)

bash "$script" job "${options[@]}" >job.log 2>&1 &
job=$!
for _ in $(seq 600); do
  if [ -s blockyard-7.run ]; then break; fi
  sleep 0.1
done
[ -s blockyard-7.run ] || fail "the run was not noted"
sleep 0.5
kill -USR1 "$job"
status=0
wait "$job" || status=$?
[ "$status" -eq 75 ] || fail "expected exit code 75 after the signal, got $status"
[ "$(cat scontrol.log)" = "requeue 7" ] || fail "expected one call of scontrol requeue 7, got: $(cat scontrol.log)"

bash "$script" job "${options[@]}" >job.log 2>&1 || fail "the job that was queued again failed"
[ ! -e blockyard-7.run ] || fail "the note of the run was left behind"
[ "$(find job/runs -mindepth 1 -maxdepth 1 -type d -name '2*' | wc -l)" -eq 1 ] || fail "expected one run, the same before and after"
[ "$(wc -l <scontrol.log)" -eq 1 ] || fail "a job that is done was queued again"

SLURM_JOB_ID=8 bash "$script" job "${options[@]}" >job.log 2>&1 || fail "the unbroken job failed"
mapfile -t weights < <(grep -ho '"weights_sha256": *"[0-9a-f]\{64\}"' job/runs/2*/run.json | sort)
if [ "${#weights[@]}" -ne 2 ] || [ "${weights[0]}" != "${weights[1]}" ]; then
  fail "expected equal weights with and without the break, got: ${weights[*]}"
fi
echo "interrupted with 75, queued again once, resumed to equal weights: ${weights[0]}"
