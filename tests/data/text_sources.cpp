// The sources of texts: lines of files, and folders of files.
#include <ATen/ATen.h>

#include <QTest>
#include <filesystem>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "csv_help.hpp"

namespace blockyard {

class TextSourcesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void plainLines();
  void classesByFile();
  void classesByField();
  void encodings();
  void manyLines();
  void predicting();
  void looks();
  void folders();
  void mistakes();
  void sentiment();

 private:
  std::unique_ptr<Source> open(const std::string& id, const Values& values, const Signatures* expected = nullptr,
                               bool all_files = true, int64_t most_rows = 0) {
    values_ = completeValues(blockType(id).schema.params, values);
    SourceSetup setup{.values = values_, .folder = folder_.path(), .expected = expected};
    setup.all_files = all_files;
    setup.most_rows = most_rows;
    auto source = blockType(id).open(setup);
    if (all_files && closed(blockType(id).peek(setup)) != closed(source->outputs())) throw Error({}, "peek differs");
    return source;
  }
  static Signatures closed(Signatures outputs) {
    for (auto& [port, signature] : outputs) signature.open = false;
    return outputs;
  }
  std::string problem(const Values& values, const std::string& id = "source/text_lines") {
    return errorText([&] { open(id, values); });
  }
  std::string file(const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path(folder_ / name).parent_path());
    return writeText(folder_ / name, bytes), name;
  }
  static std::string texts(Source& source) {
    std::string out;
    const Packet features = source.read(0, source.rows()).batch.packet("features");
    for (const auto& text : features.table().columns()[0]->texts) out += (out.empty() ? "" : "|") + text;
    return out;
  }
  static std::string labels(Source& source) {
    std::string out;
    const Packet target = source.read(0, source.rows()).batch.packet("target");
    for (int64_t i = 0; i < target.rows(); ++i) {
      const auto code = target.tensor()[i].item<int64_t>();
      out += (out.empty() ? "" : "|") + (code < 0 ? "?" : target.meaning().classes[static_cast<size_t>(code)]);
    }
    return out;
  }

  TestFolder folder_;
  Values values_;
};

void TextSourcesTest::plainLines() {
  const auto source = open("source/text_lines", {{"file", file("a.txt", "one\r\n\n  two words \nGrüße")}});
  QCOMPARE(source->rows(), 3);
  COMPARE_TEXT(texts(*source), "one|two words|Grüße");
  QVERIFY(source->outputs().count("target") == 0 && source->fingerprint().size() == 64);
  const Packet middle = source->readPort("features", 1, 9);
  COMPARE_TEXT(describe(middle.table()), "text:text|two words|Grüße");
  QCOMPARE(source->read(3, 5).batch.rows(), 0);
  const auto two = open("source/text_lines", {{"file", "a.txt"}, {"more_files", Texts{file("b.txt", "x\n")}}});
  COMPARE_TEXT(texts(*two), "one|two words|Grüße|x");
  QVERIFY(two->fingerprint() != source->fingerprint());
}

void TextSourcesTest::classesByFile() {
  file("good/rt.pos", "fine\nnice\n"), file("good/rt.neg", "bad\n");
  const Values values{{"file", "good/rt.pos"}, {"more_files", Texts{"good/rt.neg"}}, {"label", "file"}};
  const auto source = open("source/text_lines", values);
  COMPARE_TEXT(labels(*source), "pos|pos|neg");
  QVERIFY(source->outputs().at("target").classes == (Texts{"pos", "neg"}));
  Values named = values;
  named.set("class_names", Texts{"positive", "negative"});
  COMPARE_TEXT(labels(*open("source/text_lines", named)), "positive|positive|negative");
  file("sun.txt", "a\n"), file("rain.txt", "b\n");
  COMPARE_TEXT(
      labels(*open("source/text_lines", {{"file", "sun.txt"}, {"more_files", Texts{"rain.txt"}}, {"label", "file"}})),
      "sun|rain");
}

void TextSourcesTest::classesByField() {
  const auto end = open("source/text_lines", {{"file", file("a.txt", "a \"b\"\tc\t1\nd\t0\n")}, {"label", "field"}});
  COMPARE_TEXT(texts(*end), "a \"b\"\tc|d");
  COMPARE_TEXT(labels(*end), "1|0");
  QVERIFY(end->outputs().at("target").classes == (Texts{"0", "1"}));
  const auto start = open("source/text_lines", {{"file", file("b.txt", "spam, buy, now\nham, see you\n")},
                                                {"label", "field"},
                                                {"separator", ", "},
                                                {"label_at", "start"}});
  COMPARE_TEXT(texts(*start), "buy, now|see you");
  COMPARE_TEXT(labels(*start), "spam|ham");
}

