// Parts of times, worked out of seconds since 1970 with whole numbers held in doubles. Years, months and days by
// Hinnant, "chrono-compatible low-level date algorithms" (2013): years begin in March there, so that the leap day is
// the last.
#include "blocks/columns.hpp"
#include "data/calendar.hpp"
#include "export/onnx/block_rules.hpp"

#include <numbers>

namespace blockyard::rules {
namespace {

// Doubles [N, ...] with the signs of arithmetic.
class Sum {
 public:
  Sum(BlockToWrite& block, OnnxValue value) : block_(&block), value_(std::move(value)) {}
  const OnnxValue& value() const { return value_; }

  Sum operator+(double b) const { return with("Add", b); }
  Sum operator-(double b) const { return with("Sub", b); }
  Sum operator*(double b) const { return with("Mul", b); }
  Sum operator/(double b) const { return with("Div", b); }
  Sum operator+(const Sum& b) const { return with("Add", b.value_); }
  Sum operator-(const Sum& b) const { return with("Sub", b.value_); }
  Sum operator*(const Sum& b) const { return with("Mul", b.value_); }
  // Rounded down to a whole number.
  Sum over(double b) const { return (*this / b).floor(); }
  Sum floor() const { return {*block_, block_->op("Floor", {value_}, OnnxType::Double)}; }
  Sum rest(double b) const { return *this - over(b) * b; }
  Sum sine() const { return {*block_, block_->op("Sin", {value_}, OnnxType::Double)}; }
  // 1 where it is so, else 0.
  Sum atLeast(double b) const {
    const OnnxValue truth = block_->op("GreaterOrEqual", {value_, block_->number(b)}, OnnxType::Bool);
    return {*block_, block_->graph.cast(truth, OnnxType::Double)};
  }

 private:
  Sum with(const char* op, double b) const { return with(op, block_->number(b)); }
  Sum with(const char* op, const OnnxValue& b) const {
    return {*block_, block_->op(op, {value_, b}, OnnxType::Double)};
  }

  BlockToWrite* block_;
  OnnxValue value_;
};

struct Date {
  Sum year, month, day, day_of_year;
};

Date dateOf(const Sum& days) {
  const Sum shifted = days + 719468, era = shifted.over(146097), of_era = shifted - era * 146097;
  const Sum year_of_era = (of_era - of_era.over(1460) + of_era.over(36524) - of_era.over(146096)).over(365);
  const Sum from_march = of_era - (year_of_era * 365 + year_of_era.over(4) - year_of_era.over(100));
  const Sum month_from_march = (from_march * 5 + 2).over(153), late = month_from_march.atLeast(10);
  const Sum year = year_of_era + era * 400 + late;
  const Sum leap = year.rest(4) * -1 + 1;  // above 0 in every fourth year
  const Sum is_leap = leap.atLeast(1) - (year.rest(100) * -1 + 1).atLeast(1) + (year.rest(400) * -1 + 1).atLeast(1);
  // January and February, the last months from March on, are the first 59 or 60 days of the next year.
  const Sum early_days = (from_march + 60 + is_leap) * (late * -1 + 1), late_days = (from_march - 305) * late;
  return {.year = year,
          .month = month_from_march + 3 - late * 12,
          .day = from_march - (month_from_march * 153 + 2).over(5) + 1,
          .day_of_year = early_days + late_days};
}

Sum partOf(DatePart part, const Sum& seconds) {
  const Sum days = seconds.over(86400), within = seconds - days * 86400, weekday = (days + 3).rest(7);
  switch (part) {
    case DatePart::Year:
      return dateOf(days).year;
    case DatePart::Month:
      return dateOf(days).month;
    case DatePart::Day:
      return dateOf(days).day;
    case DatePart::DayOfYear:
      return dateOf(days).day_of_year;
    case DatePart::Weekday:
      return weekday;
    case DatePart::Hour:
      return within.over(3600);
    case DatePart::Minute:
      return within.rest(3600).over(60);
    case DatePart::Second:
      return within.rest(60);
    case DatePart::Weekend:
      break;
  }
  return weekday.atLeast(5);
}

}  // namespace

OnnxValue datePart(BlockToWrite& block, int part, const OnnxValue& seconds) {
  constexpr double kMost = 366.0 * 9999 * 86400;
  const OnnxValue size = block.op("Abs", {seconds}, OnnxType::Double);
  const OnnxValue known = block.op("LessOrEqual", {size, block.number(kMost)}, OnnxType::Bool);
  const OnnxValue made = partOf(static_cast<DatePart>(part), {block, seconds}).value();
  return block.op("Where", {known, made, block.number(kMissingNumber)}, OnnxType::Double);
}

OnnxBatch dateParts(BlockToWrite& block) {
  const Values& values = block.values();
  const Texts names = pickColumns(columnsOf(block.example_in.table("x")), values.texts("columns"), {ColumnType::Time});
  std::vector<OnnxColumn> out;
  for (const OnnxColumn& column : block.columns()) {
    const bool split = contains(names, column.name);
    if (!split || values.flag("keep")) out.push_back(column);
    if (!split) continue;
    for (const std::string& name : values.texts("parts")) {
      const auto at = std::find(kDatePartNames.begin(), kDatePartNames.end(), name) - kDatePartNames.begin();
      const Sum part(block, datePart(block, static_cast<int>(at), block.single(column)));
      const Cycle cycle = cycleOf(static_cast<DatePart>(at));
      const std::string full = column.name + "_" + name;
      if (!values.flag("cyclic") || cycle.length == 0) {
        out.push_back({.name = full, .value = part.value()});
        continue;
      }
      const Sum angle = (part - cycle.first) * (2 * std::numbers::pi / cycle.length);
      out.push_back({.name = full + "_sin", .value = angle.sine().value()});
      out.push_back({.name = full + "_cos", .value = (angle + std::numbers::pi / 2).sine().value()});
    }
  }
  return tableOf(std::move(out));
}

}  // namespace blockyard::rules
