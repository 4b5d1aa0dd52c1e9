// Writes ONNX models of single blocks, with rows and the block's own answers, for tests/oracles/onnx_models.py to
// judge:
//
//   onnx_cases FOLDER [TRIALS [BLOCK]]     FOLDER/<kind>-<name>-<seed>.onnx and .json; default 20 trials of every block
//
// Prints a line for each block: its id, how many models were written, and why the first was refused. And for a trained
// pipeline and the first rows of its project's files:
//
//   onnx_cases --run BUNDLE PROJECT_FOLDER ROWS OUT     OUT.onnx and OUT.json
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "export/onnx_trial.hpp"

using namespace blockyard;

namespace {

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

void writeCase(const std::string& path, const OnnxTrial& made, const nlohmann::json& settings) {
  write(path + ".onnx", made.model);
  write(path + ".json", nlohmann::json{{"settings", settings}, {"in", made.in}, {"out", made.out}}.dump());
}

std::string describe(const BlockType& type, const std::string& folder, uint64_t trials) {
  std::string refused;
  uint64_t written = 0;
  for (uint64_t seed = 1; seed <= trials; ++seed) {
    std::string name = type.schema.id;
    name.replace(name.find('/'), 1, "-");
    const std::string path = folder + "/" + name + "-" + std::to_string(seed);
    try {
      const Trial trial = makeTrial(type, seed);
      writeCase(path, onnxTrial(trial), toJson(trial.values));
      ++written;
    } catch (const std::exception& error) {
      if (refused.empty()) refused = "seed " + std::to_string(seed) + ": " + error.what();
    }
  }
  return type.schema.id + "\t" + std::to_string(written) + "\t" + refused;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::cerr << "usage: onnx_cases FOLDER [TRIALS [BLOCK]]\n", 2;
  if (argc == 6 && argv[1] == std::string("--run")) {
    writeCase(argv[5], onnxRows(argv[2], argv[3], std::strtoll(argv[4], nullptr, 10)), {});
    return 0;
  }
  std::filesystem::create_directories(argv[1]);
  const uint64_t trials = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20;
  for (const auto& type : catalog())
    if (type.schema.kind != Kind::Source && (argc < 4 || type.schema.id == argv[3]))
      std::cout << describe(type, argv[1], trials) << std::endl;
  return 0;
}
