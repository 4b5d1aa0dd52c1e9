// Date parts: makes number columns of times: year, month, weekday, hour and others, or angles for what comes round
// again.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "blocks/columns.hpp"
#include "data/calendar.hpp"

namespace blockyard::preprocessor {
namespace {

const ColumnTypes kTimeColumns = {ColumnType::Time};

DatePart partNamed(const std::string& name) {
  const auto at = std::find(kDatePartNames.begin(), kDatePartNames.end(), name);
  if (at == kDatePartNames.end()) {
    const std::string near = nearestName(name, Texts(kDatePartNames.begin(), kDatePartNames.end()));
    throw Error({.parameter = "parts"}, "there is no part \"" + name + "\" of a date",
                near.empty() ? "the parts are year, month, day, weekday, day_of_year, hour, minute, second and weekend"
                             : "did you mean \"" + near + "\"?");
  }
  return static_cast<DatePart>(at - kDatePartNames.begin());
}

// One new column.
struct DateColumn {
  std::string name{};
  DatePart part = DatePart::Year;
  double (*turned)(double) = nullptr;  // sine or cosine of the angle
};

double sine(double angle) {
  return std::sin(angle);
}
double cosine(double angle) {
  return std::cos(angle);
}

std::vector<DateColumn> partsOf(const Values& values, const std::string& column) {
  std::vector<DateColumn> out;
  const Texts& parts = values.texts("parts");
  if (parts.empty()) throw Error({.parameter = "parts"}, "no part is named", "for example [year, month, weekday]");
  for (const auto& name : parts) {
    const DatePart part = partNamed(name);
    const std::string full = column + "_" + name;
    const bool cyclic = values.flag("cyclic") && cycleOf(part).length > 0;
    if (!cyclic) out.push_back({full, part});
    if (cyclic) out.push_back({full + "_sin", part, sine}), out.push_back({full + "_cos", part, cosine});
    for (size_t i = 0; i + 1 < out.size(); ++i)
      if (out[i].name == out.back().name) throw Error({.parameter = "parts"}, "\"" + name + "\" is named twice");
  }
  return out;
}

class DateParts final : public Block {
 public:
  explicit DateParts(const Values& values) : values_(values), keep_(values.flag("keep")) {}

  Batch forward(const Batch& in, Step&) override {
    const Table& table = in.table("x");
    const Texts names = pickColumns(columnsOf(table), values_.texts("columns"), kTimeColumns);
    return {{"y", withColumns(table, names, [this](const Column& column, size_t) {
               std::vector<Column> out;
               if (keep_) out.push_back(column);
               for (const DateColumn& part : partsOf(values_, column.name)) {
                 Column& made = out.emplace_back(Column{.name = part.name, .numbers = column.numbers});
                 for (double& value : made.numbers) value = valueOf(part, value);
               }
               return out;
             })}};
  }

 private:
  static double valueOf(const DateColumn& part, double seconds) {
    const double value = datePart(part.part, seconds);
    const Cycle cycle = cycleOf(part.part);
    return part.turned ? part.turned(2 * std::numbers::pi * (value - cycle.first) / cycle.length) : value;
  }

  Values values_;
  bool keep_;
};

Signatures inferDateParts(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  partsOf(values, "");
  const auto picked = setOf(pickColumns(out, values.texts("columns"), kTimeColumns));
  std::vector<ColumnInfo> columns;
  for (const auto& column : out.columns) {
    const bool split = picked.count(column.name) > 0;
    if (!split || values.flag("keep")) columns.push_back(column);
    if (!split) continue;
    for (const DateColumn& part : partsOf(values, column.name)) columns.push_back({part.name});
  }
  out.columns = std::move(columns);
  return {{"y", out}};
}

}  // namespace

BlockType date_parts() {
  return {
      .schema =
          {.title = "Date parts",
           .doc = "Puts number columns in the place of time columns: year, month (from 1), day, weekday (Monday is 0), "
                  "day_of_year (from 1), hour, minute, second, weekend (1 on Saturday and Sunday, else 0). With "
                  "cyclic, parts that come round again become sine and cosine of their angle, so that December is "
                  "next to January. Times are in UTC.",
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "table"}},
           .params = {columnsParam("time"),
                      {"parts",
                       Texts{"year", "month", "day", "weekday", "hour"},
                       {},
                       "which parts: year, month, day, weekday, day_of_year, hour, minute, second, weekend"},
                      {"cyclic", false, {}, "sine and cosine instead of the number"},
                      {"keep", false, {}, "keep the time column before its parts"}},
           .examples = {{.params = {{"parts", Texts{"year", "weekday", "hour", "weekend"}}},
                         .in_tables = {{"x", "t:time,a\n2024-02-03T08:30:00,1\n,2\n"}},
                         .out_tables = {{"y", "t_year,t_weekday,t_hour,t_weekend,a\n2024,5,8,1,1\n,,,,2\n"}}},
                        {.params = {{"parts", Texts{"month"}}, {"cyclic", true}},
                         .in_tables = {{"x", "t:time\n2024-04-01\n2024-07-01\n"}},
                         .out_tables = {{"y", "t_month_sin,t_month_cos\n1,0\n0,-1\n"}}}}},
      .make = make<DateParts>,
      .infer = inferDateParts};
}

}  // namespace blockyard::preprocessor