void TextSourcesTest::encodings() {
  COMPARE_TEXT(texts(*open("source/text_lines", {{"file", file("a.txt", "caf\xe9 \x80\nna\xefve\n")}})),
               "café €|naïve");
  COMPARE_TEXT(texts(*open("source/text_lines", {{"file", file("b.txt", "\xEF\xBB\xBFone\n")}})), "one");
  COMPARE_TEXT(texts(*open("source/text_lines", {{"file", file("c.txt", std::string("\xFF\xFEh\0i\0\n\0", 8))}})),
               "hi");
  // Control character U+0085 and others are no ends of lines.
  COMPARE_TEXT(texts(*open("source/text_lines", {{"file", file("d.txt", "a\xc2\x85ö\n")}})), "a\xc2\x85ö");
  file("late.txt", std::string(3 << 20, 'a') + "\ncaf\xe9\n");
  VERIFY_CONTAINS(problem({{"file", "late.txt"}}), "late.txt:2:4: the byte 0xe9 is not UTF-8");
  QCOMPARE(open("source/text_lines", {{"file", "late.txt"}, {"encoding", "latin-1"}})->rows(), 2);
}

void TextSourcesTest::manyLines() {
  std::string all;
  for (int i = 0; i < 30000; ++i) all += "text number " + std::to_string(i) + "\t" + (i % 3 == 0 ? "a" : "b") + "\n";
  file("many.txt", all);
  values_ = completeValues(blockType("source/text_lines").schema.params, {{"file", "many.txt"}, {"label", "field"}});
  const auto whole = open("source/text_lines", values_);
  const auto spooled =
      blockType("source/text_lines").open({.values = values_, .folder = folder_.path(), .memory_budget = 1 << 16});
  QCOMPARE(whole->rows(), 30000);
  COMPARE_TEXT(whole->readPort("features", 29999, 1).table().columns()[0]->texts[0], "text number 29999");
  COMPARE_TEXT(texts(*spooled), texts(*whole));
  QVERIFY(spooled->readPort("target", 0, 30000).tensor().equal(whole->readPort("target", 0, 30000).tensor()));
}

void TextSourcesTest::predicting() {
  file("a.txt", "a\tno\nb\tyes\n");
  const Values values{{"file", "a.txt"}, {"label", "field"}};
  const Signatures trained = open("source/text_lines", values)->outputs();
  file("a.txt", "new text\n");
  const auto bare = open("source/text_lines", values, &trained, false);
  COMPARE_TEXT(texts(*bare), "new text");
  QVERIFY(bare->outputs().count("target") == 0);
  file("a.txt", "new text\tyes\nanother\tnever seen\nthird\n");
  const auto judged = open("source/text_lines", values, &trained, false);
  COMPARE_TEXT(texts(*judged), "new text|another|third");
  COMPARE_TEXT(labels(*judged), "yes|?|?");
  // A file that stands for a class says nothing about new texts.
  file("x.pos", "a\n"), file("x.neg", "b\n");
  const Values by_file{{"file", "x.pos"}, {"more_files", Texts{"x.neg"}}, {"label", "file"}};
  const Signatures two = open("source/text_lines", by_file)->outputs();
  QVERIFY(open("source/text_lines", by_file, &two, false)->outputs().count("target") == 0);
  COMPARE_TEXT(labels(*open("source/text_lines", by_file, &two)), "pos|neg");
}

void TextSourcesTest::looks() {
  std::string all;
  for (int i = 0; i < 20000; ++i) all += "line\t" + std::to_string(i % 2) + "\n";
  file("a.txt", all);
  const auto look = open("source/text_lines", {{"file", "a.txt"}, {"label", "field"}}, nullptr, true, 100);
  QCOMPARE(look->rows(), 10000);
  QVERIFY(look->outputs().at("target").open);
  const auto both = blockType("source/text_lines");
  file("b.txt", all);
  values_ = completeValues(both.schema.params, {{"file", "a.txt"}, {"more_files", Texts{"b.txt"}}, {"label", "file"}});
  const Signatures seen = both.peek({.values = values_, .folder = folder_.path()});
  QVERIFY(!seen.at("target").open && seen.at("target").classes == (Texts{"a", "b"}));
}

