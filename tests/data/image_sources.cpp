// The sources of picture files: folders of classes and tables that name pictures.
#include <sys/stat.h>

#include <ATen/ATen.h>

#include <QTest>
#include <filesystem>

#include "blocks/catalog.hpp"
#include "blocks/inspect.hpp"
#include "blocks/picture_rows.hpp"
#include "blocks/source.hpp"
#include "blocks/source_setup.hpp"
#include "csv_help.hpp"

namespace blockyard {

class ImageSourcesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void folder();
  void parts();
  void sizes();
  void looks();
  void temporaryFile();
  void fingerprints();
  void unreadable();
  void folderMistakes();
  void predictingOnAFolder();
  void table();
  void tableOfNumbers();
  void tableParts();
  void tableUnreadable();
  void tableMistakes();
  void predictingOnATable();

 private:
  std::unique_ptr<Source> open(const std::string& id, Values values, const Signatures* expected = nullptr,
                               int64_t most_rows = 0, bool all_files = true) {
    if (!values.has("height")) values.set("height", 8), values.set("width", 10);
    values_ = completeValues(blockType(id).schema.params, values);
    SourceSetup setup{.values = values_, .folder = folder_->path(), .expected = expected, .most_rows = most_rows};
    setup.all_files = all_files;
    auto source = blockType(id).open(setup);
    // What a source says before its data is read is what it says afterwards.
    if (blockType(id).peek(setup) != source->outputs()) throw Error({}, "peek differs");
    return source;
  }
  std::unique_ptr<Source> openFolder(const std::string& name, Values values = {}) {
    values.set("folder", name);
    return open("source/image_folder", values);
  }
  std::string problem(const std::string& id, const Values& values) {
    return errorText([&] { open(id, values); });
  }
  // A copy of a sample at a place below the folder.
  void picture(const std::string& place, const std::string& sample) {
    const std::filesystem::path to(*folder_ / place);
    std::filesystem::create_directories(to.parent_path());
    std::filesystem::copy_file(BLOCKYARD_TEST_DIR "/data/samples/pictures/" + sample, to,
                               std::filesystem::copy_options::overwrite_existing);
  }
  void text(const std::string& place, const std::string& content) {
    const std::filesystem::path to(*folder_ / place);
    std::filesystem::create_directories(to.parent_path());
    writeText(to.string(), content);
  }
  // One picture by itself.
  static at::Tensor fitted(const std::string& sample, const PictureShape& shape = {.height = 8, .width = 10}) {
    at::Tensor out = at::empty({shape.channels, shape.height, shape.width}, at::kByte);
    fitPicture(readFile(std::string(BLOCKYARD_TEST_DIR "/data/samples/pictures/") + sample), sample, shape,
               out.mutable_data_ptr<uint8_t>());
    return out;
  }
  static std::vector<int64_t> labels(Source& source) {
    const at::Tensor all = source.readPort("target", 0, source.rows()).tensor();
    return {all.const_data_ptr<int64_t>(), all.const_data_ptr<int64_t>() + all.numel()};
  }
  static std::vector<std::string> names(Source& source) { return source.splitColumns({"file"}).column("file").texts; }
  // Two classes: b has three pictures, a two.
  void twoClasses() {
    picture("data/b/1.png", "RGB.png");
    picture("data/b/deep/2.jpg", "full.jpg");
    picture("data/b/3.webp", "exact.webp");
    picture("data/a/z.bmp", "RGB.bmp");
    picture("data/a/y.tif", "P.tif");
    text("data/a/notes.txt", "no picture");
    text("data/labels.csv", "no picture");
    text("data/.hidden/x.png", "");
  }

  std::unique_ptr<TestFolder> folder_;
  Values values_;
};

void ImageSourcesTest::init() {
  folder_ = std::make_unique<TestFolder>();
}

