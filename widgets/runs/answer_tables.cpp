#include "widgets/runs/answer_tables.hpp"

#include <cmath>
#include <set>

namespace blockyard {
namespace {

// Columns under construction; a name that is taken gets a number.
class Columns {
 public:
  void add(const std::string& name, std::vector<double> numbers) {
    add(Column{.name = name, .numbers = std::move(numbers)});
  }
  void add(const std::string& name, std::vector<std::string> texts) {
    add(Column{.name = name, .type = ColumnType::Text, .texts = std::move(texts)});
  }
  void add(Column column) {
    const std::string wanted = column.name;
    for (int i = 2; !names_.insert(column.name).second; ++i) column.name = wanted + " " + std::to_string(i);
    columns_.push_back(std::make_shared<const Column>(std::move(column)));
  }
  Table table() && { return Table(std::move(columns_)); }

 private:
  std::vector<Table::Shared> columns_;
  std::set<std::string> names_;
};

// What a cell of a column of answers holds: a number where there is one number per row, so that it sorts as one.
void addAnswers(Columns& columns, const std::string& name, const RowAnswers& answers, const std::vector<size_t>& rows,
                const std::vector<double>& values, std::string (RowAnswers::*text)(size_t) const) {
  if (answers.task == RowAnswers::Task::Numbers && answers.width == 1) {
    std::vector<double> numbers;
    for (const size_t i : rows) numbers.push_back(values[i]);
    return columns.add(name, std::move(numbers));
  }
  std::vector<std::string> texts;
  for (const size_t i : rows) texts.push_back((answers.*text)(i));
  columns.add(name, std::move(texts));
}

void addSaid(Columns& columns, const std::string& name, const RowAnswers& answers, const std::vector<size_t>& rows) {
  addAnswers(columns, name, answers, rows, answers.said, &RowAnswers::saidText);
  const bool numbers = answers.task == RowAnswers::Task::Numbers;
  std::vector<double> certainty;
  for (const size_t i : rows)
    certainty.push_back(numbers ? answers.error(i) : static_cast<double>(answers.probability[i]));
  const std::string of = name == "answer" ? std::string() : name + " ";
  columns.add(of + (numbers ? "error" : "probability"), std::move(certainty));
}

void addRowsAndTruth(Columns& columns, const RowAnswers& answers, const std::vector<size_t>& rows) {
  std::vector<double> numbers;
  for (const size_t i : rows) numbers.push_back(static_cast<double>(answers.rows[i] + 1));
  columns.add("row", std::move(numbers));
  addAnswers(columns, "truth", answers, rows, answers.truth, &RowAnswers::truthText);
}

}  // namespace

Table answersTable(const RowAnswers& answers, const std::vector<size_t>& rows, const Table& inputs) {
  Columns columns;
  addRowsAndTruth(columns, answers, rows);
  addSaid(columns, "answer", answers, rows);
  for (const auto& column : inputs.columns()) columns.add(*column);
  return std::move(columns).table();
}

Table disagreementTable(const Disagreement& found, Which which, const std::string& first, const std::string& second) {
  std::vector<size_t> rows;
  for (const size_t i : found.differing) {
    const bool a = found.first.right(i), b = found.second.right(i);
    const bool wanted = which == Which::All || (which == Which::FirstRight && a && !b) ||
                        (which == Which::SecondRight && b && !a) || (which == Which::NeitherRight && !a && !b);
    if (wanted) rows.push_back(i);
  }
  Columns columns;
  addRowsAndTruth(columns, found.first, rows);
  addSaid(columns, first, found.first, rows);
  addSaid(columns, second, found.second, rows);
  return std::move(columns).table();
}

}  // namespace blockyard
