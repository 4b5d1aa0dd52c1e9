// Blocks for texts against scikit-learn, Python and SentencePiece (tests/reference/texts.py), and what they say of bad
// input.
#include <ATen/ATen.h>
#include <dlfcn.h>

#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>

#include "blocks/columns.hpp"
#include "blocks/example.hpp"
#include "blocks/terms.hpp"
#include "checks.hpp"
#include "try_block.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

const Json& reference() {
  static const Json kAll = Json::parse(std::ifstream(BLOCKYARD_TEST_DIR "/blocks/texts_reference.json"));
  return kAll;
}

Table textsOf(const Json& texts) {
  Column column{.name = "text", .type = ColumnType::Text};
  for (const auto& text : texts) column.texts.push_back(text.get<std::string>());
  return Table({std::make_shared<const Column>(std::move(column))});
}

// The block fitted on the training texts, what it makes of others.
Batch applied(const std::string& id, const Values& params, const Table& later) {
  const Table train = textsOf(reference().at("train"));
  return predicted(*fittedBlock(id, params, {{"x", signatureOf(train)}}, {{"x", train}}), {{"x", later}});
}

std::string refusal(const std::string& id, const Values& params, const std::string& csv) {
  const Table table = tableFromText(csv);
  return errorText([&] {
    predicted(*fittedBlock(id, params, {{"x", signatureOf(table)}}, {{"x", table}}), {{"x", table}});
  });
}

double farthest(const at::Tensor& got, const Json& rows) {
  double far = 0;
  for (size_t r = 0; r < rows.size(); ++r)
    for (size_t c = 0; c < rows[r].size(); ++c) {
      const double value = got[static_cast<int64_t>(r)][static_cast<int64_t>(c)].item<double>();
      far = std::max(far, std::abs(value - rows[r][c].get<double>()));
    }
  return far;
}

}  // namespace

class TextsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  // Two libraries have a variable of this name, of 32 and of 4 bytes: the large one must be the one that both see.
  void sentencePieceWritesToItsOwn() {
    void* const flag = dlsym(RTLD_DEFAULT, "FLAGS_minloglevel");
    Dl_info place{};
    QVERIFY(flag != nullptr && dladdr(flag, &place) != 0);
    QVERIFY2(std::string(place.dli_fname).find("libsentencepiece") != std::string::npos, place.dli_fname);
  }
  void tfIdfAsScikitLearn();
  void hashesAsScikitLearn();
  void normalizesAsPython();
  void tokens();
  void whatFollowsIsATarget();
  void wordsMayBeOfAnyLength();
  void addressesInAnyCase();
  void longTextsAreCut();
  void anyChunkSizeGivesTheSame();
  void rareTermsAreForgotten();
  void tokenNoiseBelongsToTheRow();
  void mistakes();
};

void TextsTest::tfIdfAsScikitLearn() {
  for (const auto& one : reference().at("tf_idf")) {
    const Values params = valuesFromJson(one.at("params"));
    const Packet got = applied("preprocessor/tf_idf", params, textsOf(reference().at("later"))).packet("y");
    const auto terms = one.at("terms").get<Texts>();
    if (params.has("max_features")) {  // of equally frequent ones scikit-learn takes any
      QCOMPARE(got.tensor().size(1), 1);
      continue;
    }
    QVERIFY2(got.meaning().columns == terms, one.at("params").dump().c_str());
    QVERIFY2(farthest(got.tensor(), one.at("rows")) < 1e-6, one.at("params").dump().c_str());
  }
}

void TextsTest::hashesAsScikitLearn() {
  for (const auto& one : reference().at("hash_features")) {
    const Batch got =
        applied("preprocessor/hash_features", valuesFromJson(one.at("params")), textsOf(reference().at("later")));
    QCOMPARE(got["y"].size(1), static_cast<int64_t>(one.at("rows")[0].size()));
    QVERIFY2(farthest(got["y"], one.at("rows")) < 1e-6, one.at("params").dump().c_str());
  }
}

void TextsTest::normalizesAsPython() {
  for (const auto& one : reference().at("normalize")) {
    const Batch got =
        applied("preprocessor/text_normalize", valuesFromJson(one.at("params")), textsOf(reference().at("odd")));
    for (size_t i = 0; i < one.at("texts").size(); ++i)
      COMPARE_TEXT(one.at("params").dump() + got.table("y").columns()[0]->texts[i],
                   one.at("params").dump() + one.at("texts")[i].get<std::string>());
  }
}

