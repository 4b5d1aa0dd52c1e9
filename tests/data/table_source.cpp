// The table source: features and target told apart, checked, and the same for any chunk size.
#include <ATen/ATen.h>

#include <QTest>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "csv_help.hpp"

namespace blockyard {

class TableSourceTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void label();
  void positive();
  void target();
  void givenParts();
  void peekKnowsTheSame();
  void predicting();
  void chunks();
  void mistakes();

 private:
  std::unique_ptr<Source> open(Values values, const Signatures* expected = nullptr) {
    values_ = completeValues(blockType("source/table").schema.params, values);
    return blockType("source/table").open({.values = values_, .folder = folder_.path(), .expected = expected});
  }
  std::string problem(const Values& values) {
    return errorText([&] { open(values); });
  }
  std::string file(const std::string& text, const std::string& name = "t.csv") {
    return writeText(folder_ / name, text), name;
  }

  TestFolder folder_;
  Values values_;
};

void TableSourceTest::label() {
  const auto source = open({{"file", file("a,kind,b\n1,cat,x\n2,dog,y\n,ant,x\n")}, {"target", Texts{"kind"}}});
  QCOMPARE(source->rows(), 3);
  const Signature &features = source->outputs().at("features"), &target = source->outputs().at("target");
  QVERIFY(features.columns.size() == 2 && features.columns[1].classes == (std::vector<std::string>{"x", "y"}) &&
          !features.open);
  QVERIFY(target.kind == Wire::Label && target.element == Element::Int64);
  QVERIFY((target.classes == std::vector<std::string>{"ant", "cat", "dog"}));
  const Chunk chunk = source->read(1, 100);
  QCOMPARE(chunk.first_row, 1);
  COMPARE_TEXT(describe(chunk.batch.table("features")), "a:number b:category|2;y|;x");
  QVERIFY(chunk.batch["target"].equal(at::tensor({2, 0}, at::kLong)));
  QVERIFY(chunk.batch.packet("target").meaning().classes == target.classes);
  // Numbers as classes, if that is wanted.
  const auto numbers =
      open({{"file", file("a,y\n1,10\n2,9\n3,10\n")}, {"target", Texts{"y"}}, {"target_kind", "label"}});
  QVERIFY((numbers->outputs().at("target").classes == std::vector<std::string>{"9", "10"}));
  QVERIFY(numbers->read(0, 3).batch["target"].equal(at::tensor({1, 0, 1}, at::kLong)));
}

// Some classes against all others; when predicting a class that was never seen is one of the others.
void TableSourceTest::positive() {
  const Values values{
      {"file", file("a,y\n1,NO\n2,<30\n3,>30\n4,NO\n")}, {"target", Texts{"y"}}, {"positive", Texts{"<30"}}};
  const auto source = open(values);
  QCOMPARE(source->outputs().at("target").classes, (Texts{"other", "<30"}));
  QVERIFY(source->read(0, 4).batch["target"].equal(at::tensor({0, 1, 0, 0}, at::kLong)));
  const Signatures known = source->outputs();
  Values later = values;
  later.set("file", file("a,y\n1,NEW\n2,<30\n3,\n", "later.csv"));
  QVERIFY(open(later, &known)->read(0, 3).batch["target"].equal(at::tensor({0, 1, -1}, at::kLong)));
  later.set("positive", Texts{"<3"});
  COMPARE_TEXT(problem({{"file", "t.csv"}, {"target", Texts{"y"}}, {"positive", Texts{"<3"}}}),
               "parameter positive: the target has no class \"<3\" (did you mean \"<30\"?)");
}

