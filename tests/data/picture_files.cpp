// Picture files of every format against what Pillow reads in them (tests/reference/pictures.py), the scaling against
// Pillow and torchvision, and files that are cut or spoilt anywhere: one Error, never a crash.
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "checks.hpp"
#include "data/picture.hpp"
#include "data/picture_fit.hpp"

using namespace blockyard;

class PictureFilesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void sameAsPillow_data();
  void sameAsPillow();
  void fits_data();
  void fits();
  void largeJpegIsNear();
  void cutAnywhere_data() { sameAsPillow_data(); }
  void cutAnywhere();
  void spoiltAnywhere_data() { sameAsPillow_data(); }
  void spoiltAnywhere();
  void bombs();
  void wordsAreNoPictures();

 private:
  nlohmann::json reference_;
};

namespace {

std::string sample(const std::string& name) {
  return readFile(std::string(BLOCKYARD_TEST_DIR "/data/samples/pictures/") + name);
}

std::vector<uint8_t> unhexed(const std::string& text) {
  const QByteArray bytes = QByteArray::fromHex(QByteArray::fromStdString(text));
  return {bytes.begin(), bytes.end()};
}

struct Difference {
  int most = 0;
  double mean = 0;
};

Difference difference(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  if (a.size() != b.size()) return {256, 256};
  Difference out;
  for (size_t i = 0; i < a.size(); ++i) {
    const int off = std::abs(a[i] - b[i]);
    out.most = std::max(out.most, off), out.mean += off;
  }
  out.mean /= static_cast<double>(a.size());
  return out;
}

// From [C, H, W] to [H, W, C].
std::vector<uint8_t> together(const std::vector<uint8_t>& planes, size_t channels) {
  const size_t pixels = planes.size() / channels;
  std::vector<uint8_t> out(planes.size());
  for (size_t i = 0; i < pixels; ++i)
    for (size_t c = 0; c < channels; ++c) out[i * channels + c] = planes[c * pixels + i];
  return out;
}

}  // namespace

void PictureFilesTest::initTestCase() {
  std::ifstream file(BLOCKYARD_TEST_DIR "/data/pictures_reference.json");
  reference_ = nlohmann::json::parse(file);
}

void PictureFilesTest::sameAsPillow_data() {
  QTest::addColumn<int>("number");
  int number = 0;
  for (const auto& picture : reference_.at("pictures"))
    QTest::newRow(picture.at("file").get<std::string>().c_str()) << number++;
}

void PictureFilesTest::sameAsPillow() {
  QFETCH(int, number);
  const auto& expected = reference_.at("pictures").at(static_cast<size_t>(number));
  const std::string name = expected.at("file"), bytes = sample(name);
  const int off = expected.at("off");
  const PictureSize size = pictureSize(bytes, name);
  QCOMPARE(size.height, expected.at("height").get<int64_t>());
  QCOMPARE(size.width, expected.at("width").get<int64_t>());
  for (const auto& [key, channels] : {std::pair{"rgb", 3}, std::pair{"grey", 1}}) {
    const Pixels pixels = decodePixels(bytes, name, {.channels = channels});
    QCOMPARE(pixels.channels, int64_t{channels});
    QCOMPARE(pixels.height, size.height);
    const Difference found = difference(pixels.bytes, unhexed(expected.at(key)));
    QVERIFY2(found.most <= off, qPrintable(QString("%1: off by %2, mean %3").arg(key).arg(found.most).arg(found.mean)));
  }
  QCOMPARE(decodePixels(bytes, name, {.channels = 4}).channels, int64_t{4});
}

void PictureFilesTest::fits_data() {
  QTest::addColumn<int>("number");
  int number = 0;
  for (const auto& fit : reference_.at("fits")) {
    const auto text = [&](const char* key) { return QString::fromStdString(fit.at(key).get<std::string>()); };
    const QString name = QString("%1 %2 %3 x %4 %5")
                             .arg(text("fit"), text("smoothing"))
                             .arg(fit.at("height").get<int>())
                             .arg(fit.at("width").get<int>())
                             .arg(text("by"));
    QTest::newRow(qPrintable(name)) << number++;
  }
}

void PictureFilesTest::fits() {
  QFETCH(int, number);
  const auto& expected = reference_.at("fits").at(static_cast<size_t>(number));
  const std::string fit = expected.at("fit");
  PictureShape shape{.height = expected.at("height"), .width = expected.at("width")};
  shape.fit = fit == "stretch" ? Fit::Stretch : fit == "crop" ? Fit::Crop : Fit::Pad;
  shape.smoothing = expected.at("smoothing") == "bicubic" ? Smoothing::Bicubic : Smoothing::Bilinear;
  std::vector<uint8_t> planes(static_cast<size_t>(3 * shape.height * shape.width), 77);
  fitPicture(sample("scene.png"), "scene.png", shape, planes.data());
  const Difference found = difference(together(planes, 3), unhexed(expected.at("rgb")));
  QVERIFY2(found.most <= 1, qPrintable(QString("off by %1, mean %2").arg(found.most).arg(found.mean)));
  // In grey: scaled after it has become grey.
  std::vector<uint8_t> grey(static_cast<size_t>(shape.height * shape.width), 77);
  shape.channels = 1;
  fitPicture(sample("scene.png"), "scene.png", shape, grey.data());
  const Difference from_color = [&] {
    std::vector<uint8_t> made;
    const size_t plane = grey.size();
    for (size_t i = 0; i < plane; ++i)
      made.push_back(static_cast<uint8_t>(
          (planes[i] * 19595 + planes[plane + i] * 38470 + planes[2 * plane + i] * 7471 + 0x8000) >> 16));
    return difference(grey, made);
  }();
  QVERIFY2(from_color.most <= 2, qPrintable(QString("grey off by %1").arg(from_color.most)));
}

