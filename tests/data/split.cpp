// The split: exact shares, stable when rows come later, no group on two sides, and clear words where something is
// missing.
#include "data/split.hpp"

#include <QTest>
#include <map>
#include <set>

#include "base/random.hpp"
#include "checks.hpp"

namespace blockyard {

class SplitTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void random();
  void stratified();
  void order();
  void time();
  void group();
  void given();
  void folds();
  void mistakes();

 private:
  static int64_t count(const std::vector<Part>& parts, Part part) {
    return std::count(parts.begin(), parts.end(), part);
  }
};

void SplitTest::random() {
  const SplitSettings settings{.seed = 3};
  const std::vector<Part> parts = splitRows(settings, {.rows = 100000});
  // Within four deviations of the expectation.
  QVERIFY(std::abs(count(parts, Part::Test) - 15000) < 460);
  QVERIFY(std::abs(count(parts, Part::Validation) - 15000) < 460);
  // Rows that come later change nothing.
  const std::vector<Part> fewer = splitRows(settings, {.rows = 60000});
  QVERIFY(std::equal(fewer.begin(), fewer.end(), parts.begin()));
  QVERIFY(splitRows({.seed = 4}, {.rows = 100000}) != parts);
  // The test rows do not depend on the share of the validation.
  const std::vector<Part> other = splitRows({.validation_share = 0.3, .seed = 3}, {.rows = 100000});
  for (size_t i = 0; i < parts.size(); ++i) QVERIFY((parts[i] == Part::Test) == (other[i] == Part::Test));
}

void SplitTest::stratified() {
  std::vector<int64_t> classes;
  const KeyedRandom random(1);
  for (uint64_t i = 0; i < 20000; ++i)
    classes.push_back(random.uniform(i) < 0.02 ? 1 : random.uniform(i) < 0.5 ? 0 : 2);
  const auto rows = static_cast<int64_t>(classes.size());
  const SplitSettings settings{.how = "stratified", .validation_share = 0.2, .test_share = 0.1, .seed = 3};
  const std::vector<Part> parts = splitRows(settings, {.rows = rows, .classes = classes});
  for (int64_t c = 0; c < 3; ++c) {
    int64_t of_class = 0, test = 0, validation = 0;
    for (size_t i = 0; i < parts.size(); ++i) {
      if (classes[i] != c) continue;
      ++of_class;
      test += parts[i] == Part::Test;
      validation += parts[i] == Part::Validation;
    }
    QVERIFY(std::abs(static_cast<double>(test) - 0.1 * static_cast<double>(of_class)) <= 1);
    QVERIFY(std::abs(static_cast<double>(validation) - 0.2 * static_cast<double>(of_class)) <= 1.5);
  }
  // Three of a class: one to look at, two to train on. One alone trains.
  const std::vector<Part> few = splitRows({.how = "stratified", .seed = 3}, {.rows = 4, .classes = {0, 0, 0, 1}});
  QCOMPARE(count({few.begin(), few.begin() + 3}, Part::Train), 2);
  QVERIFY(few[3] == Part::Train);
}

void SplitTest::order() {
  const std::vector<Part> parts = splitRows({.how = "order", .validation_share = 0.2, .test_share = 0.1}, {.rows = 10});
  QVERIFY((parts == std::vector<Part>{Part::Train, Part::Train, Part::Train, Part::Train, Part::Train, Part::Train,
                                      Part::Train, Part::Validation, Part::Validation, Part::Test}));
}

void SplitTest::time() {
  Column column{.name = "when", .type = ColumnType::Time, .numbers = {5, 1, 4, 2, 3, 3, 9, 8, 7, 6}};
  const std::vector<Part> parts =
      splitRows({.how = "time", .validation_share = 0.2, .test_share = 0.2}, {.rows = 10, .column = &column});
  for (size_t i = 0; i < 10; ++i) {
    const double t = column.numbers[i];
    QVERIFY(parts[i] == (t <= 5 ? Part::Train : t <= 7 ? Part::Validation : Part::Test));
  }
  column.numbers[3] = kMissingNumber;
  VERIFY_CONTAINS(errorText([&] { splitRows({.how = "time"}, {.rows = 10, .column = &column}); }), "missing in row 4");
}