void TableSourceTest::target() {
  const auto source = open({{"file", file("a,y\n1,2.5\n2,3\n")}, {"target", Texts{"y"}}, {"unit", "USD"}});
  const Signature& target = source->outputs().at("target");
  QVERIFY(target.kind == Wire::Target && target.shape == Shape{"N"} && target.unit == "USD");
  QVERIFY(source->read(0, 2).batch["target"].equal(at::tensor({2.5F, 3.0F})));
  QVERIFY(source->read(0, 2).batch.packet("target").meaning().columns == std::vector<std::string>{"y"});
  const auto two = open({{"file", file("a,y,z\n1,2.5,true\n2,3,false\n")}, {"target", Texts{"z", "y"}}});
  QVERIFY((two->outputs().at("target").shape == Shape{"N", 2}));
  QVERIFY(two->read(0, 2).batch["target"].equal(at::tensor({1.0F, 2.5F, 0.0F, 3.0F}).view({2, 2})));
  const auto none = open({{"file", file("a,y\n1,2.5\n2,3\n")}});
  QVERIFY(none->outputs().count("target") == 0 && none->outputs().at("features").columns.size() == 2);
  const auto dropped =
      open({{"file", file("a,y\n1,2.5\n2,\n3,4\n")}, {"target", Texts{"y"}}, {"missing_target", "drop"}});
  COMPARE_TEXT(describe(dropped->read(0, 9).batch.table("features")), "a:number|1|3");
}

void TableSourceTest::givenParts() {
  const auto source = open({{"file", file("a,k,y\n1,p,1\n2,q,2\n")},
                            {"validation_file", file("y,a,k\n4,3,p\n", "v.csv")},
                            {"test_file", file("a;k;y\n5;r;6\n", "s.csv")},
                            {"target", Texts{"y"}}});
  QVERIFY((source->givenParts() == std::vector<Part>{Part::Train, Part::Train, Part::Validation, Part::Test}));
  COMPARE_TEXT(describe(source->read(0, 4).batch.table("features")), "a:number k:category|1;p|2;q|3;p|5;r");
  QCOMPARE(source->fingerprint().size(), size_t{64});
  COMPARE_TEXT(describe(source->splitColumns({"y"})), "y:number|1|2|4|6");
  VERIFY_CONTAINS(errorText([&] { source->splitColumns({"kk"}); }), "did you mean \"k\"?");
  VERIFY_CONTAINS(problem({{"file", file("a,y\n1,2\n2,3\n")}, {"test_file", file("b,y\n1,2\n", "s.csv")}}),
                  "s.csv:1: there is no column \"a\"");
  VERIFY_CONTAINS(problem({{"file", "t.csv"}, {"test_file", "gone.csv"}}), "test_file");
  // The target is a column like the others there.
  for (const char* role : {"validation_file", "test_file"})
    VERIFY_CONTAINS(problem({{"file", "t.csv"}, {role, file("a\n1\n", "s.csv")}, {"target", Texts{"y"}}}),
                    "s.csv:1: there is no column \"y\"");
}

void TableSourceTest::peekKnowsTheSame() {
  values_ = completeValues(blockType("source/table").schema.params,
                           {{"file", file("a,kind,b\n1,cat,x\n2,dog,y\n")}, {"target", Texts{"kind"}}});
  const SourceSetup setup{.values = values_, .folder = folder_.path()};
  QVERIFY(blockType("source/table").peek(setup) == blockType("source/table").open(setup)->outputs());
  std::string text = "a,c\n";
  for (int i = 0; i < 400000; ++i) text += std::to_string(i) + ",x\n";
  file(text + "1,y\n");
  values_ = completeValues(blockType("source/table").schema.params, {{"file", "t.csv"}});
  const Signature seen = blockType("source/table").peek(setup).at("features");
  QVERIFY(seen.open && seen.columns[1].classes == std::vector<std::string>{"x"});
  const Signature all = blockType("source/table").open(setup)->outputs().at("features");
  QVERIFY(!all.open && all.columns[1].classes == (std::vector<std::string>{"x", "y"}));
}

