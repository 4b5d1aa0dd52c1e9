// Tokenize: texts as rows of codes of equal length, for an embedding.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <optional>

#include "blocks/sentence_pieces.hpp"
#include "blocks/terms.hpp"
#include "blocks/text_column.hpp"
#include "data/unicode.hpp"

namespace blockyard::preprocessor {
namespace {

constexpr int64_t kPadding = 0, kUnknown = 1, kFirstToken = 2;

// So many texts, chosen by a keyed hash of their number among all: the same whatever their order of arrival is cut
// into.
class SampledTexts {
 public:
  explicit SampledTexts(int64_t most) : most_(static_cast<size_t>(most)) {}

  void add(std::string text) {
    const uint64_t rank = random_.bits(static_cast<uint64_t>(count_));
    kept_.push_back({rank, count_++, std::move(text)});
    std::push_heap(kept_.begin(), kept_.end(), before);
    if (kept_.size() <= most_) return;
    std::pop_heap(kept_.begin(), kept_.end(), before);
    kept_.pop_back();
  }

  // In the order in which they came.
  Texts texts() && {
    std::sort(kept_.begin(), kept_.end(), [](const Kept& a, const Kept& b) { return a.number < b.number; });
    Texts out;
    for (Kept& kept : kept_) out.push_back(std::move(kept.text));
    return out;
  }

 private:
  struct Kept {
    uint64_t rank = 0;
    int64_t number = 0;
    std::string text{};
  };
  static bool before(const Kept& a, const Kept& b) { return a.rank < b.rank; }

  size_t most_;
  KeyedRandom random_ = KeyedRandom(0).key("tokenize");
  int64_t count_ = 0;
  std::vector<Kept> kept_;
};

class Tokenize final : public Block {
 public:
  explicit Tokenize(const Values& values)
      : values_(values),
        column_(values.text("column")),
        method_(values.text("method")),
        length_(values.integer("length")),
        keep_end_(values.text("truncate") == "start") {}

  void fit(FitRows& rows) override {
    if (byPieces())
      learnPieces(rows);
    else
      learnTokens(rows);
    nameTokens();
  }

  Batch forward(const Batch& in, Step&) override {
    const Texts texts = textsIn(in.table("x"), column_);
    const auto rows = static_cast<int64_t>(texts.size());
    at::Tensor tokens = at::full({rows, length_}, kPadding, at::kLong);  // [N, L]
    int64_t* const to = tokens.mutable_data_ptr<int64_t>();
    at::parallel_for(0, rows, 64, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const std::vector<int64_t> codes = codesOf(texts[static_cast<size_t>(i)]);
        const auto count = static_cast<int64_t>(codes.size());
        const int64_t kept = std::min(count, length_);
        std::copy_n(codes.begin() + (keep_end_ ? count - kept : 0), kept, to + i * length_);
      }
    });
    Batch out{{"tokens", tokens}};
    if (in.has("after")) out.set("next", Packet(firstCodes(textsIn(in.table("after"), column_)), meaning_));
    return out;
  }

  State state() const override {
    State out;
    if (byPieces()) {
      at::Tensor model = at::empty({static_cast<int64_t>(model_.size())}, at::kByte);
      std::copy(model_.begin(), model_.end(), model.mutable_data_ptr<uint8_t>());
      out.tensors.emplace("model", model);
    } else {
      putTexts(out, "tokens", tokens_);
    }
    return out;
  }

  void loadState(const State& state) override {
    if (!byPieces()) {
      tokens_ = takeTexts(state, "tokens");
      number();
      nameTokens();
      return;
    }
    const auto model = state.tensors.find("model");
    if (model == state.tensors.end() || model->second.scalar_type() != at::kByte)
      throw Error({}, "the saved state holds no \"model\"", "the file is damaged");
    const at::Tensor bytes = model->second.contiguous();
    const auto* const data = reinterpret_cast<const char*>(bytes.const_data_ptr<uint8_t>());
    model_.assign(data, static_cast<size_t>(bytes.numel()));
    pieces_.emplace(model_);
    nameTokens();
  }

 private:
  bool byPieces() const { return method_ == "bpe" || method_ == "unigram"; }

  template <class Each>
  void forEachToken(std::string_view text, const Each& each) const {
    if (method_ == "words") {
      for (const auto word : wordsAndSigns(text)) each(word);
      return;
    }
    for (size_t at = 0; at < text.size();) {
      const size_t start = at;
      nextCharacter(text, at);
      each(text.substr(start, at - start));
    }
  }

