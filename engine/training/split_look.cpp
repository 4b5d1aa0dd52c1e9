#include "training/split_look.hpp"

#include <algorithm>
#include <cstdio>

#include "blocks/source.hpp"
#include "training/row_parts.hpp"

namespace blockyard {
namespace {

constexpr int64_t kLeastRows = 50;  // fewer are off their shares by chance
constexpr double kFarOff = 2;

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g %%", 100 * share);
  return text;
}

std::string hintFor(const std::string& how) {
  if (how == "group") return "the rows of a group stay together: with so few groups take other shares or another seed";
  if (how == "time") return "rows of the same time stay together: take other shares, or split in another way";
  return "take other shares, or more rows";
}

}  // namespace

SplitLook splitOf(const std::array<int64_t, 3>& rows, const Values& training) {
  SplitLook out;
  if (training.text("split") == "given") return out;
  for (const int64_t count : rows) out.rows += count;
  for (size_t part = 0; part < rows.size(); ++part)
    out.shares.at(part) = static_cast<double>(rows.at(part)) / static_cast<double>(std::max<int64_t>(out.rows, 1));
  const double test = training.number("test_share");
  const int64_t folds = training.integer("folds");
  const double validation = folds > 0 ? (1 - test) / static_cast<double>(folds) : training.number("validation_share");
  out.wanted = {1 - validation - test, validation, test};
  return out;
}

SplitLook lookAtSplit(Source& source, const Values& training, bool whole) {
  if (!whole && training.text("split") == "given") return {};  // the files that say it were not read
  std::array<int64_t, 3> rows{};
  try {
    for (const Part part : rowParts(source, training))
      if (part != Part::Unused) ++rows.at(static_cast<size_t>(part));
  } catch (const Error& error) {
    SplitLook out;
    // A column that is not there, or holds no group in some row, is so for all rows.
    if (whole || error.where().parameter.ends_with("split_column")) out.error = error;
    return out;
  }
  return whole ? splitOf(rows, training) : SplitLook{};
}

std::vector<NamedProblem> splitProblems(const SplitLook& look, const std::string& how) {
  if (look.error) {
    std::string parameter = look.error->where().parameter;
    if (parameter.starts_with("training.")) parameter.erase(0, std::string("training.").size());
    const Where where{.block = "training", .parameter = parameter.empty() ? "split" : parameter};
    return {{{}, {Severity::Error, where, look.error->problem(), look.error->hint(), {}}}};
  }
  std::vector<NamedProblem> out;
  if (look.rows == 0) return out;
  for (const Part part : {Part::Validation, Part::Test}) {
    const double share = look.shares.at(static_cast<size_t>(part)), wanted = look.wanted.at(static_cast<size_t>(part));
    const bool far = share * kFarOff < wanted || share > wanted * kFarOff;
    if (wanted <= 0 || !far || (share > 0 && look.rows < kLeastRows)) continue;
    const std::string name = part == Part::Test ? "test" : "validation";
    out.push_back({"share:" + name,
                   {Severity::Warning,
                    {.block = "training", .parameter = name + "_share"},
                    share > 0 ? "the split by " + how + " gives the " + name + " " + percent(share) +
                                    " of the rows, not " + percent(wanted)
                              : "the split by " + how + " leaves no " + name + " rows, though " + percent(wanted) +
                                    " of the rows were wanted",
                    hintFor(how),
                    {}},
                   share == 0});
  }
  return out;
}

}  // namespace blockyard
