// The sources of pictures and arrays, and what inspect tells of any source.
#include <ATen/ATen.h>

#include <QTest>
#include <filesystem>

#include "blocks/catalog.hpp"
#include "blocks/inspect.hpp"
#include "blocks/source.hpp"
#include "blocks/source_setup.hpp"
#include "csv_help.hpp"

namespace blockyard {

class TensorSourcesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void images();
  void imageMistakes();
  void fashion();
  void array();
  void arraysOfArchives();
  void pictureArrays();
  void arrayMistakes();
  void arraysThatAreNotFinite();
  void predicting();
  void inspectTable();
  void inspectTensors();

 private:
  std::unique_ptr<Source> open(const std::string& id, const Values& values, const Signatures* expected = nullptr) {
    values_ = completeValues(blockType(id).schema.params, values);
    const SourceSetup setup{.values = values_, .folder = folder_.path(), .expected = expected};
    auto source = blockType(id).open(setup);
    // What a source says before its data is read is what it says afterwards.
    if (blockType(id).peek(setup) != source->outputs()) throw Error({}, "peek differs");
    return source;
  }
  std::string problem(const std::string& id, const Values& values) {
    return errorText([&] { open(id, values); });
  }
  std::string idx(const std::string& name, const std::vector<int>& sizes, const std::string& bytes) {
    std::string text = {0, 0, 8, static_cast<char>(sizes.size())};
    for (const int size : sizes) text += {0, 0, static_cast<char>(size >> 8), static_cast<char>(size)};
    writeText(folder_ / name, text + bytes);
    return name;
  }
  std::string npy(const std::string& name, const std::string& shape, const std::vector<double>& values) {
    std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
    header += std::string(117 - header.size(), ' ') + "\n";
    std::string bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
    writeText(folder_ / name, "\x93NUMPY" + std::string("\x01\x00\x76\x00", 4) + header + bytes);
    return name;
  }
  static at::Tensor letters(const std::string& text) {
    const std::vector<int> codes(text.begin(), text.end());
    return at::tensor(at::ArrayRef<int>(codes), at::kByte);
  }
  static std::string sample(const std::string& name) { return std::string(BLOCKYARD_TEST_DIR "/data/samples/") + name; }

  TestFolder folder_;
  Values values_;
};

void TensorSourcesTest::images() {
  idx("x", {3, 1, 2}, "abcdef");
  idx("y", {3}, std::string("\1\0\1", 3));
  idx("tx", {2, 1, 2}, "ghij");
  idx("ty", {2}, std::string("\0\2", 2));
  const auto source = open("source/images", {{"images", "x"}, {"labels", "y"}, {"class_names", Texts{"shoe", "coat"}}});
  QVERIFY((source->outputs().at("image") ==
           Signature{.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 1, 1, 2}}));
  QVERIFY(source->outputs().at("target").classes == (std::vector<std::string>{"shoe", "coat"}));
  const Chunk chunk = source->read(1, 9);
  QVERIFY(chunk.first_row == 1 && chunk.batch["image"].scalar_type() == at::kByte);
  QVERIFY(chunk.batch["image"].equal(letters("cdef").view({2, 1, 1, 2})));
  QVERIFY(chunk.batch["target"].equal(at::tensor({0, 1}, at::kLong)));
  // Views, not copies.
  QVERIFY(source->read(1, 1).batch["image"].data_ptr() == chunk.batch["image"].data_ptr());

  values_ = completeValues(blockType("source/images").schema.params,
                           {{"images", "x"}, {"labels", "y"}, {"test_images", "tx"}, {"test_labels", "ty"}});
  const auto both = blockType("source/images").open({.values = values_, .folder = folder_.path()});
  QVERIFY((both->givenParts() == std::vector<Part>{Part::Train, Part::Train, Part::Train, Part::Test, Part::Test}));
  QVERIFY(both->read(2, 2).batch["image"].equal(letters("efgh").view({2, 1, 1, 2})));
  QVERIFY(both->outputs().at("target").classes == (std::vector<std::string>{"0", "1", "2"}));
  QVERIFY(both->fingerprint() != source->fingerprint() && both->fingerprint().size() == 64);
  QCOMPARE(both->read(5, 3).batch["image"].size(0), 0);
  // A trained pipeline is judged on the rows of its own files, and predicts those of one.
  const Signatures trained = both->outputs();
  const auto judged =
      blockType("source/images").open({.values = values_, .folder = folder_.path(), .expected = &trained});
  QVERIFY(judged->givenParts() == both->givenParts());
  const auto fresh = blockType("source/images")
                         .open({.values = values_, .folder = folder_.path(), .expected = &trained, .all_files = false});
  QCOMPARE(fresh->rows(), 3);
  QVERIFY(open("source/images", {{"images", "x"}})->outputs().count("target") == 0);
}

