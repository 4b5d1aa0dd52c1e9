// Project: what a file NAME.blockyard holds - pipelines, their settings, and variables they share. It is JSON made to
// be read in a diff; what this version does not know is kept. A project may refine another one, its base. Torch-free.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.hpp"
#include "graph/variables.hpp"

namespace blockyard {

constexpr int kProjectFormat = 1;

struct PipelineGraph {
  std::string name{};
  Graph graph{};
  bool composite = false;  // stands as a block in others; see graph/composite.hpp
};

struct Project {
  std::string name{};
  std::string doc{};
  std::filesystem::path file{};         // empty until it is saved for the first time
  std::string base{};                   // the project file this one refines, relative to its own
  OrderedJson base_document = nullptr;  // its content, bases of its own merged in
  OrderedJson variables = OrderedJson::object();
  bool purpose_required = false;  // every run has to say what it is for
  std::vector<PipelineGraph> pipelines{};
  OrderedJson extra = OrderedJson::object();  // fields of the file that this version does not know

  // The folder of the file, absolute; the current one if there is no file yet.
  std::string folder() const;
  Variables settledVariables() const { return {variables, folder()}; }
  // "main" if there is one, else the first that is no composite. Throws Error if there is none.
  const std::string& defaultPipeline() const;
  // nullptr if there is none of that name.
  const Graph* composite(const std::string& name) const;
  // An empty name is the default pipeline. Throws Error with the nearest name.
  const Graph& graph(const std::string& pipeline) const;
  Graph& graph(const std::string& pipeline);
  // Changes the pipeline, the variables or the composites, and returns the edit that undoes it. Throws Error and
  // changes nothing if the edit is impossible.
  Edit apply(const std::string& pipeline, const Edit& edit);
};

// Throws Error with file, and line and column or JSON pointer, for whatever cannot be read. A wrong graph is no error.
Project loadProject(const std::filesystem::path& file);
// The same from a text; `file` gives the folder and is named in messages.
Project projectFromText(std::string_view text, const std::filesystem::path& file);
std::string projectText(const Project& project);
// Writes projectText durably: at any moment the file holds either the old or the new text.
void saveProject(const Project& project, const std::filesystem::path& file);
// Throws Error (Usage) if the project demands a purpose of its runs and this is none.
void requirePurpose(const Project& project, const std::string& purpose);

// One change as on the command line: "conv1.channels=64", "conv1.bypassed=true", "conv1.removed=true" (its gap is
// closed), "conv1.block=extractor/conv1d" (another type; settings it does not know are dropped), "training.epochs=3",
// "variables.hidden=32"; "encoder/conv1.channels=64" for a block inside the composite at "encoder", there alone. Throws
// Error (Usage) with the nearest name for whatever does not exist, and for values of the wrong type.
Edit editFromSetting(const Project& project, const std::string& pipeline, const std::string& setting);
// A JSON file of the same: {"conv1": {"channels": 64}, "training": {"epochs": 3}}; null goes back to the default.
Edit editFromConfig(const Project& project, const std::string& pipeline, std::string_view text,
                    const std::string& file);

void applySet(Project& project, const std::string& pipeline, const std::string& setting);
void applyConfig(Project& project, const std::string& pipeline, const std::filesystem::path& file);

}  // namespace blockyard