void TextsTest::tokens() {
  for (const auto& one : reference().at("tokenize")) {
    Values params = valuesFromJson(one.at("params"));
    params.set("length", 80);
    const at::Tensor got = applied("preprocessor/tokenize", params, textsOf(reference().at("later")))["tokens"];
    for (size_t row = 0; row < one.at("codes").size(); ++row) {
      auto codes = one.at("codes")[row].get<std::vector<int64_t>>();
      codes.resize(80, 0);
      const at::Tensor expected = at::tensor(codes, at::kLong);
      QVERIFY2(got[static_cast<int64_t>(row)].equal(expected),
               c10::str(one.at("params").dump(), " row ", row, "\nexpected ", expected.view({1, 80}), "\ngot ",
                        got[static_cast<int64_t>(row)].view({1, 80}))
                   .c_str());
    }
  }
}

// Nothing is learned of the texts that follow; their first tokens are classes.
void TextsTest::whatFollowsIsATarget() {
  const Table train = textsOf(reference().at("train")), other = textsOf(reference().at("odd"));
  for (const char* method : {"bpe", "unigram", "words", "characters"}) {
    const Values params{{"method", method}, {"vocabulary", 60}};
    const Signatures inputs{{"x", signatureOf(train)}, {"after", signatureOf(other)}};
    const auto block = fittedBlock("preprocessor/tokenize", params, inputs, {{"x", train}, {"after", other}});
    const auto alone = fittedBlock("preprocessor/tokenize", params, inputs, {{"x", train}});
    const Batch got = predicted(*block, {{"x", train}, {"after", train}});
    QVERIFY(got["tokens"].equal(predicted(*alone, {{"x", train}})["tokens"]));
    QVERIFY(!predicted(*alone, {{"x", train}}).has("next"));
    const at::Tensor first = got["tokens"].select(1, 0);
    QVERIFY(got["next"].equal(at::where(first == 0, at::ones_like(first), first)));  // of no text, the unknown token
    const Texts& classes = got.packet("next").meaning().classes;
    const Texts again = predicted(*alone, {{"x", train}, {"after", train}}).packet("next").meaning().classes;
    QVERIFY(classes == again && static_cast<int64_t>(classes.size()) > got["next"].max().item<int64_t>());
    if (std::string(method) == "words") COMPARE_TEXT(classes[0] + classes[1] + classes[2], "(padding)(unknown),");
  }
}

void TextsTest::wordsMayBeOfAnyLength() {
  const Table texts = textsOf({std::string(70'000, 'a'), std::string(40'000, 'b') + " c"});
  const auto block = fittedBlock("preprocessor/tokenize", {{"method", "bpe"}, {"vocabulary", 20}, {"length", 4}},
                                 {{"x", signatureOf(texts)}}, {{"x", texts}});
  QVERIFY((predicted(*block, {{"x", texts}})["tokens"] > 1).any().item<bool>());
}

void TextsTest::addressesInAnyCase() {
  const Table texts = textsOf({"see HTTPS://A.B/c and Www.x.org or http://a.b"});
  COMPARE_TEXT(applied("preprocessor/text_normalize", {{"addresses", "mark"}}, texts).table("y").columns()[0]->texts[0],
               "see URL and URL or URL");
}

void TextsTest::longTextsAreCut() {
  const Table texts = textsOf({"a b c d", "e"});
  const auto with = [&](const Values& params) {
    return predicted(*fittedBlock("preprocessor/tokenize", params, {{"x", signatureOf(texts)}}, {{"x", texts}}),
                     {{"x", texts}})["tokens"];
  };
  QVERIFY(with({{"length", 2}}).equal(at::tensor({2, 3, 6, 0}, at::kLong).view({2, 2})));
  QVERIFY(with({{"length", 2}, {"truncate", "start"}}).equal(at::tensor({4, 5, 6, 0}, at::kLong).view({2, 2})));
  QVERIFY(with({{"length", 2}, {"vocabulary", 3}}).equal(at::tensor({2, 1, 1, 0}, at::kLong).view({2, 2})));
}

void TextsTest::anyChunkSizeGivesTheSame() {
  const Table train = textsOf(reference().at("train"));
  const auto same = [&](const std::string& id, const Values& params) {
    const auto whole = fittedBlock(id, params, {{"x", signatureOf(train)}}, {{"x", train}})->state();
    for (const int64_t rows : {1, 3}) {
      const auto parts = fittedBlock(id, params, {{"x", signatureOf(train)}}, {{"x", train}}, rows)->state();
      for (const auto& [name, tensor] : whole.tensors)
        QVERIFY2(tensor.equal(parts.tensors.at(name)), (id + " " + name).c_str());
    }
  };
  same("preprocessor/tf_idf", {});
  same("preprocessor/tokenize", {});
  same("preprocessor/tokenize", {{"method", "bpe"}, {"vocabulary", 90}, {"sample", 6}});
  same("preprocessor/tokenize", {{"method", "unigram"}, {"vocabulary", 90}});
}

