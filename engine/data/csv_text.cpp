#include "data/csv_text.hpp"

#include <limits>

#include "data/row_store.hpp"

namespace blockyard {

Table tableFromCsv(std::string text, const CsvOptions& options) {
  if (!text.empty() && text.back() != '\n') text.push_back('\n');
  const CsvLayout layout = detectCsv(text, options, {});
  size_t start = 0;
  if (layout.dialect.header) {
    CsvField field;
    const char* const end = text.data() + text.size();
    const char* p = text.data() + text.find_first_not_of("\r\n");
    while (p = scanField(p, end, layout.dialect, field), *p != '\n') ++p;
    start = static_cast<size_t>(p + 1 - text.data());
  }
  RowBlock block;
  if (const auto error = CsvBlockParser(layout).parse(std::string_view(text).substr(start), block)) throw *error;
  RowStore store(layout.columns, std::numeric_limits<int64_t>::max());
  store.append(block);
  store.finish();
  return store.read(0, store.rows());
}

}  // namespace blockyard