void ImageSourcesTest::folder() {
  twoClasses();
  const auto source = openFolder("data");
  QVERIFY((source->outputs().at("image") ==
           Signature{.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 3, 8, 10}}));
  QVERIFY(source->outputs().at("target").classes == (std::vector<std::string>{"a", "b"}));
  // Of every class the first, then of every class the second.
  QVERIFY((names(*source) == std::vector<std::string>{"a/y.tif", "b/1.png", "a/z.bmp", "b/3.webp", "b/deep/2.jpg"}));
  QVERIFY((labels(*source) == std::vector<int64_t>{0, 1, 0, 1, 1}));
  QVERIFY(source->givenParts().empty() && source->notices().empty());
  const Chunk chunk = source->read(1, 99);
  QVERIFY(chunk.first_row == 1 && chunk.batch.rows() == 4);
  QVERIFY(chunk.batch["image"][0].equal(fitted("RGB.png")));
  QVERIFY(chunk.batch["image"][2].equal(fitted("exact.webp")));
  QVERIFY(chunk.batch["image"][3].equal(fitted("full.jpg")));
  QVERIFY(chunk.batch["target"].equal(at::tensor({1, 0, 1, 1}, at::kLong)));
  // Views, not copies.
  QVERIFY(source->read(1, 1).batch["image"].data_ptr() == chunk.batch["image"].data_ptr());
  QCOMPARE(source->read(9, 3).batch.rows(), 0);
  VERIFY_CONTAINS(errorText([&] { source->splitColumns({"patient"}); }), "has the column \"file\" alone");
  const DataProfile profile = inspectSource("source/image_folder", {{"folder", "data"}}, folder_->path());
  QCOMPARE(profile.rows, 5);
  COMPARE_TEXT(profile.columns.at(1).type, "label");
}

void ImageSourcesTest::parts() {
  for (const std::string part : {"train", "val", "test"}) {
    picture("data/" + part + "/10/" + part + ".png", "RGB.png");
    picture("data/" + part + "/9/" + part + ".png", "L.png");
  }
  picture("data/train/10/more.png", "P.png");
  const auto source = openFolder("data");
  // Numbers are sorted as such.
  QVERIFY(source->outputs().at("target").classes == (std::vector<std::string>{"9", "10"}));
  QVERIFY((source->givenParts() == std::vector<Part>{Part::Train, Part::Train, Part::Train, Part::Validation,
                                                     Part::Validation, Part::Test, Part::Test}));
  QVERIFY((labels(*source) == std::vector<int64_t>{1, 0, 1, 1, 0, 1, 0}));
  // Folders of classes may have any names, those of parts too.
  picture("data/other/1.png", "RGB.png");
  const auto classes = openFolder("data");
  QVERIFY(classes->outputs().at("target").classes == (std::vector<std::string>{"other", "test", "train", "val"}));
  QVERIFY(classes->givenParts().empty());
}

void ImageSourcesTest::sizes() {
  picture("data/a/1.png", "scene.png");
  for (const std::string fit : {"crop", "stretch", "pad"}) {
    for (const std::string channels : {"rgb", "grey"}) {
      const auto source = openFolder(
          "data", {{"height", 20}, {"width", 33}, {"fit", fit}, {"channels", channels}, {"smoothing", "bicubic"}});
      const PictureShape shape = pictureShape(values_);
      QCOMPARE(shape.channels, channels == "grey" ? 1 : 3);
      QVERIFY(source->read(0, 1).batch["image"][0].equal(fitted("scene.png", shape)));
    }
  }
  QVERIFY(fitted("scene.png", {.height = 20, .width = 33, .fit = Fit::Pad})[0][0][0].item<int>() == 0);
}

void ImageSourcesTest::looks() {
  twoClasses();
  const auto all = openFolder("data");
  const auto look = open("source/image_folder", {{"folder", "data"}}, nullptr, 2);
  QCOMPARE(look->rows(), 2);
  QVERIFY(look->read(0, 2).batch["image"].equal(all->read(0, 2).batch["image"]));
  QVERIFY((labels(*look) == std::vector<int64_t>{0, 1}));
}

void ImageSourcesTest::temporaryFile() {
  twoClasses();
  const auto all = openFolder("data");
  const auto spooled =
      blockType("source/image_folder").open({.values = values_, .folder = folder_->path(), .memory_budget = 1});
  QVERIFY(spooled->read(0, 9).batch["image"].equal(all->read(0, 9).batch["image"]));
  const std::atomic<bool> stop = true;
  SourceSetup setup{.values = values_, .folder = folder_->path()};
  setup.stop = &stop;
  VERIFY_CONTAINS(errorText([&] { blockType("source/image_folder").open(setup); }), "stopped");
}

void ImageSourcesTest::fingerprints() {
  twoClasses();
  const std::string before = openFolder("data")->fingerprint();
  QCOMPARE(before.size(), size_t{64});
  QVERIFY(openFolder("data", {{"fit", "pad"}})->fingerprint() == before);
  picture("data/a/y.tif", "RGB.tif");
  const std::string content = openFolder("data")->fingerprint();
  QVERIFY(content != before);
  std::filesystem::rename(*folder_ / "data/a/y.tif", *folder_ / "data/a/x.tif");
  QVERIFY(openFolder("data")->fingerprint() != content);
}

