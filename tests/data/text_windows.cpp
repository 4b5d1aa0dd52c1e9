// A long text as windows of text and the word that follows.
#include <ATen/ATen.h>

#include <QTest>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "csv_help.hpp"

namespace blockyard {

class TextWindowsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void windowsEndBetweenWords();
  void everyWordIsInOneWindow();
  void predicting();
  void mistakes();

 private:
  std::unique_ptr<Source> open(const std::string& text, int64_t length, const Signatures* expected = nullptr,
                               int64_t most_rows = 0) {
    writeText(folder_ / "t.txt", text);
    values_ = completeValues(blockType("source/text_windows").schema.params, {{"file", "t.txt"}, {"length", length}});
    SourceSetup setup{.values = values_, .folder = folder_.path(), .expected = expected, .most_rows = most_rows};
    setup.all_files = expected == nullptr;
    return blockType("source/text_windows").open(setup);
  }
  static Texts texts(Source& source, const std::string& port) {
    return source.read(0, source.rows()).batch.table(port).columns().at(0)->texts;
  }

  TestFolder folder_;
  Values values_;
};

void TextWindowsTest::windowsEndBetweenWords() {
  const auto source = open("übel or so\nwhatever it is", 4);  // words at 0, 5, 8, 11, 20 and 23
  QVERIFY((texts(*source, "text") == Texts{"übel ", "or ", "so\nwhatever "}));
  QVERIFY((texts(*source, "text_after") == Texts{"or", "so", "it"}));
  const RowSpans spans = source->spans();
  QVERIFY((spans.first == std::vector<double>{0, 5, 8}) && (spans.last == std::vector<double>{5, 8, 20}));
  const Packet one = source->readPort("text", 1, 1);
  QVERIFY((one.table().columns().at(0)->texts == Texts{"or "}));
  QVERIFY((texts(*open("übel or so\nwhatever it is", 4, nullptr, 2), "text") == Texts{"übel ", "or "}));
}

void TextWindowsTest::everyWordIsInOneWindow() {
  std::string text;
  for (int i = 0; i < 500; ++i)
    text += std::string(static_cast<size_t>(i * i % 11 + 1), 'x') + (i % 7 == 0 ? "\n\n" : " ");
  for (const int64_t length : {1, 5, 30, 400}) {
    const auto source = open(text, length);
    std::string joined;
    for (const std::string& window : texts(*source, "text")) joined += window;
    QVERIFY(text.starts_with(joined));  // the last window is only what follows
    const Texts after = texts(*source, "text_after");
    QVERIFY(text.substr(joined.size()).starts_with(after.back()));
    QVERIFY(length < 30 ||
            std::abs(static_cast<double>(joined.size()) / static_cast<double>(source->rows() * length) - 1) < 0.05);
  }
}

void TextWindowsTest::predicting() {
  const Signatures trained = open("one two three four", 4)->outputs();
  const auto next = open("one two three four", 8, &trained);
  QVERIFY(next->outputs().count("text_after") == 0);
  QVERIFY((texts(*next, "text") == Texts{"two three ", "four\n"}));  // counted from the end: "ne two three four\n"
  QVERIFY((texts(*open("one", 8, &trained), "text") == Texts{"one\n"}));
}

void TextWindowsTest::mistakes() {
  VERIFY_CONTAINS(errorText([&] { open("", 3); }), "expected at least two windows, got a text of 0 characters");
  VERIFY_CONTAINS(errorText([&] { open("abc", 3); }), "expected at least two windows, got a text of 4 characters");
  VERIFY_CONTAINS(errorText([&] { open(std::string("a\0c", 3), 1); }), "this seems to be no text file");
  const Signatures trained = open("one two three four", 4)->outputs();
  VERIFY_CONTAINS(errorText([&] { open(" \n", 3, &trained); }), "expected a text to go on from, got white space");
}

}  // namespace blockyard

using blockyard::TextWindowsTest;
QTEST_GUILESS_MAIN(TextWindowsTest)
#include "text_windows.moc"
