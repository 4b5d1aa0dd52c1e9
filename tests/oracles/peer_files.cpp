// The C++ half of peer_files.py: does to files what the script asks, so that it can compare with other programs.
//   peer_files events FILE FOLDER   writes journals below FOLDER as the JSON lines of FILE say
//   peer_files dump FOLDER          prints what JournalReader finds, as JSON
//   peer_files rewrite FOLDER       reads each X.safetensors and writes X.ours again
//   peer_files judge                reads files from standard input (length as 8 bytes, then bytes), prints one line
//   each
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/safetensors.hpp"
#include "runs/journal.hpp"
#include "runs/journal_reader.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

void writeOne(std::unique_ptr<Journal>& journal, const JsonPlace& line, const fs::path& folder) {
  const std::string op = line["op"].text();
  if (op == "open") {
    journal.reset();
    const fs::path path = folder / line["run"].text();
    fs::create_directories(path);
    journal = std::make_unique<Journal>(
        path, line.find("resumed_at") ? std::optional(line["resumed_at"].integer()) : std::nullopt);
    return;
  }
  const int64_t step = line.integer("step", 0);
  const std::optional<double> time = line.find("time") ? std::optional(line["time"].number()) : std::nullopt;
  if (op == "scalar") journal->scalar(line["tag"].text(), step, line["value"].number(), time);
  if (op == "text") journal->text(line["tag"].text(), step, line["value"].text(), time);
  if (op == "histogram") {
    std::vector<float> values;
    for (const auto& item : line["value"].items()) values.push_back(static_cast<float>(item.number()));
    journal->histogram(line["tag"].text(), step, histogramOf(values, 8), time);
  }
  if (op == "hparams") journal->hparams(valuesFromJson(line["settings"].json()), line["metrics"].texts(), time);
  if (op == "ended") journal->ended(line["success"].flag(), time);
}

void writeEvents(const std::string& file, const fs::path& folder) {
  std::istringstream lines(readFile(file));
  std::unique_ptr<Journal> journal;
  for (std::string line; std::getline(lines, line);) {
    const Json json = parseJson(line, file);
    writeOne(journal, JsonPlace(json, file), folder);
  }
}

void dumpEvents(const fs::path& folder) {
  const JournalReader reader(folder);
  Json out = {{"scalars", Json::object()},
              {"texts", Json::object()},
              {"histograms", Json::object()},
              {"damage", reader.damage().size()}};
  for (const auto& [tag, points] : reader.scalars())
    for (const auto& p : points) out["scalars"][tag].push_back({p.step, p.wall_time, p.value});
  for (const auto& [tag, points] : reader.texts())
    for (const auto& p : points) out["texts"][tag].push_back({p.step, p.wall_time, p.value});
  for (const auto& [tag, points] : reader.histograms())
    for (const auto& p : points)
      out["histograms"][tag].push_back({p.step, p.wall_time, p.value.limits, p.value.counts, p.value.min, p.value.max});
  std::cout << dumpJson(out);
}

void rewrite(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".safetensors") continue;
    const SafetensorsFile file(entry.path());
    std::ofstream(fs::path(entry.path()).replace_extension(".ours"), std::ios::binary)
        << safetensorsBytes(file.tensors(), file.metadata());
  }
}

void judge() {
  char head[8];
  while (std::cin.read(head, sizeof head)) {
    uint64_t size = 0;
    std::memcpy(&size, head, sizeof size);
    std::string bytes(size, '\0');
    std::cin.read(bytes.data(), static_cast<std::streamsize>(size));
    try {
      const SafetensorsFile file(bytes, "");
      std::cout << "accepted\n";
    } catch (const Error& error) {
      std::string text = error.problem();
      for (char& c : text)
        if (static_cast<unsigned char>(c) < 32) c = ' ';
      std::cout << "refused " << text << "\n";
    }
  }
}

int run(const std::vector<std::string>& arguments) {
  const std::string verb = arguments.empty() ? "" : arguments[0];
  if (verb == "events" && arguments.size() == 3) return writeEvents(arguments[1], arguments[2]), 0;
  if (verb == "dump" && arguments.size() == 2) return dumpEvents(arguments[1]), 0;
  if (verb == "rewrite" && arguments.size() == 2) return rewrite(arguments[1]), 0;
  if (verb == "judge") return judge(), 0;
  std::cerr << "see the top of tests/oracles/peer_files.cpp\n";
  return 2;
}

}  // namespace
}  // namespace blockyard

int main(int argc, char** argv) {
  try {
    return blockyard::run({argv + 1, argv + argc});
  } catch (const blockyard::Error& error) {
    std::cerr << error.what() << "\n";
    return static_cast<int>(error.fault());
  }
}