void ImageSourcesTest::unreadable() {
  twoClasses();
  for (int i = 0; i < 40; ++i) picture("data/b/more" + std::to_string(i) + ".png", "L.png");
  text("data/b/4.png", "\x89PNG\r\n\x1a\n and then nothing");
  text("data/b/more7.png", "");
  const std::string problem = errorText([&] { openFolder("data"); });
  VERIFY_CONTAINS(problem, "data/b/4.png: the PNG file is damaged");
  const auto source = openFolder("data", {{"unreadable", "skip"}});
  QCOMPARE(source->rows(), 44);
  QCOMPARE(labels(*source).size(), size_t{44});
  QCOMPARE(source->notices().size(), size_t{1});
  VERIFY_CONTAINS(source->notices()[0], "2 of 46 pictures were left out as unreadable, the first is ");
  VERIFY_CONTAINS(source->notices()[0], "data/b/4.png");
  // A pipe would be waited for without end.
  QCOMPARE(::mkfifo((*folder_ / "data/b/pipe.png").c_str(), 0600), 0);
  QCOMPARE(openFolder("data", {{"unreadable", "skip"}})->rows(), 44);
  const auto left = names(*source);
  const auto row = std::find(left.begin(), left.end(), "b/deep/2.jpg") - left.begin();
  QVERIFY(source->read(row, 1).batch["image"][0].equal(fitted("full.jpg")));
  QCOMPARE(labels(*source)[static_cast<size_t>(row)], 1);
  QCOMPARE(inspectSource("source/image_folder", values_, folder_->path()).notices.size(), size_t{1});
  text("pipes.csv", "p\ndata/b/pipe.png\n");
  VERIFY_CONTAINS(this->problem("source/image_table", {{"file", "pipes.csv"}}), "expected a file, got a pipe");
  text("bad/a/1.png", "x");
  VERIFY_CONTAINS(errorText([&] {
                    openFolder("bad", {{"unreadable", "skip"}});
                  }),
                  "none of the 1 pictures can be read");
}

void ImageSourcesTest::folderMistakes() {
  const auto of = [&](const Values& values) { return problem("source/image_folder", values); };
  VERIFY_CONTAINS(of({}), "parameter folder: no folder is named");
  VERIFY_CONTAINS(of({{"folder", "none"}}), "none: cannot read the folder");
  std::filesystem::create_directories(*folder_ / "empty");
  VERIFY_CONTAINS(of({{"folder", "empty"}}), "there are no pictures in the folder");
  picture("data/a/1.png", "L.png");
  std::filesystem::create_directories(*folder_ / "data/b");
  VERIFY_CONTAINS(of({{"folder", "data"}}), "there are no pictures in the folder of the class \"b\"");
}

void ImageSourcesTest::predictingOnAFolder() {
  twoClasses();
  const Signatures expected = openFolder("data")->outputs();
  picture("new/b/1.png", "RGB.png");
  picture("new/c/1.png", "RGB.png");
  const auto judged = open("source/image_folder", {{"folder", "new"}}, &expected);
  QVERIFY(judged->outputs().at("target").classes == (std::vector<std::string>{"a", "b"}));
  QVERIFY((labels(*judged) == std::vector<int64_t>{1, -1}));
  picture("flat/x.png", "RGB.png");
  const auto flat = open("source/image_folder", {{"folder", "flat"}}, &expected);
  QVERIFY(flat->outputs().count("target") == 0);
  QCOMPARE(flat->rows(), 1);
}

void ImageSourcesTest::table() {
  twoClasses();
  text("data/t.csv", "id,file,kind\n1,b/1.png,ant\n2,a/y.tif,bee\n3,b/deep/2.jpg,ant\n");
  const auto source = open("source/image_table", {{"file", "data/t.csv"}, {"target", Texts{"kind"}}});
  QCOMPARE(source->rows(), 3);
  QVERIFY(source->outputs().at("target").classes == (std::vector<std::string>{"ant", "bee"}));
  QVERIFY((labels(*source) == std::vector<int64_t>{0, 1, 0}));
  QVERIFY(source->read(0, 1).batch["image"][0].equal(fitted("RGB.png")));
  QVERIFY(source->read(2, 9).batch["image"][0].equal(fitted("full.jpg")));
  QVERIFY(source->splitColumns({"id"}).column("id").numbers == (std::vector<double>{1, 2, 3}));
  const std::string before = source->fingerprint();
  text("data/t.csv", "id,file,kind\n1,b/1.png,ant\n2,a/y.tif,bee\n3,b/deep/2.jpg,bee\n");
  QVERIFY(open("source/image_table", {{"file", "data/t.csv"}})->fingerprint() != before);
  QVERIFY(open("source/image_table", {{"file", "data/t.csv"}})->outputs().count("target") == 0);
}