void TextSourcesTest::folders() {
  file("mail/spam/2.txt", "buy\nnow\n"), file("mail/spam/1.txt", "win"), file("mail/ham/old/3.txt", "see you");
  file("mail/ham/picture.png", "x"), file("mail/ham/.hidden.txt", "x");
  const auto source = open("source/text_folder", {{"folder", "mail"}});
  COMPARE_TEXT(texts(*source), "see you|win|buy\nnow\n");
  COMPARE_TEXT(labels(*source), "ham|spam|spam");
  const std::string print = source->fingerprint();
  const Signatures trained = source->outputs();
  QCOMPARE(open("source/text_folder", {{"folder", "mail"}, {"endings", Texts{}}})->rows(), 4);
  const auto plain = open("source/text_folder", {{"folder", "mail"}, {"label", "none"}});
  QVERIFY(plain->rows() == 3 && plain->outputs().count("target") == 0);
  // One file to predict, or a folder of them, with or without classes.
  COMPARE_TEXT(texts(*open("source/text_folder", {{"folder", "mail/spam/1.txt"}}, &trained, false)), "win");
  QVERIFY(open("source/text_folder", {{"folder", "mail/spam"}}, &trained, false)->outputs().count("target") == 0);
  COMPARE_TEXT(labels(*open("source/text_folder", {{"folder", "mail"}}, &trained, false)), "ham|spam|spam");
  file("mail/spam/1.txt", "won");
  QVERIFY(open("source/text_folder", {{"folder", "mail"}})->fingerprint() != print);
  VERIFY_CONTAINS(problem({{"folder", "none"}}, "source/text_folder"), "there is no such folder");
  VERIFY_CONTAINS(problem({{"folder", "mail/spam/1.txt"}}, "source/text_folder"), "source/text_lines reads");
  VERIFY_CONTAINS(problem({{"folder", "mail/spam"}}, "source/text_folder"), "texts in folders, one for each class");
  VERIFY_CONTAINS(problem({{"folder", "mail"}, {"endings", Texts{"md"}}}, "source/text_folder"),
                  "there are no such files");
  std::filesystem::remove_all(folder_ / "mail/ham");
  VERIFY_CONTAINS(problem({{"folder", "mail"}}, "source/text_folder"), "every text is of the class \"spam\"");
}

void TextSourcesTest::mistakes() {
  VERIFY_CONTAINS(problem({}), "parameter file: no file is named");
  VERIFY_CONTAINS(problem({{"file", "none.txt"}}), "cannot open");
  VERIFY_CONTAINS(problem({{"file", file("empty.txt", "")}}), "there are no texts: the file is empty");
  VERIFY_CONTAINS(problem({{"file", file("blank.txt", "\n \n")}}), "there are no texts");
  VERIFY_CONTAINS(problem({{"file", file("a.bin", std::string("ab\0c\n", 5))}}),
                  "a.bin:1:3: expected text, got a byte");
  VERIFY_CONTAINS(problem({{"file", file("utf8.txt", "Grüße und gr\xfc\xdf\n")}}), "is not UTF-8");
  file("a.txt", "one\tx\ntwo\n");
  VERIFY_CONTAINS(problem({{"file", "a.txt"}, {"label", "field"}}),
                  "a.txt:2: expected a text, the separator and a label");
  VERIFY_CONTAINS(problem({{"file", file("b.txt", "one\tx\ntwo\tx\n")}, {"label", "field"}}),
                  "every text is of the class \"x\"");
  VERIFY_CONTAINS(problem({{"file", "a.txt"}, {"label", "file"}}), "expected the files of the other classes");
  VERIFY_CONTAINS(
      problem({{"file", "a.txt"}, {"more_files", Texts{"b.txt"}}, {"label", "file"}, {"class_names", Texts{"a"}}}),
      "expected 2 names, one for each file, got 1");
  VERIFY_CONTAINS(problem({{"file", "a.txt"}, {"label", "field"}, {"separator", ""}}), "at least one character");
}

// The real files, where they are at hand.
void TextSourcesTest::sentiment() {
  const std::string folder = qgetenv("BLOCKYARD_DATA").toStdString();
  if (!std::filesystem::exists(folder + "/rt-polarity/rt-polarity.pos")) return;
  const auto reviews = open("source/text_lines", {{"file", folder + "/rt-polarity/rt-polarity.neg"},
                                                  {"more_files", Texts{folder + "/rt-polarity/rt-polarity.pos"}},
                                                  {"label", "file"}});
  QCOMPARE(reviews->rows(), 2 * 5331);
  QVERIFY(reviews->outputs().at("target").classes == (Texts{"neg", "pos"}));
  const auto sentences =
      open("source/text_lines", {{"file", folder + "/sentiment-sentences/imdb_labelled.txt"}, {"label", "field"}});
  QCOMPARE(sentences->rows(), 1000);
  QCOMPARE(sentences->readPort("target", 0, 1000).tensor().sum().item<int64_t>(), 500);
}

}  // namespace blockyard

using blockyard::TextSourcesTest;
QTEST_GUILESS_MAIN(TextSourcesTest)
#include "text_sources.moc"
