#include "api/blockyard/pipeline.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "blocks/source.hpp"
#include "data/csv_text.hpp"
#include "export/answer_flow.hpp"
#include "export/example_rows.hpp"
#include "export/predict_files.hpp"

namespace blockyard::api {
namespace {

Kind kindOf(ColumnType type) {
  switch (type) {
    case ColumnType::Number:
      return Kind::Number;
    case ColumnType::Category:
      return Kind::Category;
    case ColumnType::Text:
      return Kind::Text;
    case ColumnType::Time:
      return Kind::Time;
  }
  return Kind::Number;
}

// Errors leave as those of the interface: nobody outside knows the types in here.
template <typename Work>
auto outward(const Work& work) {
  try {
    return work();
  } catch (const blockyard::Error& error) {
    throw Error(error.what(), static_cast<Fault>(error.fault()));
  } catch (const std::bad_alloc&) {
    throw Error("out of memory", Fault::OutOfMemory);
  }
}

Table outwardTable(const blockyard::Table& table) {
  Table out;
  for (const auto& column : table.columns()) {
    Column to{.name = column->name, .kind = kindOf(column->type), .numbers = column->numbers, .texts = column->texts};
    if (to.kind == Kind::Category)
      for (int64_t row = 0; row < column->rows(); ++row) to.texts.push_back(column->cell(row));
    out.push_back(std::move(to));
  }
  return out;
}

// {"column": [1.5, null, ...], ...}, which the bundle reads as it reads a request.
nlohmann::json jsonOf(const Table& rows) {
  nlohmann::json out = nlohmann::json::object();
  for (const Column& column : rows) {
    if (column.kind == Kind::Picture || column.kind == Kind::Tensor)
      throw blockyard::Error({}, "expected columns, got \"" + column.name + "\", which is none",
                             "numbers without columns go through predictJson, pictures through predictPicture");
    if (column.rows() != rows.front().rows())
      throw blockyard::Error({}, "expected " + std::to_string(rows.front().rows()) + " rows in column \"" +
                                     column.name + "\", as in \"" + rows.front().name + "\", got " +
                                     std::to_string(column.rows()));
    nlohmann::json& cells = out[column.name] = nlohmann::json::array();
    if (column.kind == Kind::Number || column.kind == Kind::Time)
      for (const double number : column.numbers)
        cells.push_back(std::isnan(number) ? nlohmann::json() : nlohmann::json(number));
    else
      for (const auto& text : column.texts) cells.push_back(text.empty() ? nlohmann::json() : nlohmann::json(text));
  }
  return out;
}

std::vector<Field> fieldsOf(const Bundle& bundle) {
  const std::vector<std::string> unused = bundle.unusedColumns();
  for (const auto& [port, signature] : bundle.inputs()) {
    if (port == "target") continue;
    if (signature.kind != Wire::Table) {
      Field field{.name = port, .kind = signature.kind == Wire::Image ? Kind::Picture : Kind::Tensor};
      for (const Dim& dim : signature.shape) field.shape.push_back(dim.size);
      return {field};
    }
    std::vector<Field> out;
    for (const ColumnInfo& column : signature.columns)
      out.push_back({.name = column.name,
                     .kind = kindOf(column.type),
                     .classes = column.classes,
                     .needed = std::find(unused.begin(), unused.end(), column.name) == unused.end()});
    return out;
  }
  return {};
}

}  // namespace

Error::~Error() = default;

class Pipeline::Loaded {
 public:
  Loaded(const std::string& file, const Options& options)
      : bundle(file, {.device = options.device, .threads = options.threads}), inputs(fieldsOf(bundle)) {
    bundle.settle();
  }

  Table answers(const std::shared_ptr<Source>& source) {
    std::vector<blockyard::Table> parts;
    bundle.predict(*source, [&](const blockyard::Table& part) { parts.push_back(part); });
    return outwardTable(blockyard::Table::concat(parts));
  }

  Bundle bundle;
  std::vector<Field> inputs;
};

Pipeline::Pipeline(const std::string& bundle, const Options& options)
    : loaded_(outward([&] { return std::make_unique<Loaded>(bundle, options); })) {}
Pipeline::~Pipeline() = default;
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;

const std::string& Pipeline::run() const {
  return loaded_->bundle.run();
}

const std::vector<Field>& Pipeline::inputs() const {
  return loaded_->inputs;
}

std::vector<Field> Pipeline::outputs() const {
  return outward([&] {
    const blockyard::Pipeline& pipeline = loaded_->bundle.pipeline();
    std::vector<Field> out;
    for (const Column& column : outwardTable(answersOf(pipeline, ExampleFlows(pipeline).first())))
      out.push_back({.name = column.name, .kind = column.kind});
    return out;
  });
}

Table Pipeline::predict(const Table& rows) {
  return outward([&] { return loaded_->answers(loaded_->bundle.openRows(jsonOf(rows), "rows")); });
}

Table Pipeline::predictJson(const std::string& rows) {
  return outward([&] { return loaded_->answers(loaded_->bundle.openJson(rows, "rows")); });
}

Table Pipeline::predictPicture(std::string_view file) {
  return outward([&] { return loaded_->answers(loaded_->bundle.openPicture(file, "picture")); });
}

void Pipeline::predictFiles(const std::vector<std::string>& files, const std::function<void(const Table&)>& each) {
  outward([&] {
    blockyard::predictFiles(loaded_->bundle, files, [&](const Answers& part) { each(outwardTable(part.table)); });
  });
}

std::string csvText(const Table& table, bool header) {
  return outward([&] {
    std::vector<blockyard::Table::Shared> columns;
    for (const Column& column : table) {
      blockyard::Column to{.name = column.name, .numbers = column.numbers, .texts = column.texts};
      if (column.kind == Kind::Time) to.type = ColumnType::Time;
      if (column.kind == Kind::Category || column.kind == Kind::Text) to.type = ColumnType::Text;
      columns.push_back(std::make_shared<const blockyard::Column>(std::move(to)));
    }
    std::string out;
    appendCsv(out, blockyard::Table(std::move(columns)), header ? CsvHeader::Yes : CsvHeader::No);
    return out;
  });
}

}  // namespace blockyard::api
