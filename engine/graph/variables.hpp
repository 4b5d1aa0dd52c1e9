// Variables of a project: "${hidden}" in a parameter takes the variable's value with its type; inside a longer text it
// is put in as text, and "$${" stands for "${" itself. Built in are ${data}, where data sets are kept, and ${project},
// the folder of the project file; a variable of the project with such a name wins. Torch-free.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace blockyard {

using OrderedJson = nlohmann::ordered_json;

// Where data sets are kept: BLOCKYARD_DATA if it is set, then blockyard/data in XDG_DATA_HOME or ~/.local/share.
// ${data} is the first of them that has what follows it.
std::vector<std::string> dataFolders();
// The first that has `path`, which starts with "/"; the first of all if none has.
std::string dataFolderWith(const std::string& path);
// How to get a data set's file that is missing; empty if the file is there or lies elsewhere.
std::string dataHint(const std::string& file);

class Variables {
 public:
  // `own` is the object of the project file.
  Variables(OrderedJson own, std::string project_folder);

  // `value` with all variables replaced, also in the items of a list. Throws Error for an unknown variable (nearest
  // name offered) and for variables that need each other.
  OrderedJson replaced(const OrderedJson& value) const;

 private:
  // The variables that are being replaced, and how many replacements there may still be.
  struct Walk {
    std::vector<std::string> open{};
    int left = 10000;
  };
  OrderedJson replacedText(const std::string& text, Walk& walk) const;
  OrderedJson replacedIn(const OrderedJson& value, Walk& walk) const;
  OrderedJson valueOf(const std::string& name, Walk& walk) const;

  OrderedJson own_;
  std::string project_folder_;
};

}  // namespace blockyard
