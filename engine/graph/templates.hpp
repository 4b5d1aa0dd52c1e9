// Templates: projects to begin with, wired from data to answer for one kind of
// data. Torch-free.
#pragma once
#include <string>
#include <vector>

#include "graph/project.hpp"

namespace blockyard {

struct Template {
  std::string name{};  // "table"
  std::string doc{};
};
const std::vector<Template>& templates();

// What is to be predicted.
enum class Task { Label, Tags, Number };  // a class; several columns of yes or no; numbers

struct TemplateWish {
  std::string name{};                    // of the project
  std::string data{};                    // file with the rows, or with the pictures, or folder; as it is to
                                         // stand in the project
  std::string labels{};                  // pictures: file with their labels
  std::vector<std::string> target{};     // tables: the columns to predict
  std::string target_kind = "auto";      // tables: as the source takes it
  bool drop_missing_target = false;      // tables: leave out the rows that lack their target
  std::vector<std::string> leave_out{};  // tables: columns that no network takes, such as free texts
  Task task = Task::Label;
  int64_t rate = 16000;  // sounds: samples a second
};

// Throws Error (Usage) with the nearest name.
Project projectFromTemplate(const std::string& name, const TemplateWish& wish);

}  // namespace blockyard