void SplitTest::group() {
  const KeyedRandom random(2);
  Column texts{.name = "who", .type = ColumnType::Text}, codes{.name = "who", .type = ColumnType::Category};
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) names.push_back("patient " + std::to_string(i));
  codes.classes = std::make_shared<const std::vector<std::string>>(names);
  for (uint64_t i = 0; i < 5000; ++i) {
    codes.codes.push_back(static_cast<int32_t>(random.below(i, 300)));
    texts.texts.push_back(names[static_cast<size_t>(codes.codes.back())]);
  }
  const SplitSettings settings{.how = "group", .seed = 5};
  const std::vector<Part> parts = splitRows(settings, {.rows = 5000, .column = &codes});
  QVERIFY(splitRows(settings, {.rows = 5000, .column = &texts}) == parts);
  std::map<int32_t, std::set<Part>> sides;
  for (size_t i = 0; i < parts.size(); ++i) sides[codes.codes[i]].insert(parts[i]);
  for (const auto& [code, side] : sides) QCOMPARE(side.size(), size_t{1});
  QVERIFY(count(parts, Part::Train) > 3000 && count(parts, Part::Test) > 400 && count(parts, Part::Validation) > 400);
  codes.codes[7] = kMissingCode;
  VERIFY_CONTAINS(errorText([&] { splitRows(settings, {.rows = 5000, .column = &codes}); }), "missing in row 8");
}

void SplitTest::given() {
  std::vector<Part> files(1000, Part::Train);
  files.resize(1500, Part::Test);
  const std::vector<Part> parts = splitRows({.how = "given", .validation_share = 0.2}, {.rows = 1500, .given = files});
  QCOMPARE(count(parts, Part::Test), 500);
  QVERIFY(std::abs(count(parts, Part::Validation) - 200) < 60);
  files[3] = Part::Validation;
  QVERIFY(splitRows({.how = "given"}, {.rows = 1500, .given = files}) == files);
}

void SplitTest::folds() {
  std::vector<int64_t> classes(900);
  for (size_t i = 0; i < classes.size(); ++i) classes[i] = i % 3 == 0;
  Column times{.name = "t", .type = ColumnType::Number};
  for (int i = 0; i < 900; ++i) times.numbers.push_back(i * 7 % 900);
  for (const char* how : {"random", "stratified", "order", "group"}) {
    std::vector<int> validated(900, 0);
    std::vector<Part> first;
    for (int64_t fold = 0; fold < 5; ++fold) {
      const SplitSettings settings{.how = how, .test_share = 0.1, .folds = 5, .fold = fold};
      const std::vector<Part> parts = splitRows(settings, {.rows = 900, .classes = classes, .column = &times});
      if (fold == 0) first = parts;
      for (size_t i = 0; i < parts.size(); ++i) {
        QVERIFY((parts[i] == Part::Test) == (first[i] == Part::Test));
        validated[i] += parts[i] == Part::Validation;
      }
      QVERIFY(count(parts, Part::Validation) > 100);
    }
    for (size_t i = 0; i < validated.size(); ++i) QCOMPARE(validated[i], first[i] == Part::Test ? 0 : 1);
  }
}

void SplitTest::mistakes() {
  VERIFY_CONTAINS(errorText([] { splitRows({.how = "group"}, {.rows = 5}); }), "needs a column");
  VERIFY_CONTAINS(errorText([] { splitRows({.how = "given"}, {.rows = 5}); }), "do not say which rows");
  VERIFY_CONTAINS(errorText([] { splitRows({.how = "stratified"}, {.rows = 5}); }), "needs a label");
  VERIFY_CONTAINS(errorText([] { splitRows({.validation_share = 0.5, .test_share = 0.5}, {.rows = 5}); }),
                  "leave nothing to train on");
  VERIFY_CONTAINS(errorText([] { splitRows({.folds = 3, .fold = 3}, {.rows = 5}); }), "got fold 3 of 3");
  const Column text{.name = "t", .type = ColumnType::Text, .texts = {"a"}};
  VERIFY_CONTAINS(errorText([&] { splitRows({.how = "time"}, {.rows = 1, .column = &text}); }),
                  "expected times or numbers");
  const std::vector<Part> parts = {Part::Train, Part::Test, Part::Train};
  VERIFY_CONTAINS(
      errorText([&] {
        checkClassesInTraining(parts, {0, 1, 0}, {"cat", "dog"});
      }),
      "the class \"dog\" has no training row, but 1 in validation and test (set training.split to stratified");
  checkClassesInTraining(parts, {0, 0, 1}, {"cat", "dog"});
  VERIFY_CONTAINS(errorText([] { checkPartsNotEmpty({Part::Test}); }), "no training rows");
}

}  // namespace blockyard

using blockyard::SplitTest;
QTEST_GUILESS_MAIN(SplitTest)
#include "split.moc"
