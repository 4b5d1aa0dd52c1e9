// Normalize text: takes away differences of writing that mean nothing for the task.
#include <algorithm>

#include "blocks/columns.hpp"
#include "data/unicode.hpp"

namespace blockyard::preprocessor {
namespace {

constexpr std::string_view kAddress = "URL", kNumber = "NUMBER";

bool startsAddress(std::string_view text) {
  const auto starts = [&](std::string_view with) {  // in any case
    return text.size() >= with.size() && std::equal(with.begin(), with.end(), text.begin(), [](char a, char b) {
             return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
           });
  };
  return starts("http://") || starts("https://") || starts("www.");
}

// Web addresses, up to the next white space, as `by`.
std::string withoutAddresses(std::string_view text, std::string_view by) {
  std::string out;
  bool in_word = false;
  for (size_t at = 0; at < text.size();) {
    if (!in_word && startsAddress(text.substr(at))) {
      out += by;
      for (size_t next = at; next < text.size() && !isSpace(nextCharacter(text, next));) at = next;
      continue;
    }
    const size_t start = at;
    in_word = isWordCharacter(nextCharacter(text, at));
    out += text.substr(start, at - start);
  }
  return out;
}

// Runs of digits, with points or commas between digits, as `by`.
std::string withoutNumbers(std::string_view text, std::string_view by) {
  std::string out;
  const auto digitAt = [&](size_t at, size_t& behind) {
    if (at >= text.size()) return false;
    behind = at;
    return isDigit(nextCharacter(text, behind));
  };
  for (size_t at = 0, behind = 0; at < text.size();) {
    if (!digitAt(at, behind)) {
      const size_t start = at;
      nextCharacter(text, at);
      out += text.substr(start, at - start);
      continue;
    }
    out += by;
    while (true) {
      if (digitAt(at, behind))
        at = behind;
      else if (at < text.size() && (text[at] == '.' || text[at] == ',') && digitAt(at + 1, behind))
        at = behind;
      else
        break;
    }
  }
  return out;
}

std::string withoutPunctuation(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    if (isPunctuation(nextCharacter(text, at)))
      out += ' ';
    else
      out += text.substr(start, at - start);
  }
  return out;
}

class TextNormalize final : public Block {
 public:
  explicit TextNormalize(const Values& values)
      : wanted_(values.texts("columns")),
        form_(values.text("form")),
        addresses_(values.text("addresses")),
        numbers_(values.text("numbers")),
        lower_(values.flag("lower_case")),
        accents_(values.flag("accents")),
        punctuation_(values.flag("punctuation")),
        spaces_(values.flag("single_spaces")) {}

  Batch forward(const Batch& in, Step&) override {
    const Table& table = in.table("x");
    const Texts names = pickColumns(columnsOf(table), wanted_, {ColumnType::Text});
    return {{"y", withColumns(table, names, [&](const Column& column, size_t) -> std::vector<Column> {
               Column out{.name = column.name, .type = ColumnType::Text};
               out.texts.reserve(column.texts.size());
               for (const auto& text : column.texts) out.texts.push_back(changed(text));
               return {std::move(out)};
             })}};
  }

 private:
  std::string changed(std::string text) const {
    if (addresses_ != "keep") text = withoutAddresses(text, addresses_ == "mark" ? kAddress : " ");
    if (form_ != "keep") text = normalized(text, form_ == "nfc" ? NormalForm::Nfc : NormalForm::Nfkc);
    if (!accents_) text = withoutAccents(text);
    if (lower_) text = lowerBut(text);
    if (numbers_ != "keep") text = withoutNumbers(text, numbers_ == "mark" ? kNumber : " ");
    if (!punctuation_) text = withoutPunctuation(text);
    return spaces_ ? withSingleSpaces(text) : text;
  }

  // The mark of an address keeps its capital letters, so that it is no word of the text.
  std::string lowerBut(const std::string& text) const {
    if (addresses_ != "mark") return lowerCase(text);
    std::string out;
    size_t from = 0;
    for (size_t at = 0; (at = text.find(kAddress, from)) != std::string::npos; from = at + kAddress.size()) {
      out += lowerCase(std::string_view(text).substr(from, at - from));
      out += kAddress;
    }
    return out + lowerCase(std::string_view(text).substr(from));
  }

  Texts wanted_;
  std::string form_, addresses_, numbers_;
  bool lower_, accents_, punctuation_, spaces_;
};

Signatures inferTextNormalize(const Values& values, const Signatures& inputs) {
  pickColumns(inputs.at("x"), values.texts("columns"), {ColumnType::Text});
  return {{"y", inputs.at("x")}};
}

}  // namespace

BlockType text_normalize() {
  return {
      .schema =
          {.title = "Normalize text",
           .doc = "Takes away differences of writing that mean nothing for the task: characters that look alike get "
                  "one form, capital letters become small ones, white space becomes single blanks.",
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "table"}},
           .params = {columnsParam("text"),
                      {"form", "nfkc", Choices{"keep", "nfc", "nfkc"},
                       "Unicode form: nfc composes letters and accents; nfkc also makes ligatures, full-width letters "
                       "and the like plain"},
                      {"lower_case", true, {}, "make capital letters small"},
                      {"accents", true, {}, "keep accents; off: é becomes e"},
                      {"punctuation", true, {}, "keep punctuation and symbols; off: a blank in place of each"},
                      {"addresses", "keep", Choices{"keep", "mark", "remove"},
                       "web addresses: keep them, put the word URL in their place, or remove them"},
                      {"numbers", "keep", Choices{"keep", "mark", "remove"},
                       "numbers in digits: keep them, put the word NUMBER in their place, or remove them"},
                      {"single_spaces", true, {}, "white space as single blanks, none at the ends"}},
           .examples =
               {{.in_tables = {{"x", "t:text\n\"  Good   Morning \"\n"}},
                 .out_tables = {{"y", "t:text\ngood morning\n"}}},
                {.params = {{"addresses", "mark"}, {"numbers", "mark"}, {"punctuation", false}, {"accents", false}},
                 .in_tables = {{"x", "t:text\n\"Café: 3.5 of 5, see www.x.org!\"\n"}},
                 .out_tables = {{"y", "t:text\ncafe NUMBER of NUMBER see URL\n"}}}}},
      .make = make<TextNormalize>,
      .infer = inferTextNormalize};
}

}  // namespace blockyard::preprocessor
