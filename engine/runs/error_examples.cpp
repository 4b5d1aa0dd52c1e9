#include "runs/error_examples.hpp"

#include <cmath>

#include "base/json.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Json numberOrNull(double value) {
  return std::isnan(value) ? Json() : Json(value);
}
double numberFrom(const JsonPlace& place, const std::string& name) {
  const auto found = place.find(name);
  return !found || found->json().is_null() ? kNone : found->number();
}

Json toJson(const ErrorExample& example) {
  Json columns = Json::array();
  for (const auto& [name, cell] : example.columns) columns.push_back({name, cell});
  return {{"row", example.row},
          {"name", example.name},
          {"truth", example.truth},
          {"answer", example.answer},
          {"probability", numberOrNull(example.probability)},
          {"truth_probability", numberOrNull(example.truth_probability)},
          {"wrongness", numberOrNull(example.wrongness)},
          {"columns", std::move(columns)},
          {"picture", example.picture}};
}

ErrorExample exampleFrom(const JsonPlace& place) {
  ErrorExample out{.row = place["row"].integer(),
                   .name = place.text("name", ""),
                   .truth = place["truth"].text(),
                   .answer = place["answer"].text(),
                   .probability = numberFrom(place, "probability"),
                   .truth_probability = numberFrom(place, "truth_probability"),
                   .wrongness = numberFrom(place, "wrongness"),
                   .picture = place.text("picture", "")};
  // It goes into a page as it is.
  if (out.picture.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") !=
      std::string::npos)
    place["picture"].expected("a picture in base64");
  if (const auto columns = place.find("columns"))
    for (const JsonPlace& column : columns->items()) {
      const auto texts = column.texts();
      if (texts.size() != 2) column.expected("a name and a cell");
      out.columns.emplace_back(texts[0], texts[1]);
    }
  return out;
}

}  // namespace

Json toJson(const ErrorExamples& examples) {
  Json list = Json::array();
  for (const ErrorExample& example : examples.examples) list.push_back(toJson(example));
  return {
      {"format", 1},           {"part", examples.part},   {"head", examples.head},      {"measure", examples.measure},
      {"rows", examples.rows}, {"wrong", examples.wrong}, {"examples", std::move(list)}};
}

ErrorExamples errorExamplesFromJson(const Json& json, const std::string& file) {
  const JsonPlace place(json, file);
  if (place.integer("format", 1) != 1)
    place["format"].refuse("made by a newer version", "update this program to open it");
  ErrorExamples out{.part = place.text("part", "test"),
                    .head = place.text("head", ""),
                    .measure = place.text("measure", ""),
                    .rows = place.integer("rows", 0),
                    .wrong = place.integer("wrong", 0)};
  for (const JsonPlace& each : place["examples"].items()) out.examples.push_back(exampleFrom(each));
  return out;
}

std::optional<ErrorExamples> errorExamplesOf(const std::filesystem::path& run_folder) {
  const auto file = run_folder / kErrorsFile;
  std::error_code code;
  if (!std::filesystem::exists(file, code)) return {};
  return errorExamplesFromJson(readJson(file), file.string());
}

}  // namespace blockyard
