// A long text as windows of tokens and what comes next.
#include <ATen/ATen.h>

#include <QTest>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "csv_help.hpp"

namespace blockyard {

class LongTextTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void characters();
  void bytes();
  void predicting();
  void mistakes();

 private:
  std::unique_ptr<Source> open(const std::string& text, Values values, const Signatures* expected = nullptr,
                               bool all_files = true) {
    writeText(folder_ / "t.txt", text);
    values.set("file", "t.txt");
    values_ = completeValues(blockType("source/long_text").schema.params, values);
    SourceSetup setup{.values = values_, .folder = folder_.path(), .expected = expected};
    setup.all_files = all_files;
    return blockType("source/long_text").open(setup);
  }
  static at::Tensor codes(const std::vector<int64_t>& values, int64_t length) {
    return at::tensor(values, at::kLong).view({-1, length});
  }

  TestFolder folder_;
  Values values_;
};

void LongTextTest::characters() {
  const auto source = open("abca\nbü", {{"length", 2}, {"stride", 2}});
  // (padding), (unknown), U+10, a, b, c, ü: a 3, b 4, c 5, ü 6, the end of a line 2
  QVERIFY((source->outputs().at("target").classes == Texts{"(padding)", "(unknown)", "U+10", "a", "b", "c", "ü"}));
  const Chunk all = source->read(0, 9);
  QVERIFY(all.batch["tokens"].equal(codes({3, 4, 5, 3, 2, 4}, 2)));
  QVERIFY(all.batch["target"].equal(at::tensor({5, 2, 6}, at::kLong)));
  QVERIFY(source->readPort("tokens", 1, 1).tensor().equal(codes({5, 3}, 2)));
  const RowSpans spans = source->spans();
  QVERIFY((spans.first == std::vector<double>{0, 2, 4}) && (spans.last == std::vector<double>{2, 4, 6}));
  const auto rare = open("abca\nbü", {{"length", 2}, {"min_count", 2}});
  QVERIFY(rare->read(0, 1).batch["target"].equal(at::tensor({1}, at::kLong)));  // c stands once
}

void LongTextTest::bytes() {
  const auto source = open("aü", {{"tokens", "bytes"}, {"length", 1}});
  QCOMPARE(source->outputs().at("target").classes.size(), size_t{258});
  QVERIFY(source->read(0, 9).batch["tokens"].equal(codes({'a' + 2, 0xc3 + 2}, 1)));
  QVERIFY(source->read(0, 9).batch["target"].equal(at::tensor({0xc3 + 2, 0xbc + 2}, at::kLong)));
}

void LongTextTest::predicting() {
  const Values values{{"length", 3}};
  const Signatures trained = open("abcabcabc", values)->outputs();
  const auto next = open("xbc a", values, &trained, false);
  QVERIFY(next->outputs().count("target") == 0);
  QVERIFY(next->read(0, 9).batch["tokens"].equal(codes({4, 1, 2}, 3)));  // "c a": there was no blank
  QVERIFY(open("b", values, &trained, false)->read(0, 9).batch["tokens"].equal(codes({3, 0, 0}, 3)));
  QCOMPARE(open("abcabcabc", values, &trained)->outputs().count("target"), size_t{1});
}

void LongTextTest::mistakes() {
  VERIFY_CONTAINS(errorText([&] { open("", {{"length", 3}}); }), "expected at least 4 characters, got 0");
  VERIFY_CONTAINS(errorText([&] { open("abc", {{"length", 3}}); }), "expected at least 4 characters, got 3");
  VERIFY_CONTAINS(errorText([&] { open(std::string("a\0c", 3), {{"length", 1}}); }), "this seems to be no text file");
}

}  // namespace blockyard

using blockyard::LongTextTest;
QTEST_GUILESS_MAIN(LongTextTest)
#include "long_text.moc"