  void learnTokens(FitRows& rows) {
    TermCounts counts;
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      for (const auto& text : textsIn(batch.table("x"), column_)) {
        forEachToken(text, [&](std::string_view token) { counts.add(token); });
        counts.endText();
      }
    }
    std::vector<TermCounts::Term> terms = counts.terms();
    std::erase_if(terms, [&](const auto& term) { return term.count < values_.integer("min_count"); });
    if (terms.empty())
      throw Error({.port = "x"}, "no token of the training texts is left", "lower `min_count`, or look at the texts");
    std::stable_sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
    terms.resize(std::min(terms.size(), static_cast<size_t>(values_.integer("vocabulary") - kFirstToken)));
    tokens_.clear();
    for (auto& term : terms) tokens_.push_back(std::move(term.text));
    number();
  }

  void learnPieces(FitRows& rows) {
    SampledTexts sample(values_.integer("sample"));
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next())
      for (auto& text : textsIn(batch.table("x"), column_)) sample.add(std::move(text));
    model_ = SentencePieces::learned(method_, values_.integer("vocabulary"), std::move(sample).texts());
    pieces_.emplace(model_);
  }

  void number() {
    codes_.clear();
    for (size_t i = 0; i < tokens_.size(); ++i) codes_.emplace(tokens_[i], static_cast<int64_t>(i) + kFirstToken);
  }

  void nameTokens() {
    auto meaning = std::make_shared<Meaning>();
    meaning->classes = pieces_ ? pieces_->pieces() : Texts{"(padding)", "(unknown)"};
    meaning->classes.insert(meaning->classes.end(), tokens_.begin(), tokens_.end());
    meaning_ = std::move(meaning);
  }

  // The first token of each text; of none, the unknown one.
  at::Tensor firstCodes(const Texts& texts) const {
    at::Tensor out = at::full({static_cast<int64_t>(texts.size())}, kUnknown, at::kLong);
    int64_t* const to = out.mutable_data_ptr<int64_t>();
    for (size_t i = 0; i < texts.size(); ++i)
      if (const auto codes = codesOf(texts[i]); !codes.empty()) to[i] = codes.front();
    return out;
  }

  std::vector<int64_t> codesOf(std::string_view text) const {
    std::vector<int64_t> out;
    if (pieces_) {
      for (const int code : pieces_->codes(text)) out.push_back(code);
      return out;
    }
    forEachToken(text, [&](std::string_view token) {
      const auto it = codes_.find(token);
      out.push_back(it == codes_.end() ? kUnknown : it->second);
    });
    return out;
  }

  Values values_;
  std::string column_, method_;
  int64_t length_;
  bool keep_end_;
  Texts tokens_;                                         // characters and words: from code 2 on
  std::unordered_map<std::string_view, int64_t> codes_;  // views of tokens_
  std::string model_;                                    // bpe and unigram
  std::optional<SentencePieces> pieces_;
  std::shared_ptr<const Meaning> meaning_ = std::make_shared<const Meaning>();  // the tokens as classes
};

Signatures inferTokenize(const Values& values, const Signatures& inputs) {
  requireTextColumn(values, inputs);
  Signatures out{{"tokens", {.element = Element::Int64, .shape = {"N", values.integer("length")}}}};
  if (const auto after = inputs.find("after"); after != inputs.end()) {
    textColumn(after->second.columns, values.text("column"), after->second.open);
    out["next"] = {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .open = true};
  }
  return out;
}

}  // namespace

BlockType tokenize() {
  return {
      .schema =
          {.title = "Tokenize",
           .doc = "Cuts texts into characters, words or pieces of words and gives each a code, the most frequent ones "
                  "first; code 0 is padding, 1 whatever the training texts do not have. All rows get one length: long "
                  "texts are cut, short ones padded at the end. For an embedding with the same `vocabulary`. Pieces "
                  "are learned by SentencePiece (bpe or unigram). For a model of language, see Text windows.",
           .inputs = {{"x", "table"},
                      {"after", "table", "the texts that follow, of which nothing is learned", Wires::Optional}},
           .outputs = {{"tokens", "int[N, length]", "codes below `vocabulary`"},
                       {"next", "label", "with `after`: the token that it begins with, for the head Next token"}},
           .params = {textColumnParam(),
                      {"method", "words", Choices{"characters", "words", "bpe", "unigram"},
                       "characters; words, and runs of other signs; or pieces of words, by byte-pair encoding or by a "
                       "unigram language model"},
                      {"vocabulary", 8000, Range{3, 1 << 22}, "most codes there are, with padding and unknown"},
                      {"min_count", 1, Range{1, 1e9},
                       "characters and words: leave out what the training texts have less often"},
                      {"length", 64, Range{1, 1 << 20}, "tokens in every row"},
                      {"truncate", "end", Choices{"end", "start"}, "the side from which a long text loses tokens"},
                      {"sample", 200000, Range{1, 1e8},
                       "bpe and unigram: learn from so many training texts at most, drawn at random", "texts"}},
           .examples = {{.params = {{"length", 4}},
                         .in_tables = {{"x", "t:text\n\"good, good film\"\nfilm\n"}},
                         .out = {{"tokens", {{2, 4}, {3, 4, 3, 2, 2, 0, 0, 0}, Element::Int64}}}},
                        {.params = {{"method", "characters"}, {"length", 3}, {"truncate", "start"}},
                         .in_tables = {{"x", "t:text\nabca\nb\n"}},
                         .out = {{"tokens", {{2, 3}, {3, 4, 2, 3, 0, 0}, Element::Int64}}}}},
           .fitted = true},
      .make = make<Tokenize>,
      .infer = inferTokenize};
}

}  // namespace blockyard::preprocessor
