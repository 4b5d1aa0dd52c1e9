#include "report/run_command.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "graph/check.hpp"
#include "graph/plan.hpp"
#include "graph/project.hpp"

namespace blockyard {
namespace {

// The project in the folder that the plan was made from; the first one if none has its name.
std::optional<Project> projectOf(const std::filesystem::path& folder, const std::string& name, bool& only) {
  std::optional<Project> out;
  std::error_code code;
  only = true;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    if (entry.path().extension() != ".blockyard") continue;
    try {
      Project project = loadProject(entry.path());
      only = only && !out;
      if (!out || project.name == name) out = std::move(project);
    } catch (const Error&) {
      only = false;  // whatever it is, the folder alone does not name the project
    }
  }
  return out;
}

// Whether the line would train the same again: the hash of the plan decides.
bool repeats(Project project, const Plan& plan, const Texts& settings, const Texts& configs) {
  for (const auto& file : configs) applyConfig(project, plan.pipeline, file);
  for (const auto& setting : settings) applySet(project, plan.pipeline, setting);
  return makePlan(project, plan.pipeline, check(project, plan.pipeline, Peek::No)).hash() == plan.hash();
}

// "block.parameter=value" for every setting of the plan that the project would not give by itself.
Texts differences(const Plan& plan, const Project& project) {
  Texts out;
  const Checked now = check(project, plan.pipeline, Peek::No);
  const auto compare = [&](const std::string& block, const Values& then, const Values* current) {
    for (const auto& [name, value] : then.items()) {
      const Value* other = current == nullptr ? nullptr : current->find(name);
      if (other != nullptr && !(*other == value)) out.push_back(block + "." + name + "=" + value.text());
    }
  };
  for (const auto& node : plan.nodes) {
    const auto it = now.values.find({node.id});
    compare(node.id, node.values, it == now.values.end() ? nullptr : &it->second);
  }
  compare("training", plan.training, &now.training);
  return out;
}

// Which block.parameter a setting is about.
std::string nameOf(const std::string& setting) {
  return setting.substr(0, setting.find('='));
}

}  // namespace

std::string shellQuoted(const std::string& text) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-./=:,+@%").find(c) != std::string::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string commandOfRun(const RunRecord& record, const std::filesystem::path& project_folder, NameProject name) {
  std::filesystem::path target = project_folder;
  Texts settings, configs;
  std::string pipeline;
  bool same = record.plan.is_null();  // there is nothing to hold the line against then
  const std::string config = "--config ";
  for (const auto& given : record.overrides) {
    if (given.starts_with(config))
      configs.push_back(given.substr(config.size()));
    else
      settings.push_back(given);
  }
  if (!record.plan.is_null()) {
    Plan plan = planFromJson(record.plan);
    plan.folder = std::filesystem::absolute(project_folder).lexically_normal().string();
    bool only = true;
    if (auto project = projectOf(project_folder, plan.project, only)) {
      if (!only) target = project->file;
      try {
        if (plan.pipeline != project->defaultPipeline()) pipeline = plan.pipeline;
        for (const auto& setting : differences(plan, *project)) {
          const auto about_it = [&](const std::string& given) { return nameOf(given) == nameOf(setting); };
          std::erase_if(settings, about_it);  // the plan knows the value exactly
          settings.push_back(setting);
        }
        same = repeats(*project, plan, settings, configs);
      } catch (const Error&) {  // the project has other blocks now, or the pipeline is gone
      }
    }
  }
  std::string out;
  if (same) {
    for (const auto& file : configs) out += " --config " + shellQuoted(file);
    for (const auto& setting : settings) out += " --set " + shellQuoted(setting);
    if (!pipeline.empty()) out += " --pipeline " + shellQuoted(pipeline);
  } else {
    target = project_folder;
    out = " --same-as " + record.id.text;
  }
  if (!record.purpose.empty()) out += " --purpose " + shellQuoted(record.purpose);
  if (name == NameProject::FromItsFolder)
    target = target == project_folder ? std::filesystem::path() : target.filename();
  return "blockyard train" + (target.empty() ? std::string() : " " + shellQuoted(target.string())) + out;
}

}  // namespace blockyard
