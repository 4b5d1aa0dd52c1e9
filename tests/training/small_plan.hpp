// A small pipeline on made-up rows, for tests of the training: three clouds of points with a category and missing
// values.
#pragma once
#include <QtCore/QTemporaryDir>

#include <cmath>
#include <fstream>
#include <string>

#include "base/random.hpp"
#include "blocks/catalog.hpp"
#include "graph/plan.hpp"
#include "graph/training_settings.hpp"

namespace blockyard::testing {

inline std::string writeClouds(const QTemporaryDir& folder, int rows, const std::string& name = "clouds.csv") {
  const std::string path = folder.filePath(QString::fromStdString(name)).toStdString();
  std::ofstream out(path);
  out << "x,y,side,kind\n";
  const KeyedRandom random(42);
  for (int i = 0; i < rows; ++i) {
    const auto row = static_cast<uint64_t>(i);
    const int kind = static_cast<int>(random.key("kind").below(row, 3));
    const double x = 4 * std::cos(2.1 * kind) + random.key("x").normal(row),
                 y = 4 * std::sin(2.1 * kind) + random.key("y").normal(row);
    if (random.key("gap").below(row, 20) == 0)
      out << ",";
    else
      out << x << ",";
    out << y << "," << (random.key("side").below(row, 2) == 0 ? "left" : "right") << ","
        << "abc"[kind] << "\n";
  }
  return path;
}

inline PlanNode node(const std::string& id, const std::string& type, const Values& values,
                     std::vector<PlanInput> inputs) {
  return {.id = id,
          .type = type,
          .values = completeValues(blockType(type).schema.params, values),
          .inputs = std::move(inputs)};
}

// table -> impute -> standardize -> one_hot -> to_features -> mlp -> dropout -> softmax -> class_label
inline Plan cloudsPlan(const std::string& file, const Values& training = {}) {
  Plan plan{.project = "clouds", .pipeline = "main"};
  plan.nodes = {node("table", "source/table", {{"file", file}, {"target", Texts{"kind"}}}, {}),
                node("impute", "preprocessor/impute", {}, {{"x", 0, "features"}}),
                node("standardize", "preprocessor/standardize", {}, {{"x", 1, "y"}}),
                node("one_hot", "preprocessor/one_hot", {}, {{"x", 2, "y"}}),
                node("features", "preprocessor/to_features", {}, {{"x", 3, "y"}}),
                node("mlp", "extractor/mlp", {{"hidden", Integers{16}}}, {{"x", 4, "y"}}),
                node("dropout", "extractor/dropout", {{"rate", 0.2}}, {{"x", 5, "y"}}),
                node("softmax", "classifier/softmax", {}, {{"x", 6, "y"}, {"target", 0, "target"}}),
                node("label", "postprocessor/class_label", {}, {{"scores", 7, "scores"}})};
  Values given = training;
  if (!given.has("epochs")) given.set("epochs", 5);
  if (!given.has("learning_rate")) given.set("learning_rate", 0.01);
  plan.training = completeValues(trainingParams(), given);
  return plan;
}

}  // namespace blockyard::testing