void TensorSourcesTest::imageMistakes() {
  const auto of = [&](const Values& values) { return problem("source/images", values); };
  idx("x", {3, 1, 2}, "abcdef");
  idx("y", {3}, std::string("\1\0\1", 3));
  VERIFY_CONTAINS(of({}), "parameter images: no file is named");
  VERIFY_CONTAINS(of({{"images", "none"}}), "cannot open");
  VERIFY_CONTAINS(of({{"images", "y"}}), "this looks like the file of the labels");
  VERIFY_CONTAINS(of({{"images", "x"}, {"labels", "x"}}), "this looks like a file of pictures");
  VERIFY_CONTAINS(of({{"images", "x"}, {"labels", idx("y2", {2}, "ab")}}),
                  "expected 3 labels, one for each picture, got 2");
  VERIFY_CONTAINS(of({{"images", "x"}, {"labels", "y"}, {"class_names", Texts{"shoe"}}}),
                  "the label 1 of row 1 has no name: there are 1 class names");
  VERIFY_CONTAINS(of({{"images", "x"}, {"test_images", idx("t", {1, 2, 2}, "abcd")}}), "as the training pictures are");
  VERIFY_CONTAINS(of({{"images", idx("short", {3, 1, 2}, "abc")}}), "declares 6 bytes, the file holds 3");
}

// The real files, where they are at hand.
void TensorSourcesTest::fashion() {
  const std::string folder = qgetenv("BLOCKYARD_DATA").toStdString() + "/fashion-mnist/";
  if (!std::filesystem::exists(folder + "t10k-images-idx3-ubyte.gz")) return;
  const auto source = open("source/images", {{"images", folder + "t10k-images-idx3-ubyte.gz"},
                                             {"labels", folder + "t10k-labels-idx1-ubyte.gz"}});
  QCOMPARE(source->rows(), 10000);
  const Chunk chunk = source->read(0, 10000);
  QVERIFY(chunk.batch["image"].sizes() == (at::IntArrayRef{10000, 1, 28, 28}));
  QVERIFY(at::bincount(chunk.batch["target"]).eq(1000).all().item<bool>());
  // As numpy reads them: sum of all pixels, and one picture's.
  QCOMPARE(chunk.batch["image"].sum().item<int64_t>(), 573469082);
}

void TensorSourcesTest::array() {
  const auto source = open("source/array", {{"values", sample("fortran.npy")}, {"target", sample("labels.npy")}});
  QVERIFY((source->outputs().at("values") ==
           Signature{.kind = Wire::Tensor, .element = Element::Float32, .shape = {"N", 2, 3}}));
  QVERIFY(source->outputs().at("target").classes == (std::vector<std::string>{"0", "1", "2"}));
  const at::Tensor expected = at::arange(24).view({4, 2, 3}).to(at::kFloat) * 0.5 - 3;
  QVERIFY(source->read(0, 4).batch["values"].equal(expected));
  QVERIFY(source->read(1, 2).batch["values"].equal(expected.narrow(0, 1, 2)));
  QVERIFY(source->read(1, 2).batch["target"].equal(at::tensor({0, 1}, at::kLong)));
  const auto bytes = open("source/array", {{"values", sample("u1.npy")}, {"target", sample("le_f4.npy")}});
  QVERIFY(bytes->outputs().at("values").element == Element::UInt8);
  QVERIFY((bytes->outputs().at("target") == Signature{.kind = Wire::Target, .shape = {"N", 3}}));
  QVERIFY(bytes->read(1, 1).batch["target"].equal(at::tensor({-1.5F, -1.0F, -0.5F}).view({1, 3})));
  const auto numbers = open(
      "source/array", {{"values", sample("be_i2.npy")}, {"target", sample("labels.npy")}, {"target_kind", "target"}});
  QVERIFY(numbers->outputs().at("values").element == Element::Int64);
  QVERIFY(numbers->read(0, 4).batch["target"].equal(at::tensor({2.0F, 0.0F, 1.0F, 2.0F})));
}

