#include "data/csv_detect.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "base/value.hpp"
#include "data/class_rule.hpp"
#include "data/parse_number.hpp"

namespace blockyard {
namespace {

constexpr int64_t kDelimiterRows = 200;

// The rows of a text, each as its fields.
class Rows {
 public:
  Rows(std::string_view text, const CsvDialect& dialect) : p_(text.data()), end_(p_ + text.size()), dialect_(dialect) {}

  bool next(std::vector<CsvField>& fields) {
    while (p_ < end_ && (*p_ == '\n' || (*p_ == '\r' && p_ + 1 < end_ && p_[1] == '\n'))) p_ += *p_ == '\r' ? 2 : 1;
    if (p_ >= end_) return false;
    fields.clear();
    for (;; ++p_) {
      p_ = skipLastBlanks(scanField(p_, end_, dialect_, fields.emplace_back()), dialect_.delimiter);
      if (*p_ == '\n') break;
    }
    ++p_;
    return true;
  }
  const char* at() const { return p_; }  // behind the row

 private:
  const char* p_;
  const char* end_;
  const CsvDialect& dialect_;
};

// How many fields of a text hold quotes: around them, around a part of them, or only within.
struct QuoteUse {
  int64_t closed = 0, broken = 0, inner = 0;
};

// Goes on behind the next delimiter after a broken field, so that one mistake does not turn all others inside out.
QuoteUse quoteUse(std::string_view text, char delimiter) {
  const CsvDialect plain{.delimiter = delimiter, .quotes = false}, quoted{.delimiter = delimiter};
  QuoteUse use;
  CsvField field;
  for (const char *p = text.data(), *end = p + text.size(); p < end; ++p) {
    const char* behind = scanField(p, end, plain, field);
    if (field.text.starts_with('"')) {
      const char* const closed_at = scanField(p, end, quoted, field);
      if (!field.broken) behind = closed_at;
      ++(field.broken ? use.broken : use.closed);
    } else if (field.text.find('"') != std::string_view::npos) {
      ++use.inner;
    }
    p = behind;
  }
  return use;
}

std::string textOf(const CsvField& field) {
  return field.escaped ? unescaped(field.text) : std::string(field.text);
}

char delimiterNamed(const std::string& name) {
  if (name == "tab" || name == "\\t") return '\t';
  if (name == "none") return '\0';  // no text holds it: that has been checked
  if (name.size() == 1 && name[0] >= '0' && name[0] <= '9')
    throw Error({.parameter = "delimiter"}, "a digit cannot delimit, since numbers hold it, too, got \"" + name + "\"",
                "write the character that stands between two values");
  if (name.size() == 1 && name != "\"" && name != "\n" && name != "\r" && name[0] != '\0') return name[0];
  throw Error({.parameter = "delimiter"}, "expected one character, got \"" + name + "\"",
              "write tab for a tabulator, none if each line is one field");
}

// How most rows split at a delimiter.
struct DelimiterFit {
  size_t fields = 1;
  double share = 0;  // of the rows
};

DelimiterFit fitOf(std::string_view sample, const CsvDialect& dialect) {
  std::map<size_t, int64_t> counts;
  int64_t rows = 0;
  std::vector<CsvField> fields;
  for (Rows reader(sample, dialect); rows < kDelimiterRows && reader.next(fields); ++rows) ++counts[fields.size()];
  DelimiterFit fit;
  for (const auto& [size, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(rows);
    if (share >= fit.share) fit = {size, share};
  }
  return fit;
}

// What the values of one column have in common.
struct Guess {
  int64_t seen = 0, with_point = 0, with_comma = 0, times = 0;
  bool number(char point) const { return seen == (point == ',' ? with_comma : with_point); }
};

bool isNumber(std::string_view text, char point) {
  double value = 0;
  return parseNumber(text, point, value) != NumberText::None;
}

class Detection {
 public:
  Detection(std::string_view sample, const CsvOptions& options, const std::string& file)
      : sample_(sample), options_(options), file_(file), missing_(options.missing, '.') {
    layout_.file = file;
    layout_.dialect.delimiter = detectDelimiter(sample, options);
    layout_.dialect.quotes = detectQuotes(sample, layout_.dialect.delimiter, options);
    layout_.dialect.lenient = options.quotes == "double";
  }

  CsvLayout run() {
    scan();
    choosePoint();
    chooseHeader();
    nameColumns();
    applyTypes();
    chooseOutputs();
    layout_.missing = MissingMarkers(options_.missing, layout_.dialect.point);
    return std::move(layout_);
  }

 private:
  void scan();
  void add(Guess& guess, const CsvField& field) const;
  void choosePoint();
  void chooseHeader();
  void nameColumns();
  void applyTypes();
  ColumnType typeOf(size_t column) const;
  void chooseOutputs();
  void place(size_t field);

  std::string_view sample_;
  const CsvOptions& options_;
  const std::string& file_;
  MissingMarkers missing_;
  CsvLayout layout_;
  std::vector<std::string> first_;  // the first row
  std::vector<Guess> guesses_;      // of the rows behind it
  std::vector<Guess> first_guess_;
  int64_t rows_ = 0;  // behind the first
};

void Detection::scan() {
  std::vector<CsvField> fields;
  Rows reader(sample_, layout_.dialect);
  if (!reader.next(fields)) throw Error({.file = file_}, "the file is empty", "expected a header and rows");
  checkText(sample_.substr(0, static_cast<size_t>(reader.at() - sample_.data())),
            file_);  // the others as they are read
  const bool last_empty = fields.size() > 1 && fields.back().text.empty();
  bool all_empty = last_empty;
  first_guess_.resize(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    first_.push_back(textOf(fields[i]));
    add(first_guess_[i], fields[i]);
  }
  guesses_.resize(fields.size());
  while (rows_ < kDetectRows && reader.next(fields)) {
    ++rows_;
    // A row of another length is reported when it is read.
    if (fields.size() != guesses_.size()) continue;
    all_empty = all_empty && fields.back().text.empty();
    for (size_t i = 0; i < fields.size(); ++i) add(guesses_[i], fields[i]);
  }
  layout_.dialect.last_empty = all_empty;
}

void Detection::add(Guess& guess, const CsvField& field) const {
  const std::string_view text = field.text;
  if (!field.escaped && missing_.contains(text)) return;
  ++guess.seen;
  if (field.escaped || text.empty()) return;
  // Most fields of a column are of one kind: do not ask for what has been ruled out.
  const int64_t before = guess.seen - 1;
  double value = 0;
  const char* const end = text.data() + text.size();
  const bool plain = parseShortNumber(text.data(), '.', value) == end;
  if (guess.with_point == before) guess.with_point += plain || isNumber(text, '.');
  if (guess.with_comma == before)
    guess.with_comma += (plain && text.find('.') == std::string_view::npos) || isNumber(text, ',');
  if (!plain && guess.times == before) guess.times += !std::isnan(timeFromText(text));
}

void Detection::choosePoint() {
  CsvDialect& dialect = layout_.dialect;
  if (options_.decimal != "auto") {
    dialect.point = options_.decimal[0];
    if (dialect.point == dialect.delimiter)
      throw Error({.parameter = "decimal", .file = file_}, "the decimal comma is also the delimiter",
                  "set one of them to another character");
    return;
  }
  if (dialect.delimiter == '.') dialect.point = ',';
  if (dialect.delimiter == ',' || dialect.delimiter == '.') return;
  int64_t point = 0, comma = 0;
  for (const Guess& guess : guesses_) point += guess.number('.'), comma += guess.number(',');
  if (comma > point) dialect.point = ',';
}

void Detection::chooseHeader() {
  bool& header = layout_.dialect.header;
  header = options_.header != "no";
  if (options_.header == "auto") {
    // A header is told by a text on top of numbers or times. Where every column holds texts, people usually name them.
    bool data = false, names = false;
    for (size_t i = 0; i < first_.size(); ++i) {
      const char point = layout_.dialect.point;
      const bool first_value = first_guess_[i].seen > 0 && (first_guess_[i].number(point) || first_guess_[i].times > 0);
      const bool rest_value =
          guesses_[i].seen > 0 && (guesses_[i].number(point) || guesses_[i].times == guesses_[i].seen);
      names = names || (rest_value && first_guess_[i].seen > 0 && !first_value);
      data = data || first_value;
    }
    header = names || !data;
    for (const std::string& name : options_.only)
      if (std::find(first_.begin(), first_.end(), name) != first_.end()) header = true;
  }
  if (header && rows_ == 0 && !options_.may_be_empty)
    throw Error({.file = file_, .line = 1}, "the file holds a header but no rows",
                "if its first line is data, set `header` to no");
  if (header) return;
  for (size_t i = 0; i < first_.size(); ++i) {
    guesses_[i].seen += first_guess_[i].seen;
    guesses_[i].with_point += first_guess_[i].with_point;
    guesses_[i].with_comma += first_guess_[i].with_comma;
    guesses_[i].times += first_guess_[i].times;
  }
}

void Detection::nameColumns() {
  std::set<std::string> seen;
  const bool last_empty = layout_.dialect.last_empty;
  for (size_t i = 0; i < first_.size(); ++i) {
    CsvFieldPlan& field = layout_.fields.emplace_back();
    field.end_mark = last_empty && i + 1 == first_.size();
    const bool named = layout_.dialect.header && !first_[i].empty();
    field.name = named ? first_[i] : "column_" + std::to_string(i + 1);
    if (!field.end_mark && !seen.insert(field.name).second)
      throw Error({.file = file_, .line = 1}, "two columns are named " + quoteField(field.name),
                  "rename one of them; if the first line is data, set `header` to no");
  }
}

ColumnType Detection::typeOf(size_t column) const {
  const Guess& guess = guesses_[column];
  if (guess.number(layout_.dialect.point)) return ColumnType::Number;
  if (guess.times == guess.seen) return ColumnType::Time;
  std::unordered_set<std::string> values;
  std::vector<CsvField> fields;
  Rows reader(sample_, layout_.dialect);
  int64_t row = layout_.dialect.header ? -1 : 0;
  for (; row < kDetectRows && reader.next(fields); ++row) {
    if (row < 0 || fields.size() != guesses_.size()) continue;
    std::string text = textOf(fields[column]);
    if (text.size() > kLongestClass) return ColumnType::Text;
    if (!missing_.contains(text)) values.insert(std::move(text));
  }
  return textsRepeat(values.size(), static_cast<size_t>(guess.seen)) ? ColumnType::Category : ColumnType::Text;
}

void Detection::applyTypes() {
  std::vector<std::string> names;
  for (const CsvFieldPlan& field : layout_.fields) names.push_back(field.name);
  for (const auto& [name, type] : options_.types) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (std::find(options_.only.begin(), options_.only.end(), name) != options_.only.end())
      continue;  // see chooseOutputs
    if (std::find(options_.may_lack.begin(), options_.may_lack.end(), name) != options_.may_lack.end()) continue;
    const std::string near = nearestName(name, names);
    throw Error({.parameter = "types", .file = file_}, "there is no column \"" + name + "\"",
                near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
}

void Detection::place(size_t field) {
  CsvFieldPlan& plan = layout_.fields[field];
  const auto wanted = options_.types.find(plan.name);
  const bool undecided = wanted == options_.types.end() && guesses_[field].seen == 0;
  plan.type = wanted != options_.types.end() ? wanted->second : undecided ? ColumnType::Category : typeOf(field);
  plan.output = static_cast<int64_t>(layout_.columns.size());
  layout_.columns.push_back({plan.name, plan.type, undecided});
}

void Detection::chooseOutputs() {
  if (options_.only.empty()) {
    for (size_t i = 0; i < layout_.fields.size(); ++i)
      if (!layout_.fields[i].end_mark) place(i);
    return;
  }
  std::vector<std::string> names;
  for (const CsvFieldPlan& field : layout_.fields) names.push_back(field.name);
  for (const std::string& name : options_.only) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at != names.end()) {
      place(static_cast<size_t>(at - names.begin()));
    } else if (std::find(options_.may_lack.begin(), options_.may_lack.end(), name) == options_.may_lack.end()) {
      const std::string near = nearestName(name, names);
      throw Error({.file = file_, .line = layout_.dialect.header ? 1 : 0}, "there is no column \"" + name + "\"",
                  near.empty() ? "the columns must be those that were trained on" : "did you mean \"" + near + "\"?");
    }
  }
}

}  // namespace

char detectDelimiter(std::string_view sample, const CsvOptions& options) {
  if (options.delimiter != "auto") return delimiterNamed(options.delimiter);
  CsvDialect dialect{.quotes = options.quotes != "none"};
  char best = ',';
  DelimiterFit best_fit;
  for (const char candidate : {',', '\t', '|', ';'}) {
    dialect.delimiter = candidate;
    const DelimiterFit fit = fitOf(sample, dialect);
    if (fit.fields < 2 || fit.share < 0.5) continue;
    // "1,5;2,5" splits at commas just as evenly: a semicolon that fits is meant.
    const bool wins = best_fit.fields < 2 || fit.share > best_fit.share ||
                      (fit.share == best_fit.share && (candidate == ';' || fit.fields > best_fit.fields));
    if (wins) best = candidate, best_fit = fit;
  }
  return best;
}

bool detectQuotes(std::string_view sample, char delimiter, const CsvOptions& options) {
  if (options.quotes != "auto") return options.quotes == "double";
  if (sample.find('"') == std::string_view::npos) return true;
  const QuoteUse use = quoteUse(sample, delimiter);
  if (use.broken == 0 || use.broken + use.inner < 2 || use.broken + use.inner <= use.closed) return true;
  const CsvDialect plain{.delimiter = delimiter, .quotes = false};
  size_t count = 0;
  std::vector<CsvField> fields;
  for (Rows reader(sample, plain); reader.next(fields); count = fields.size())
    if (count != 0 && fields.size() != count) return true;
  return false;
}

void checkQuotes(std::string_view rows, const CsvDialect& dialect, const std::string& file) {
  if (!dialect.quotes || dialect.lenient || rows.find('"') == std::string_view::npos) return;
  std::vector<CsvField> fields;
  for (Rows reader(rows, dialect); reader.next(fields);) {
    for (const CsvField& field : fields) {
      if (!field.broken) continue;
      throw Error(placeIn(rows, static_cast<size_t>(field.text.data() - rows.data()), file), kBrokenQuote,
                  kBrokenQuoteHint);
    }
  }
}

CsvLayout detectCsv(std::string_view sample, const CsvOptions& options, const std::string& file) {
  return Detection(sample, options, file).run();
}

}  // namespace blockyard
