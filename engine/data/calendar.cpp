#include "data/calendar.hpp"

#include <chrono>
#include <cmath>
#include <limits>

namespace blockyard {

double datePart(DatePart part, double seconds) {
  namespace time = std::chrono;
  constexpr double kDay = 86400, kMost = 366.0 * 9999 * kDay;
  if (!(std::abs(seconds) <= kMost)) return std::numeric_limits<double>::quiet_NaN();
  const double midnight = std::floor(seconds / kDay);
  const double within = seconds - midnight * kDay;  // of the day
  const time::sys_days days{time::days(static_cast<int64_t>(midnight))};
  const time::year_month_day date{days};
  const unsigned weekday = time::weekday(days).iso_encoding() - 1;
  switch (part) {
    case DatePart::Year:
      return static_cast<int>(date.year());
    case DatePart::Month:
      return static_cast<unsigned>(date.month());
    case DatePart::Day:
      return static_cast<unsigned>(date.day());
    case DatePart::Weekday:
      return weekday;
    case DatePart::DayOfYear:
      return static_cast<double>((days - time::sys_days(date.year() / time::January / 1)).count() + 1);
    case DatePart::Hour:
      return std::floor(within / 3600);
    case DatePart::Minute:
      return std::floor(std::fmod(within, 3600) / 60);
    case DatePart::Second:
      return std::fmod(within, 60);
    case DatePart::Weekend:
      break;
  }
  return weekday >= 5 ? 1 : 0;
}

Cycle cycleOf(DatePart part) {
  switch (part) {
    case DatePart::Month:
      return {12, 1};
    case DatePart::Day:
      return {31, 1};
    case DatePart::Weekday:
      return {7, 0};
    case DatePart::DayOfYear:
      return {366, 1};
    case DatePart::Hour:
      return {24, 0};
    case DatePart::Minute:
    case DatePart::Second:
      return {60, 0};
    default:
      return {};
  }
}

}  // namespace blockyard
