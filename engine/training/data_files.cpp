#include "training/data_files.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "data/file_bytes.hpp"
#include "data/file_list.hpp"
#include "data/npz.hpp"
#include "training/source_of.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

// The files that `file` stands for, named as it is. A folder stands for itself, and so does what is not there.
std::vector<std::string> expanded(const std::string& file, const std::string& folder) {
  const std::string path = pathFrom(folder, file);
  std::error_code code;
  if (!listsFiles(path) || fs::is_directory(path, code)) return {file};
  std::vector<std::string> out;
  try {
    for (const ListedFile& listed : listFiles(path))
      out.push_back(path == file ? listed.path : fs::path(listed.path).lexically_relative(folder).string());
  } catch (const Error&) {  // none fits
    return {file};
  }
  return out;
}

void addContent(Sha256& hash, const std::string& path) {
  for (const ListedFile& listed : listFiles(path)) {
    Sha256 content;
    FileBytes file(listed.path, &content);
    std::vector<char> piece(size_t{1} << 20);
    while (file.read(piece.data(), piece.size()) > 0) continue;
    hash.update(content.hex());
  }
}

}  // namespace

PlanFiles filesOf(const Plan& plan) {
  PlanFiles out;
  for (const PlanNode& node : plan.nodes) {
    const BlockType* type = findBlockType(node.type);
    if (type == nullptr) continue;
    auto& into = type->schema.kind == Kind::Source ? out.source : out.others;
    for (std::string& file : filesIn(*type, node.values)) into.push_back(std::move(file));
  }
  return out;
}

std::vector<DataFile> lookAtFiles(const PlanFiles& files, const std::string& folder) {
  std::vector<DataFile> out;
  for (const auto* list : {&files.source, &files.others})
    for (const std::string& named : *list)
      for (const std::string& file : expanded(named, folder))
        out.push_back(lookAtFile(file, npzPath(pathFrom(folder, file)).file));
  return out;
}

const DataFile* fileNamed(const std::string& name, const std::vector<DataFile>& files) {
  const auto found = std::find_if(files.begin(), files.end(), [&](const DataFile& each) { return each.file == name; });
  return found == files.end() ? nullptr : &*found;
}

void refuseChanges(const std::vector<DataFile>& before, const std::vector<DataFile>& now) {
  const auto [was, is] = std::mismatch(before.begin(), before.end(), now.begin(), now.end());
  if (was == before.end() && is == now.end()) return;
  const std::string hint = "wait until whoever writes there has finished, then begin again";
  if (was == before.end() || is == now.end() || was->file != is->file)
    throw Error({.file = is == now.end() ? was->file : is->file}, "came or went while the files were read", hint,
                Fault::Failed);
  throw Error({.file = was->file},
              "was changed while it was read: " + std::to_string(was->bytes) + " bytes before, " +
                  std::to_string(is->bytes) + " bytes now",
              hint, Fault::Failed);
}

std::string dataFingerprint(const PlanFiles& files, const std::string& folder, const Source& source) {
  if (files.others.empty()) return source.fingerprint();
  Sha256 hash;
  hash.update(source.fingerprint());
  for (const std::string& file : files.others) addContent(hash, pathFrom(folder, file));
  return hash.hex();
}

}  // namespace blockyard
