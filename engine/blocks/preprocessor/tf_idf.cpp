// TF-IDF: how often each word or n-gram of the training texts occurs in a text, rare ones counting more. As
// scikit-learn's TfidfVectorizer.
#include <ATen/ATen.h>

#include <cmath>

#include "blocks/state_lists.hpp"
#include "blocks/term_matrix.hpp"
#include "blocks/terms.hpp"
#include "blocks/text_column.hpp"

namespace blockyard::preprocessor {
namespace {

class TfIdf final : public Block {
 public:
  explicit TfIdf(const Values& values)
      : values_(values),
        column_(values.text("column")),
        splitter_(values),
        sublinear_(values.flag("sublinear")),
        norm_(normNamed(values.text("norm"))) {}

  void fit(FitRows& rows) override {
    TermCounts counts;
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      for (const auto& text : textsIn(batch.table("x"), column_)) {
        splitter_.split(text, [&](std::string_view term) { counts.add(term); });
        counts.endText();
      }
    }
    const auto texts = static_cast<double>(counts.texts());
    const int64_t least = values_.integer("min_texts");
    const double most = values_.number("max_share") * texts;
    std::vector<TermCounts::Term> kept;
    for (auto& term : counts.terms())
      if (term.texts >= least && static_cast<double>(term.texts) <= most) kept.push_back(std::move(term));
    if (kept.empty())
      throw Error({.port = "x"}, "no term of the training texts is left",
                  "lower `min_texts`, raise `max_share`, or take another analyzer");
    terms_.clear(), weights_.clear();
    const bool idf = values_.flag("idf"), smooth = values_.flag("smooth_idf");
    for (auto& term : mostFrequent(std::move(kept), static_cast<size_t>(values_.integer("max_features")))) {
      terms_.push_back(std::move(term.text));
      const auto in = static_cast<double>(term.texts);
      weights_.push_back(!idf ? 1 : 1 + (smooth ? std::log((1 + texts) / (1 + in)) : std::log(texts / in)));
    }
    number();
  }

  Batch forward(const Batch& in, Step&) override {
    const Texts texts = textsIn(in.table("x"), column_);
    at::Tensor y = termMatrix(texts, static_cast<int64_t>(terms_.size()), norm_,
                              [this](std::string_view text, double* row) { fill(text, row); });
    return {{"y", Packet(y, meaning_)}};
  }

  State state() const override {
    State out;
    putTexts(out, "terms", terms_);
    out.tensors.emplace("weights", tensorOf(weights_));
    return out;
  }

  void loadState(const State& state) override {
    terms_ = takeTexts(state, "terms");
    weights_ = stateNumbers(state, "weights", terms_.size());
    number();
  }

 private:
  void number() {
    places_.clear();
    for (size_t i = 0; i < terms_.size(); ++i) places_.emplace(terms_[i], i);
    auto meaning = std::make_shared<Meaning>();
    meaning->columns = terms_;
    meaning_ = std::move(meaning);
  }

  void fill(std::string_view text, double* row) const {
    splitter_.split(text, [&](std::string_view term) {
      if (const auto it = places_.find(term); it != places_.end()) row[it->second] += 1;
    });
    for (size_t i = 0; i < weights_.size(); ++i)
      if (row[i] > 0) row[i] = (sublinear_ ? 1 + std::log(row[i]) : row[i]) * weights_[i];
  }

  Values values_;
  std::string column_;
  TermSplitter splitter_;
  bool sublinear_;
  Norm norm_;
  Texts terms_;
  Numbers weights_;                                      // by term
  std::unordered_map<std::string_view, size_t> places_;  // views of terms_
  std::shared_ptr<const Meaning> meaning_;
};

Signatures inferTfIdf(const Values& values, const Signatures& inputs) {
  requireTextColumn(values, inputs);
  TermSplitter{values};
  return {{"y", {.shape = {"N", "F"}}}};
}

std::vector<Param> params() {
  std::vector<Param> out{textColumnParam()};
  for (Param& param : TermSplitter::params()) out.push_back(std::move(param));
  for (Param& param : std::vector<Param>{
           {"max_features", 4096, Range{0, 1 << 20}, "keep the terms that occur most often; 0: all"},
           {"min_texts", 1, Range{1, 1e9}, "leave out terms that fewer training texts hold"},
           {"max_share", 1.0, Range{0, 1}, "leave out terms that a larger share of the training texts hold"},
           {"idf", true, {}, "weigh terms by how few texts hold them"},
           {"smooth_idf", true, {}, "count one more text that holds every term: log((1 + n) / (1 + n_t)) + 1"},
           {"sublinear", false, {}, "take 1 + log of how often a term occurs in a text"}})
    out.push_back(std::move(param));
  out.push_back(normParam());
  return out;
}

}  // namespace

BlockType tf_idf() {
  return {.schema = {.title = "TF-IDF",
                     .doc = "Counts in each text the words or n-grams of the training texts and weighs them, rare ones "
                            "more: tf (log(n / n_t) + 1). The result is dense, a column a term: float32 [N, terms], so "
                            "`max_features` decides how much memory the rows take. Defined as scikit-learn's "
                            "TfidfVectorizer.",
                     .inputs = {{"x", "table"}},
                     .outputs = {{"y", "float[N, F]"}},
                     .params = params(),
                     .examples = {{.params = {{"norm", "none"}, {"smooth_idf", false}},
                                   .in_tables = {{"x", "t:text\ngood film\ngood good\n"}},
                                   .out = {{"y", {{2, 2}, {1.6931471805599454, 1, 0, 2}}}}},
                                  {.params = {{"idf", false}, {"ngrams", Integers{1, 2}}, {"norm", "none"}},
                                   .in_tables = {{"x", "t:text\nnot good\ngood\n"}},
                                   .out = {{"y", {{2, 3}, {1, 1, 1, 1, 0, 0}}}}}},
                     .fitted = true},
          .make = make<TfIdf>,
          .infer = inferTfIdf};
}

}  // namespace blockyard::preprocessor