void TextsTest::rareTermsAreForgotten() {
  TermCounts counts(4);
  for (int text = 0; text < 100; ++text) {
    counts.add("often");
    counts.add("often");
    counts.add("rare " + std::to_string(text));
    counts.endText();
  }
  const auto terms = counts.terms();
  QVERIFY(terms.size() <= 4 && terms.front().text == "often" && terms.front().count == 200 &&
          terms.front().texts == 100);
}

void TextsTest::tokenNoiseBelongsToTheRow() {
  const at::Tensor x = at::arange(2, 2002, at::kLong).view({2, 1000}).clone();
  x.narrow(1, 900, 100).zero_();  // padding
  const auto changed = [&](const Values& params, int64_t epoch, const at::Tensor& rows, const at::Tensor& ids) {
    const auto block =
        madeBlock("preprocessor/token_noise", params, {{"x", {.element = Element::Int64, .shape = {"N", 1000}}}});
    Step step(true, KeyedRandom(1), ids, epoch);
    return block->forward({{"x", rows}}, step)["y"];
  };
  const at::Tensor ids = at::tensor({7, 9}, at::kLong);
  const Values drop{{"dropout", 0.25}}, erase{{"dropout", 0.0}, {"deletion", 0.25}},
      swap{{"dropout", 0.0}, {"swap", 0.25}};
  const at::Tensor dropped = changed(drop, 0, x, ids);
  const auto count = [](const at::Tensor& which) { return which.sum().item<int64_t>(); };
  QVERIFY(std::abs(count(dropped.eq(1)) - 450) < 60 && count(dropped.ne(x)) == count(dropped.eq(1)));
  // The same for a row wherever it stands, another in the next epoch.
  QVERIFY(dropped[1].equal(changed(drop, 0, x.narrow(0, 1, 1), ids.narrow(0, 1, 1))[0]));
  QVERIFY(!dropped.equal(changed(drop, 1, x, ids)));
  const at::Tensor erased = changed(erase, 0, x, ids);
  QVERIFY(std::abs(count(erased.eq(0)) - 650) < 60);
  const at::Tensor left = erased[0].slice(0, 0, count(erased[0].ne(0)));
  QVERIFY(left.diff().gt(0).all().item<bool>());  // in order, without holes
  const at::Tensor swapped = changed(swap, 0, x, ids);
  QVERIFY(!swapped.equal(x) && std::get<0>(swapped.sort(1)).equal(std::get<0>(x.sort(1))));
  QVERIFY(swapped.slice(1, 900).eq(0).all().item<bool>());
  // A row never becomes empty.
  QCOMPARE(count(changed({{"deletion", 1.0}, {"dropout", 0.0}}, 0, x, ids).ne(0)), int64_t{2});
  QCOMPARE(count(changed({{"deletion", 1.0}}, 0, at::zeros_like(x), ids).ne(0)), int64_t{0});
}

void TextsTest::mistakes() {
  for (const std::string id : {"preprocessor/tf_idf", "preprocessor/hash_features", "preprocessor/tokenize"}) {
    VERIFY_CONTAINS(refusal(id, {}, "a\n1\n"), "x: expected a column of texts, got none");
    VERIFY_CONTAINS(refusal(id, {}, "a:text,b:text\nx,y\n"),
                    "several columns of texts: \"a\", \"b\" (name one of them)");
    VERIFY_CONTAINS(refusal(id, {{"column", "texts"}}, "text:text\nx\n"), "did you mean \"text\"?");
    QVERIFY(refusal(id, {{"column", "a"}}, "a:category,b:text\none two,y\n").empty());
  }
  VERIFY_CONTAINS(refusal("preprocessor/tf_idf", {}, "t:text\na\n"), "no term of the training texts is left");
  VERIFY_CONTAINS(refusal("preprocessor/tf_idf", {{"ngrams", Integers{3, 2}}}, "t:text\nword\n"),
                  "expected the shortest and the longest n-gram");
  VERIFY_CONTAINS(refusal("preprocessor/tokenize", {}, "t:text\n\"\"\n"), "no token of the training texts is left");
  VERIFY_CONTAINS(refusal("preprocessor/tokenize", {{"method", "bpe"}}, "t:text\n\"\"\n"),
                  "every training text is empty");
  VERIFY_CONTAINS(refusal("preprocessor/tokenize", {{"method", "unigram"}, {"vocabulary", 4}}, "t:text\nabcdefg\n"),
                  "vocabulary: expected at least 10, one for each character that occurs, got 4");
}

QTEST_GUILESS_MAIN(TextsTest)
#include "texts.moc"
