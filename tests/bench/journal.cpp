// How many scalars a second one thread writes into the journal of a run, and reads back: bench_journal [FOLDER]
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "runs/journal.hpp"
#include "runs/journal_reader.hpp"

using namespace blockyard;

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int64_t kSteps = 1'000'000;
  const std::filesystem::path folder = std::filesystem::path(argc > 1 ? argv[1] : "/tmp") / "bench_journal";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const double start = now();
  {
    Journal journal(folder);
    for (int64_t step = 1; step <= kSteps; ++step) {
      journal.scalar("train/loss", step, 1.0 / static_cast<double>(step));
      journal.scalar("train/learning_rate", step, 0.001);
      journal.scalar("train/gradient_norm", step, 0.5);
    }
    journal.sync();
  }
  const double written = now();
  const JournalReader reader(folder);
  const double read = now();
  std::printf("written: %.0f scalars/s, read: %.0f scalars/s\n", 3 * kSteps / (written - start),
              3 * kSteps / (read - written));
  std::filesystem::remove_all(folder);
  return reader.scalars().at("train/loss").size() == kSteps ? 0 : 1;
}
