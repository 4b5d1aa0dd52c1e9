# shellcheck shell=bash
# What the scripts beside this file share. Sourced, never run; the caller has set -euo pipefail.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
me="packaging/$(basename "$0")"
# shellcheck disable=SC2034  # used by setup
cache="${XDG_CACHE_HOME:-${HOME:?HOME is not set: set it, or XDG_CACHE_HOME}/.cache}/blockyard"

say() { printf '%s\n' "$*"; }

# Two lines on standard error, what is wrong and what to do about it; then the end.
fail() {
  printf '%s: %s\n' "$me" "$1" >&2
  if [ -n "${2:-}" ]; then printf '  %s\n' "$2" >&2; fi
  exit 1
}

# The comment at the top of the calling script is its help text.
help_text() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"; }

# Compiling one file against LibTorch takes up to 2 GB: as many at a time as processors and memory allow.
jobs_at_once() {
  local by_memory processors
  by_memory=$(awk '/^MemAvailable:/ {print int($2 / 2000000)}' /proc/meminfo)
  processors=$(nproc)
  if [ "$by_memory" -lt 1 ]; then by_memory=1; fi
  echo $((by_memory < processors ? by_memory : processors))
}

# build PRESET [CMAKE OPTION...]: configures and builds what `targets` lists, everything if that is empty.
targets=()
build() {
  local preset=$1
  shift
  # BLOCKYARD_TORCH and BLOCKYARD_ARROW name libraries that are installed already.
  if [ -n "${BLOCKYARD_TORCH:-}" ]; then set -- "$@" "-DBLOCKYARD_TORCH=$BLOCKYARD_TORCH"; fi
  if [ -n "${BLOCKYARD_ARROW:-}" ]; then set -- "$@" "-DBLOCKYARD_ARROW=$BLOCKYARD_ARROW"; fi
  say "Configuring ($preset) ..."
  (cd "$root" && cmake --preset "$preset" "$@") ||
    fail "the configure step of preset '$preset' failed" "The message above says why; build/$preset can be removed to begin anew."
  say "Building ($preset) ..."
  (cd "$root" && cmake --build --preset "$preset" --parallel "$(jobs_at_once)" ${targets[@]+--target "${targets[@]}"}) ||
    fail "the build of preset '$preset' failed" "The compiler's message stands above."
}
