// Calendar: the parts of a time, in UTC. Torch-free.
#pragma once
#include <array>
#include <string>

namespace blockyard {

enum class DatePart { Year, Month, Day, Weekday, DayOfYear, Hour, Minute, Second, Weekend };
// By name, as settings and formulas call them: "year", "month", "day", "weekday", "day_of_year", "hour", "minute",
// "second", "weekend".
constexpr std::array<const char*, 9> kDatePartNames = {"year", "month",  "day",    "weekday", "day_of_year",
                                                       "hour", "minute", "second", "weekend"};

// Of seconds since 1970-01-01: months and days count from 1, weekdays from Monday = 0, days of the year from 1; weekend
// is 1 on Saturday and Sunday, else 0. NaN stays NaN, and so do times beyond the years -9999 to 9999.
double datePart(DatePart part, double seconds);
// How many values a part that comes round again has (12 months, 7 weekdays, 24 hours ...), and the first of them; 0 for
// those that do not (year, weekend).
struct Cycle {
  int length = 0, first = 0;
};
Cycle cycleOf(DatePart part);

}  // namespace blockyard
