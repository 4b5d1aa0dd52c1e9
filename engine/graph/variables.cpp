#include "graph/variables.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "base/value.hpp"

namespace blockyard {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// How a value reads inside a longer text.
std::string insideText(const std::string& name, const OrderedJson& value) {
  if (value.is_structured() || value.is_null())
    throw Error({}, "the variable ${" + name + "} is no plain value, so it cannot stand inside a text",
                "let it be the whole value");
  return valueFromJson(nlohmann::json(value)).text();
}

}  // namespace

std::vector<std::string> dataFolders() {
  std::vector<std::string> out;
  if (std::string own = environment("BLOCKYARD_DATA"); !own.empty()) out.push_back(std::move(own));
  if (const std::string xdg = environment("XDG_DATA_HOME"); !xdg.empty())
    out.push_back(xdg + "/blockyard/data");
  else
    out.push_back(environment("HOME") + "/.local/share/blockyard/data");
  return out;
}

std::string dataFolderWith(const std::string& path) {
  const std::vector<std::string> folders = dataFolders();
  const auto found = std::find_if(folders.begin(), folders.end(), [&](const std::string& folder) {
    std::error_code unreadable;
    return std::filesystem::exists(folder + path, unreadable);
  });
  return found == folders.end() ? folders.front() : *found;
}

std::string dataHint(const std::string& file) {
  for (const auto& folder : dataFolders()) {
    if (!file.starts_with(folder + "/") || std::filesystem::exists(file)) continue;
    const std::string rest = file.substr(folder.size() + 1);
    return "packaging/data " + rest.substr(0, rest.find('/')) + " brings it; BLOCKYARD_DATA names a folder that has it";
  }
  return {};
}

Variables::Variables(OrderedJson own, std::string project_folder)
    : own_(std::move(own)), project_folder_(std::move(project_folder)) {}

OrderedJson Variables::replaced(const OrderedJson& value) const {
  Walk walk;
  return replacedIn(value, walk);
}

OrderedJson Variables::replacedIn(const OrderedJson& value, Walk& walk) const {
  if (value.is_string()) return replacedText(value.get_ref<const std::string&>(), walk);
  if (!value.is_array()) return value;
  OrderedJson out = OrderedJson::array();
  for (const auto& item : value) out.push_back(replacedIn(item, walk));
  return out;
}

OrderedJson Variables::replacedText(const std::string& text, Walk& walk) const {
  std::string out;
  size_t done = 0;
  while (true) {
    const size_t start = text.find("${", done);
    if (start == std::string::npos) return done == 0 ? text : out + text.substr(done);
    if (start > done && text[start - 1] == '$') {  // "$${" is an escaped "${"
      out += text.substr(done, start - 1 - done) + "${";
      done = start + 2;
      continue;
    }
    const size_t end = text.find('}', start);
    if (end == std::string::npos)
      throw Error({}, "expected a '}' after \"${\" in \"" + text + "\"", "write $${ for the characters ${ themselves");
    const std::string name = text.substr(start + 2, end - start - 2);
    const std::string rest = text.substr(end + 1);
    const bool data = name == "data" && !own_.contains(name) && rest.starts_with("/");
    const OrderedJson value = data ? OrderedJson(dataFolderWith(rest)) : valueOf(name, walk);
    if (start == 0 && end + 1 == text.size()) return value;
    out += text.substr(done, start - done) + insideText(name, value);
    done = end + 1;
  }
}

OrderedJson Variables::valueOf(const std::string& name, Walk& walk) const {
  if (--walk.left < 0)
    throw Error({}, "the variable ${" + name + "} needs more than 10,000 replacements",
                "do the variables of the project double each other?");
  auto& open = walk.open;
  if (std::find(open.begin(), open.end(), name) != open.end())
    throw Error({}, "the variable ${" + name + "} needs itself", "break the circle in the project's variables");
  if (const auto own = own_.find(name); own != own_.end()) {
    open.push_back(name);
    OrderedJson value = replacedIn(*own, walk);
    open.pop_back();
    return value;
  }
  if (name == "data") return dataFolders().front();
  if (name == "project") return project_folder_;
  std::vector<std::string> names{"data", "project"};
  for (const auto& [key, value] : own_.items()) names.push_back(key);
  const std::string near = nearestName(name, names);
  throw Error({}, "there is no variable ${" + name + "}", near.empty() ? "" : "did you mean ${" + near + "}?");
}

}  // namespace blockyard
