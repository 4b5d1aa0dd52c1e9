#include "blocks/vocabulary.hpp"

#include <ATen/ATen.h>

namespace blockyard {

Vocabulary Vocabulary::learned(FitRows& rows, const Texts& wanted) {
  const auto found = sketched<Counts>(rows, wanted, {ColumnType::Category}, [](const Column&) { return Counts(); });
  Vocabulary out;
  for (size_t i = 0; i < found.names.size(); ++i) {
    const Counts& counts = found.sketches[i];
    out.entries.push_back({found.names[i], counts.classes() ? *counts.classes() : Texts{}, counts.perClass()});
  }
  return out;
}

Vocabulary Vocabulary::from(const State& state) {
  Vocabulary out;
  for (const auto& column : stateTexts(state, "columns")) {
    const Texts classes = stateTexts(state, "classes:" + column);
    at::Tensor counts = at::empty({static_cast<int64_t>(classes.size())}, at::kLong);
    restore(state, "counts:" + column, counts);
    const int64_t* first = counts.const_data_ptr<int64_t>();
    out.entries.push_back({column, classes, Integers(first, first + counts.numel())});
  }
  return out;
}

State Vocabulary::state() const {
  State out;
  out.values.set("columns", columns());
  for (const auto& entry : entries) {
    out.values.set("classes:" + entry.column, entry.classes);
    at::Tensor counts = at::empty({static_cast<int64_t>(entry.counts.size())}, at::kLong);
    std::copy(entry.counts.begin(), entry.counts.end(), counts.mutable_data_ptr<int64_t>());
    out.tensors.emplace("counts:" + entry.column, counts);
  }
  return out;
}

Texts Vocabulary::columns() const {
  Texts out;
  for (const auto& entry : entries) out.push_back(entry.column);
  return out;
}

std::vector<int64_t> placesIn(const Vocabulary::Entry& entry, const Column& column) {
  if (column.type != ColumnType::Category)
    throw Error({.port = "x"},
                "expected categories in column \"" + column.name + "\", got values of type " + nameOf(column.type));
  std::unordered_map<std::string, int64_t> places;
  for (size_t i = 0; i < entry.classes.size(); ++i)
    if (entry.counts[i] > 0) places.emplace(entry.classes[i], static_cast<int64_t>(i));
  std::vector<int64_t> out;
  if (!column.classes) return out;
  for (const auto& name : *column.classes) {
    const auto it = places.find(name);
    out.push_back(it == places.end() ? -1 : it->second);
  }
  return out;
}

}  // namespace blockyard
