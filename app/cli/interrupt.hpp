// Ctrl-C and its kin: the first one asks for a clean end, the second one ends at once.
#pragma once
#include <atomic>

namespace blockyard::cli {

// From here on SIGINT, SIGTERM and SIGUSR1 (what a cluster sends before it takes the machine back) only set a flag.
void watchSignals();
// The signal that came, or 0.
int signalSeen();
// Set as soon as one came; for loops of the engine.
const std::atomic<bool>& stopAsked();
// The exit code after a clean end: 130 for Ctrl-C, 75 (try again) for the others, 0 if none came.
int signalExitCode();

}  // namespace blockyard::cli
