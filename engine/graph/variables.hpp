// Variables of a project: "${hidden}" in a parameter takes the variable's value with its type; inside a longer text it
// is put in as text, and "$${" stands for "${" itself. Built in are ${data}, where data sets are kept, and ${project},
// the folder of the project file; a variable of the project with such a name wins. Torch-free.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace blockyard {

using OrderedJson = nlohmann::ordered_json;

// Where data sets are kept: BLOCKYARD_DATA, else blockyard/data in XDG_DATA_HOME or ~/.local/share.
std::string dataFolder();

class Variables {
 public:
  // `own` is the object of the project file.
  Variables(OrderedJson own, std::string project_folder);

  // `value` with all variables replaced, also in the items of a list. Throws Error for an unknown variable (nearest
  // name offered) and for variables that need each other.
  OrderedJson replaced(const OrderedJson& value) const;

 private:
  OrderedJson replacedText(const std::string& text, std::vector<std::string>& open) const;
  OrderedJson replacedIn(const OrderedJson& value, std::vector<std::string>& open) const;
  OrderedJson valueOf(const std::string& name, std::vector<std::string>& open) const;

  OrderedJson own_;
  std::string project_folder_;
};

}  // namespace blockyard