void TensorSourcesTest::arraysOfArchives() {
  const std::string archive = sample("deflated.npz/");
  const Values alone{{"values", archive + "floats"}, {"target", archive + "labels"}};
  const auto source = open("source/array", alone);
  const auto plain = open("source/array", {{"values", sample("le_f4.npy")}, {"target", sample("labels.npy")}});
  QVERIFY(source->read(0, 4).batch["values"].equal(plain->read(0, 4).batch["values"]));
  QVERIFY(source->read(1, 2).batch["target"].equal(at::tensor({0, 1}, at::kLong)));
  // The bytes are those of the array, however they were packed.
  const std::string stored = sample("stored.npz/");
  COMPARE_TEXT(open("source/array", {{"values", stored + "floats"}, {"target", stored + "labels"}})->fingerprint(),
               source->fingerprint());
  Values all = alone;
  all.set("validation_values", sample("le_f4.npy")), all.set("validation_target", sample("labels.npy"));
  all.set("test_values", stored + "floats"), all.set("test_target", stored + "labels");
  const auto three = open("source/array", all);
  std::vector<Part> parts(4, Part::Train);
  parts.insert(parts.end(), 4, Part::Validation);
  parts.insert(parts.end(), 4, Part::Test);
  QVERIFY(three->rows() == 12 && three->givenParts() == parts);
  QVERIFY(three->read(3, 6).batch["target"].equal(at::tensor({2, 2, 0, 1, 2, 2}, at::kLong)));
}

void TensorSourcesTest::pictureArrays() {
  const std::string archive = sample("stored.npz/");
  const auto grey = open("source/array", {{"values", archive + "grey"}, {"values_kind", "pictures"}});
  QVERIFY((grey->outputs().at("values") ==
           Signature{.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 1, 2, 3}}));
  const at::Tensor bytes = at::arange(24).to(at::kByte).view({4, 1, 2, 3});
  QVERIFY(grey->read(1, 9).batch["values"].equal(bytes.narrow(0, 1, 3)));
  const auto color = open("source/array", {{"values", archive + "color"}, {"values_kind", "pictures"}});
  QVERIFY((color->outputs().at("values") ==
           Signature{.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 3, 2, 3}}));
  const at::Tensor channels_last = at::arange(72).to(at::kByte).view({4, 2, 3, 3});
  QVERIFY(color->read(0, 4).batch["values"].equal(channels_last.permute({0, 3, 1, 2})));
  VERIFY_CONTAINS(problem("source/array", {{"values", archive + "floats"}, {"values_kind", "pictures"}}),
                  "expected pictures of bytes, [N, height, width] or with 1 or 3 channels at either end of a row, got "
                  "float32 [N, 3]");
}

void TensorSourcesTest::arrayMistakes() {
  const auto of = [&](const Values& values) { return problem("source/array", values); };
  VERIFY_CONTAINS(of({}), "parameter values: no file is named");
  VERIFY_CONTAINS(of({{"values", sample("object.npy")}}), "Python objects");
  VERIFY_CONTAINS(of({{"values", sample("le_f4.npy")}, {"target", sample("le_f4.npy")}, {"target_kind", "label"}}),
                  "a label is one number");
  VERIFY_CONTAINS(of({{"values", sample("le_f4.npy")}, {"target", sample("fortran.npy")}}),
                  "expected a target [N] or [N, K]");
  VERIFY_CONTAINS(
      of({{"values", sample("le_f4.npy")}, {"target", sample("labels.npy")}, {"class_names", Texts{"a", "b"}}}),
      "the label 2 of row 1 has no name");
  values_ = completeValues(blockType("source/array").schema.params,
                           {{"values", sample("le_f4.npy")}, {"test_values", sample("fortran.npy")}});
  VERIFY_CONTAINS(errorText([&] { blockType("source/array").open({.values = values_}); }), "as in `values`");
}

