#include "data/arranged_reader.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "data/parse_number.hpp"

namespace blockyard {
namespace {

struct Place {
  int64_t inner = -1;  // column of the inner reader; -1: constant
  std::string text{};
  double number = kMissingNumber;
};

class ArrangedReader final : public TableReader {
 public:
  ArrangedReader(std::unique_ptr<TableReader> inner, std::vector<ColumnSpec> columns, std::vector<Place> places)
      : inner_(std::move(inner)), columns_(std::move(columns)), places_(std::move(places)) {}

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t bytesDone() const override { return inner_->bytesDone(); }
  int64_t bytesTotal() const override { return inner_->bytesTotal(); }

  bool next(RowBlock& block) override {
    if (!inner_->next(read_)) return false;
    block.rows = read_.rows;
    block.first_line = read_.first_line;
    block.lines = read_.lines;
    block.columns.resize(columns_.size());
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (places_[c].inner >= 0)
        block.columns[c] = read_.columns[static_cast<size_t>(places_[c].inner)];
      else
        fill(block.columns[c], columns_[c].type, places_[c], static_cast<size_t>(block.rows));
    }
    return true;
  }

 private:
  static void fill(ColumnBlock& column, ColumnType type, const Place& place, size_t rows) {
    column = {};
    if (type == ColumnType::Number || type == ColumnType::Time) column.numbers.assign(rows, place.number);
    if (type == ColumnType::Category) {
      column.codes.assign(rows, place.text.empty() ? kMissingCode : 0);
      if (!place.text.empty()) column.classes.add(place.text);
    }
    if (type == ColumnType::Text)
      for (size_t row = 0; row < rows; ++row) column.texts.add(place.text);
  }

  std::unique_ptr<TableReader> inner_;
  std::vector<ColumnSpec> columns_;
  std::vector<Place> places_;
  RowBlock read_;
};

}  // namespace

std::unique_ptr<TableReader> arranged(std::unique_ptr<TableReader> inner, std::vector<ColumnSpec> columns,
                                      const ConstantColumns& constants, const std::string& file) {
  std::vector<Place> places;
  for (const ColumnSpec& column : columns) {
    Place& place = places.emplace_back();
    const auto constant =
        std::find_if(constants.begin(), constants.end(), [&](const auto& c) { return c.first == column.name; });
    if (constant == constants.end()) {
      const auto& have = inner->columns();
      const auto at = std::find_if(have.begin(), have.end(), [&](const auto& c) { return c.name == column.name; });
      place.inner = at - have.begin();
      continue;
    }
    place.text = constant->second;
    if (place.text.empty()) continue;
    if (column.type == ColumnType::Time) place.number = timeFromText(place.text);
    const bool number =
        column.type == ColumnType::Number && parseNumber(place.text, '.', place.number) == NumberText::Finite;
    const bool fits =
        column.type == ColumnType::Number ? number : column.type != ColumnType::Time || !std::isnan(place.number);
    if (!fits)
      throw Error({.file = file}, "expected a " + std::string(nameOf(column.type)) + " in the folder \"" + column.name +
                                      "=" + place.text + "\"");
  }
  return std::make_unique<ArrangedReader>(std::move(inner), std::move(columns), std::move(places));
}

}  // namespace blockyard