void TableSourceTest::predicting() {
  const Values values{{"file", file("a,c,kind\n1,x,cat\n2,y,dog\n")}, {"target", Texts{"kind"}}};
  const Signatures expected = open(values)->outputs();
  // Other order, a column in excess, a new class, no target.
  file("more,c,a\n7,w,1\n8,y,2\n9,v,\n");
  const auto source = open(values, &expected);
  QVERIFY(source->outputs().count("target") == 0);
  const Table table = source->read(0, 9).batch.table("features");
  COMPARE_TEXT(describe(table), "a:number c:category|1;w|2;y|;v");
  QVERIFY((*table.column("c").classes == std::vector<std::string>{"x", "y", "v", "w"}));
  // A target that is there: classes that were not trained on count as missing.
  file("c,a,kind\nx,1,dog\ny,2,cow\ny,2,\n");
  QVERIFY(open(values, &expected)->read(0, 9).batch["target"].equal(at::tensor({1, -1, -1}, at::kLong)));
  file("c,kind\nx,dog\n");
  VERIFY_CONTAINS(errorText([&] { open(values, &expected); }), "there is no column \"a\"");
  file("c,a\nx,b\n");
  VERIFY_CONTAINS(errorText([&] { open(values, &expected); }), "t.csv:2:3: column \"a\": expected a number, got \"b\"");
}

void TableSourceTest::chunks() {
  std::string text = "n,c,t,y\n";
  for (int i = 0; i < 3000; ++i)
    text += std::to_string(i * 0.5) + ",k" + std::to_string(i % 7) + ",text number " + std::to_string(i) + "," +
            std::to_string(i % 3) + "\n";
  const Values values{{"file", file(text)}, {"target", Texts{"y"}}};
  const auto whole = open(values);
  const std::string expected = describe(whole->read(0, 3000).batch.table("features"));
  VERIFY_CONTAINS(expected, "n:number c:category t:text|0;k0;text number 0|");
  const auto spooled =
      blockType("source/table").open({.values = values_, .folder = folder_.path(), .memory_budget = 1});
  QVERIFY(describe(spooled->read(0, 3000).batch.table("features")) == expected);
  std::vector<Table> parts;
  for (int64_t at = 0; at < 3000; at += 701) parts.push_back(spooled->read(at, 701).batch.table("features"));
  QVERIFY(describe(Table::concat(parts)) == expected);
  COMPARE_TEXT(spooled->fingerprint(), whole->fingerprint());
}

void TableSourceTest::mistakes() {
  file("age,kind\n1,cat\n2,dog\n");
  VERIFY_CONTAINS(problem({}), "parameter file: no file is named");
  VERIFY_CONTAINS(problem({{"file", "no.csv"}}), "cannot open");
  VERIFY_CONTAINS(problem({{"file", "t.csv"}, {"target", Texts{"kinds"}}}),
                  "there is no column \"kinds\" (did you mean \"kind\"?)");
  VERIFY_CONTAINS(problem({{"file", "t.csv"}, {"target", Texts{"kinds"}}, {"target_kind", "label"}}),
                  "did you mean \"kind\"?");
  VERIFY_CONTAINS(problem({{"file", "t.csv"}, {"target", Texts{"kind"}}, {"target_kind", "target"}}),
                  "expected numbers in the target \"kind\"");
  VERIFY_CONTAINS(problem({{"file", "t.csv"}, {"types", Texts{"age=float"}}}),
                  "expected \"column=type\", got \"age=float\"");
  VERIFY_CONTAINS(problem({{"file", "t.csv"}, {"target", Texts{"age", "kind"}}, {"target_kind", "label"}}),
                  "a label is one column");
  file("a,y\n1,cat\n2,\n3,dog\n4,NA\n");
  const std::string missing = problem({{"file", "t.csv"}, {"target", Texts{"y"}}});
  VERIFY_CONTAINS(missing, "t.csv:3: the target \"y\" is missing in line 3, 5");
  VERIFY_CONTAINS(missing, "missing_target");
  VERIFY_CONTAINS(problem({{"file", file("a,y\n1,cat\n2,cat\n")}, {"target", Texts{"y"}}}),
                  "the target \"y\" is \"cat\" in every row");
  VERIFY_CONTAINS(problem({{"file", file("a,y\n1,2\n2,2.0\n")}, {"target", Texts{"y"}}}),
                  "the target \"y\" is \"2\" in every row");
  VERIFY_CONTAINS(problem({{"file", file("a,y\n1,\n2,\n")}, {"target", Texts{"y"}}, {"missing_target", "drop"}}),
                  "there are no rows");
}

}  // namespace blockyard

using blockyard::TableSourceTest;
QTEST_GUILESS_MAIN(TableSourceTest)
#include "table_source.moc"