void TensorSourcesTest::arraysThatAreNotFinite() {
  npy("y.npy", "(3,)", {1, 2, 3});
  for (const double bad : {std::nan(""), HUGE_VAL, 1e300}) {
    const std::string values = npy("x.npy", "(3, 2)", {1, 2, 3, bad, 5, 6}),
                      targets = npy("t.npy", "(3,)", {1, 2, bad});
    VERIFY_CONTAINS(problem("source/array", {{"values", values}}), "x.npy: expected finite numbers");
    VERIFY_CONTAINS(problem("source/array", {{"values", values}, {"target", "y.npy"}}), "row 2");
    VERIFY_CONTAINS(problem("source/array", {{"values", "y.npy"}, {"target", targets}}), "row 3");
    VERIFY_CONTAINS(problem("source/array", {{"values", "y.npy"}, {"target", targets}}), "t.npy: expected finite");
  }
  // Large, though each of them is a float32.
  open("source/array", {{"values", npy("x.npy", "(3, 2)", {3e38, 3e38, 3e38, 3e38, 3e38, -3e38})}});
}

void TensorSourcesTest::predicting() {
  Values values = {{"values", npy("x.npy", "(2, 3)", {1, 2, 3, 4, 5, 6})}};
  const Signatures expected = open("source/array", values)->outputs();
  open("source/array", values, &expected);
  npy("x.npy", "(3, 2)", {1, 2, 3, 4, 5, 6});
  VERIFY_CONTAINS(errorText([&] { open("source/array", values, &expected); }),
                  "x.npy: expected float32 [N, 3], as it was trained on, got float32 [N, 2]");
  values = {{"images", idx("x", {3, 1, 2}, "abcdef")}};
  const Signatures pictures = open("source/images", values)->outputs();
  idx("x", {2, 1, 3}, "abcdef");
  VERIFY_CONTAINS(errorText([&] { open("source/images", values, &pictures); }), "got image [N, 1, 1, 3]");
}

void TensorSourcesTest::inspectTable() {
  writeText(folder_ / "t.csv", "n,c,t,y\n1,b,some longer text,x\n2,a,,y\n,b,more,x\n6,b,more,x\n");
  const auto source = open("source/table", {{"file", "t.csv"}, {"target", Texts{"y"}}, {"types", Texts{"t=text"}}});
  const DataProfile profile = inspect(*source);
  QVERIFY(profile.rows == 4 && profile.fingerprint == source->fingerprint() && profile.columns.size() == 4);
  const ColumnProfile &n = profile.columns[0], &c = profile.columns[1], &t = profile.columns[2],
                      &y = profile.columns[3];
  QVERIFY(n.name == "n" && n.type == "number" && n.missing == 1 && n.distinct == 3 && n.min == 1 && n.max == 6 &&
          n.mean == 3);
  QVERIFY(std::abs(n.deviation - std::sqrt(7)) < 1e-12);
  QVERIFY(c.type == "category" && c.distinct == 2 && c.missing == 0);
  QVERIFY((c.top == std::vector<std::pair<std::string, int64_t>>{{"b", 3}, {"a", 1}}));
  QVERIFY(t.type == "text" && t.missing == 1 && t.distinct == 2 && t.longest == 16);
  QVERIFY(y.port == "target" && y.type == "label" &&
          (y.top == std::vector<std::pair<std::string, int64_t>>{{"x", 3}, {"y", 1}}));
}

void TensorSourcesTest::inspectTensors() {
  const auto source = open("source/array", {{"values", sample("le_f8.npy")}, {"target", sample("be_f4.npy")}});
  const DataProfile profile = inspect(*source);
  QCOMPARE(profile.columns.size(), size_t{4});
  QVERIFY(profile.columns[0].type == "float32 [N, 3]" && profile.columns[0].min == -3 &&
          profile.columns[0].max == 2.5 && profile.columns[0].rows == 12);
  QVERIFY(profile.columns[2].type == "target" && profile.columns[2].min == -2.5 && profile.columns[2].max == 2 &&
          profile.columns[2].rows == 4);
}

}  // namespace blockyard

using blockyard::TensorSourcesTest;
QTEST_GUILESS_MAIN(TensorSourcesTest)
#include "tensor_sources.moc"