void ImageSourcesTest::tableOfNumbers() {
  twoClasses();
  text("data/t.csv", "file,age,other\nb/1.png,2.5,b/none.png\na/y.tif,4,b/none.png\n");
  const auto source = open("source/image_table",
                           {{"file", "data/t.csv"}, {"column", "file"}, {"target", Texts{"age"}}, {"unit", "days"}});
  QVERIFY(source->outputs().at("target").kind == Wire::Target);
  COMPARE_TEXT(source->outputs().at("target").unit, "days");
  QVERIFY(source->read(0, 9).batch["target"].equal(at::tensor({2.5F, 4.0F})));
}

void ImageSourcesTest::tableParts() {
  twoClasses();
  text("data/t.csv", "file,kind\nb/1.png,ant\na/y.tif,bee\n");
  text("data/deep/v.csv", "file,kind\n../b/3.webp,bee\n");
  const auto source = open("source/image_table", {{"file", "data/t.csv"},
                                                  {"validation_file", "data/deep/v.csv"},
                                                  {"test_file", "data/t.csv"},
                                                  {"target", Texts{"kind"}}});
  QVERIFY(
      (source->givenParts() == std::vector<Part>{Part::Train, Part::Train, Part::Validation, Part::Test, Part::Test}));
  QVERIFY(source->read(2, 1).batch["image"][0].equal(fitted("exact.webp")));
}

void ImageSourcesTest::tableUnreadable() {
  twoClasses();
  text("data/t.csv", "file,kind,n\nb/1.png,ant,1\nb/none.png,ant,2\na/y.tif,bee,3\n,bee,4\n");
  const Values values{{"file", "data/t.csv"}, {"target", Texts{"kind"}}};
  VERIFY_CONTAINS(problem("source/image_table", values), "data/b/none.png: cannot read");
  Values skipping = values;
  skipping.set("unreadable", "skip");
  const auto source = open("source/image_table", skipping);
  QVERIFY((labels(*source) == std::vector<int64_t>{0, 1}));
  QVERIFY(source->splitColumns({"n"}).column("n").numbers == (std::vector<double>{1, 3}));
  VERIFY_CONTAINS(source->notices().at(0), "2 of 4 pictures were left out");
}

void ImageSourcesTest::tableMistakes() {
  const auto of = [&](const Values& values) { return problem("source/image_table", values); };
  VERIFY_CONTAINS(of({}), "parameter file: no file is named");
  text("t.csv", "a,b\n1,x\n2,y\n");
  VERIFY_CONTAINS(of({{"file", "t.csv"}}), "no column holds names of pictures");
  VERIFY_CONTAINS(of({{"file", "t.csv"}, {"column", "a"}}),
                  "expected paths of pictures in the column \"a\", got number");
  VERIFY_CONTAINS(of({{"file", "t.csv"}, {"column", "bb"}}), "did you mean \"b\"?");
}

void ImageSourcesTest::predictingOnATable() {
  twoClasses();
  text("data/t.csv", "file,kind\nb/1.png,ant\na/y.tif,bee\n");
  for (const std::string column : {"", "file"}) {
    const Values values{{"file", "data/t.csv"}, {"column", column}, {"target", Texts{"kind"}}};
    const Signatures expected = open("source/image_table", values)->outputs();
    text("data/new.csv", "more,file\n1,b/3.webp\n");
    Values later = values;
    later.set("file", "data/new.csv");
    const auto plain = open("source/image_table", later, &expected, 0, false);
    QVERIFY(plain->outputs().count("target") == 0);
    QVERIFY(plain->read(0, 1).batch["image"][0].equal(fitted("exact.webp")));
    text("data/new.csv", "kind,file\ncow,b/3.webp\nbee,b/1.png\n");
    QVERIFY((labels(*open("source/image_table", later, &expected, 0, false)) == std::vector<int64_t>{-1, 1}));
  }
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::ImageSourcesTest)
#include "image_sources.moc"
