// Answers about rows as tables that RowList can show. Pure.
#pragma once
#include "export/row_answers.hpp"

namespace blockyard {

// "row", "truth", "answer", "probability" (or "error") of these rows of the answers; the columns of `inputs`, one row
// for each, follow.
Table answersTable(const RowAnswers& answers, const std::vector<size_t>& rows, const Table& inputs);

enum class Which { All, FirstRight, SecondRight, NeitherRight };
// "row", "truth" and what both say of the rows on which they disagree. `first` and `second` name the runs.
Table disagreementTable(const Disagreement& found, Which which, const std::string& first, const std::string& second);

}  // namespace blockyard
