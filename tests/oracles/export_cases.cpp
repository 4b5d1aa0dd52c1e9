// Writes models of single blocks, with rows and the block's own answers, for tests/oracles/exported_models.py to judge:
//
//   export_cases FORMAT FOLDER [TRIALS [BLOCK]]   FOLDER/<kind>-<name>-<seed>.FORMAT and .json; default 20 trials of
//                                                 every block; FORMAT is onnx, int8 or pt
//
// Prints a line for each block: its id, how many models were written, and why the first was refused. And for a trained
// pipeline and the first rows of its project's files:
//
//   export_cases FORMAT --run BUNDLE PROJECT_FOLDER ROWS OUT     OUT.FORMAT and OUT.json
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "export/export_trial.hpp"

using namespace blockyard;

namespace {

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

void writeCase(const std::string& path, Written as, const ExportTrial& made, const nlohmann::json& settings) {
  write(path + (as == Written::Onnx ? ".onnx" : as == Written::OnnxInt8 ? ".int8" : ".pt"), made.model);
  write(path + ".json", nlohmann::json{{"settings", settings}, {"in", made.in}, {"out", made.out}}.dump());
}

std::string describe(const BlockType& type, Written as, const std::string& folder, uint64_t trials) {
  std::string refused;
  uint64_t written = 0;
  for (uint64_t seed = 1; seed <= trials; ++seed) {
    std::string name = type.schema.id;
    name.replace(name.find('/'), 1, "-");
    const std::string path = folder + "/" + name + "-" + std::to_string(seed);
    try {
      const Trial trial = makeTrial(type, seed);
      writeCase(path, as, exportTrial(trial, as), toJson(trial.values));
      ++written;
    } catch (const std::exception& error) {
      if (refused.empty()) refused = "seed " + std::to_string(seed) + ": " + error.what();
    }
  }
  return type.schema.id + "\t" + std::to_string(written) + "\t" + refused;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string format = argc > 2 ? argv[1] : "";
  if (format != "onnx" && format != "int8" && format != "pt")
    return std::cerr << "usage: export_cases onnx|int8|pt FOLDER [TRIALS [BLOCK]]\n", 2;
  const Written as = format == "onnx" ? Written::Onnx : format == "int8" ? Written::OnnxInt8 : Written::TorchScript;
  if (argc == 7 && argv[2] == std::string("--run")) {
    writeCase(argv[6], as, exportRows(argv[3], argv[4], std::strtoll(argv[5], nullptr, 10), as), {});
    return 0;
  }
  std::filesystem::create_directories(argv[2]);
  const uint64_t trials = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 20;
  for (const auto& type : catalog())
    if (type.schema.kind != Kind::Source && (argc < 5 || type.schema.id == argv[4]))
      std::cout << describe(type, as, argv[2], trials) << std::endl;
  return 0;
}