void PictureFilesTest::largeJpegIsNear() {
  // Decoded at a quarter of its size, as 100 x 75 is more than twice 40 x 30.
  const std::string bytes = sample("large.jpg");
  PictureWish wish{.channels = 3};
  wish.least_height = 60, wish.least_width = 80;
  QCOMPARE(decodePixels(bytes, "large.jpg", wish).width, int64_t{100});
  std::vector<uint8_t> planes(size_t{3} * 30 * 40);
  fitPicture(bytes, "large.jpg", {.height = 30, .width = 40, .fit = Fit::Stretch}, planes.data());
  const Difference found = difference(together(planes, 3), unhexed(reference_.at("large")));
  QVERIFY2(found.most <= 4 && found.mean < 1,
           qPrintable(QString("off by %1, mean %2").arg(found.most).arg(found.mean)));
}

void PictureFilesTest::cutAnywhere() {
  QFETCH(int, number);
  const std::string name = reference_.at("pictures").at(static_cast<size_t>(number)).at("file");
  const std::string whole = sample(name);
  for (size_t size = 0; size < whole.size(); ++size) {
    try {
      decodePixels(whole.substr(0, size), name, {.channels = 3});
    } catch (const Error& error) {
      COMPARE_TEXT(error.where().file, name);
    }
  }
  VERIFY_CONTAINS(errorText([&] { decodePixels(whole.substr(0, whole.size() / 2), name); }), name);
}

void PictureFilesTest::spoiltAnywhere() {
  QFETCH(int, number);
  const std::string name = reference_.at("pictures").at(static_cast<size_t>(number)).at("file");
  const std::string whole = sample(name);
  constexpr int64_t kFew = 1 << 20;
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const int change : {0x01, 0x80, 0xFF}) {
      std::string bad = whole;
      bad[at] = static_cast<char>(bad[at] ^ change);
      try {
        const Pixels pixels = decodePixels(bad, name, {.channels = 3, .max_pixels = kFew});
        QCOMPARE(pixels.bytes.size(), static_cast<size_t>(pixels.height * pixels.width * 3));
      } catch (const Error& error) {
        COMPARE_TEXT(error.where().file, name);
      }
    }
  }
}

void PictureFilesTest::bombs() {
  // Headers that promise more than the limit, in a few bytes; the sizes are where each format has them.
  const auto patched = [](std::string bytes, size_t at, const std::string& with) {
    return bytes.replace(at, with.size(), with);
  };
  const std::string bmp = patched(sample("RGB.bmp"), 18, std::string("\xFF\xFF\x00\x00\xFF\xFF\x00\x00", 8));
  VERIFY_CONTAINS(errorText([&] { decodePixels(bmp, "bomb.bmp"); }), "65535 x 65535");
  std::string tiff = sample("L.tif");
  const size_t wide = tiff.find(std::string("\x00\x01\x04\x00", 4)),
               tall = tiff.find(std::string("\x01\x01\x04\x00", 4));
  QVERIFY(wide != std::string::npos && tall != std::string::npos);
  tiff = patched(patched(tiff, wide + 8, std::string("\xFF\xFF\x0F\x00", 4)), tall + 8,
                 std::string("\xFF\xFF\x0F\x00", 4));
  VERIFY_CONTAINS(errorText([&] { decodePixels(tiff, "bomb.tif"); }), "1048575 x 1048575");
  std::string jpeg = sample("full.jpg");
  const size_t frame = jpeg.find("\xFF\xC0");
  jpeg = patched(jpeg, frame + 5, std::string("\xFF\x00\xFF\x00", 4));
  VERIFY_CONTAINS(errorText([&] { decodePixels(jpeg, "bomb.jpg"); }), "pixels, more than the");
}

void PictureFilesTest::wordsAreNoPictures() {
  for (const std::string text : {"BMW and others are makers of cars", "II. The second part", "RIFFs and rafts", "x"})
    VERIFY_CONTAINS(errorText([&] { decodePixels(text, "a.txt"); }), "expected a JPEG, PNG, BMP, TIFF or WebP picture");
  VERIFY_CONTAINS(errorText([] { decodePixels("", "a.png"); }), "the file is empty");
  QVERIFY(hasPictureEnding("a/b.JPeG") && hasPictureEnding("x.webp") && hasPictureEnding("c.tif"));
  QVERIFY(!hasPictureEnding("jpg") && !hasPictureEnding("a.csv") && !hasPictureEnding(""));
}

QTEST_GUILESS_MAIN(PictureFilesTest)
#include "picture_files.moc"
