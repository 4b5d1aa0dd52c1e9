// Pictures: exact bytes from PNG, near ones from JPEG, and nothing decoded that is too large or damaged.
#include "data/picture.hpp"

#include <turbojpeg.h>
#include <zlib.h>

#include <QtTest>

#include "checks.hpp"

using namespace blockyard;

class PictureTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void pngKeepsEveryByte_data();
  void pngKeepsEveryByte();
  void channelsAreConverted();
  void sixteenBitsBecomeEight();
  void jpegIsNear();
  void sizesAreCheckedBeforeDecoding();
  void damagedFilesAreRefused();
};

namespace {

std::string bigEndian(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string pngChunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return bigEndian(static_cast<uint32_t>(data.size())) + body + bigEndian(static_cast<uint32_t>(crc));
}

// A PNG of rows that are already packed; color type 0 grey, 2 RGB, 4 grey and alpha, 6 RGB and alpha.
std::string png(uint32_t width, uint32_t height, char depth, char color, const std::string& pixels) {
  const size_t stride = height == 0 ? 0 : pixels.size() / height;
  std::string raw;
  for (uint32_t y = 0; y < height; ++y) raw += '\0' + pixels.substr(y * stride, stride);
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
           static_cast<uLong>(raw.size()));
  packed.resize(size);
  return "\x89PNG\r\n\x1a\n" +
         pngChunk("IHDR", bigEndian(width) + bigEndian(height) + depth + color + std::string(3, '\0')) +
         pngChunk("IDAT", packed) + pngChunk("IEND", "");
}

std::string ramp(size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37 % 256);
  return bytes;
}

std::string jpeg(int width, int height, const std::string& rgb) {
  tjhandle handle = tjInitCompress();
  unsigned char* data = nullptr;
  unsigned long size = 0;
  tjCompress2(handle, reinterpret_cast<const unsigned char*>(rgb.data()), width, 0, height, TJPF_RGB, &data, &size,
              TJSAMP_444, 95, 0);
  std::string bytes(reinterpret_cast<char*>(data), size);
  tjFree(data);
  tjDestroy(handle);
  return bytes;
}

}  // namespace

void PictureTest::pngKeepsEveryByte_data() {
  QTest::addColumn<int>("color");
  QTest::addColumn<int>("stored");
  QTest::addColumn<int>("wanted");
  QTest::newRow("grey") << 0 << 1 << 1;
  QTest::newRow("RGB") << 2 << 3 << 3;
  QTest::newRow("RGB and alpha") << 6 << 4 << 4;
  QTest::newRow("alpha left out") << 6 << 4 << 3;
  QTest::newRow("grey without its alpha") << 4 << 2 << 1;
}

void PictureTest::pngKeepsEveryByte() {
  QFETCH(int, color);
  QFETCH(int, stored);
  QFETCH(int, wanted);
  constexpr uint32_t kWidth = 5, kHeight = 3;
  const std::string pixels = ramp(kWidth * kHeight * static_cast<size_t>(stored));
  const std::string file = png(kWidth, kHeight, 8, static_cast<char>(color), pixels);
  const PictureSize size = pictureSize(file, "a.png");
  QCOMPARE(size.channels, int64_t{stored});
  QCOMPARE(size.height, int64_t{kHeight});
  QCOMPARE(size.width, int64_t{kWidth});
  const Picture picture = decodePicture(file, "a.png", wanted);
  QCOMPARE(picture.bytes.size(), size_t(kWidth * kHeight * static_cast<size_t>(wanted)));
  for (size_t i = 0; i < kWidth * kHeight; ++i) {
    for (size_t c = 0; c < static_cast<size_t>(wanted); ++c) {
      QCOMPARE(picture.bytes[c * kWidth * kHeight + i],
               static_cast<uint8_t>(pixels[i * static_cast<size_t>(stored) + c]));
    }
  }
}

void PictureTest::channelsAreConverted() {
  // Pillow: Image.new("RGB", (1, 1), (200, 100, 50)).convert("L") is 124.
  QCOMPARE(decodePicture(png(1, 1, 8, 2, "\xC8\x64\x32"), "a.png", 1).bytes, std::vector<uint8_t>{124});
  QCOMPARE(decodePicture(png(1, 1, 8, 0, "\x7B"), "a.png", 3).bytes, (std::vector<uint8_t>{123, 123, 123}));
  QCOMPARE(decodePicture(png(1, 1, 8, 0, "\x7B"), "a.png").channels, int64_t{1});
  QCOMPARE(decodePicture(png(1, 1, 8, 6, "abcd"), "a.png").channels, int64_t{3});
}

void PictureTest::sixteenBitsBecomeEight() {
  const Picture picture = decodePicture(png(2, 1, 16, 0, std::string("\x12\x34\xFF\xFF", 4)), "a.png", 1);
  QCOMPARE(picture.bytes, (std::vector<uint8_t>{0x12, 0xFF}));
}

void PictureTest::jpegIsNear() {
  std::string rgb;
  for (int i = 0; i < 16 * 16; ++i) rgb += std::string("\x50\x90\xC0", 3);
  const Picture picture = decodePicture(jpeg(16, 16, rgb), "a.jpg", 3);
  QCOMPARE(picture.height, int64_t{16});
  for (size_t c = 0; c < 3; ++c) {
    QVERIFY(std::abs(picture.bytes[c * 256 + 17] - static_cast<uint8_t>(rgb[c])) <= 3);
  }
  QCOMPARE(decodePicture(jpeg(16, 16, rgb), "a.jpg", 1).bytes.size(), size_t{256});
}

void PictureTest::sizesAreCheckedBeforeDecoding() {
  // 4 G pixels in 60 bytes: memory for them is never asked for.
  const std::string bomb = png(65535, 65535, 8, 2, "");
  for (const bool decode : {false, true}) {
    const std::string text = errorText([&] {
      if (decode)
        decodePicture(bomb, "bomb.png");
      else
        pictureSize(bomb, "bomb.png");
    });
    VERIFY_CONTAINS(text, "bomb.png");
    VERIFY_CONTAINS(text, "65535 x 65535");
  }
  VERIFY_CONTAINS(errorText([] { decodePicture(png(10, 10, 8, 0, ramp(100)), "a.png", 1, 99); }),
                  "more than the 99 allowed");
  VERIFY_CONTAINS(errorText([] { pictureSize(png(0, 10, 8, 0, ""), "a.png"); }), "a.png");
}

void PictureTest::damagedFilesAreRefused() {
  const std::string good_png = png(9, 9, 8, 0, ramp(81)), good_jpeg = jpeg(16, 16, ramp(16 * 16 * 3));
  for (const auto& good : {good_png, good_jpeg}) {
    for (const size_t size : {size_t{0}, size_t{5}, good.size() / 2, good.size() - 20}) {
      const auto error = errorOf([&] { decodePicture(good.substr(0, size), "cut"); });
      QVERIFY(error.has_value());
      COMPARE_TEXT(error->where().file, "cut");
    }
  }
  std::string flipped = good_png;
  flipped[flipped.size() - 20] = static_cast<char>(flipped[flipped.size() - 20] ^ 0x10);
  VERIFY_CONTAINS(errorText([&] { decodePicture(flipped, "flipped.png"); }), "damaged");
  VERIFY_CONTAINS(errorText([&] { decodePicture("GIF89a", "a.gif"); }),
                  "expected a JPEG, PNG, BMP, TIFF or WebP picture");
}

QTEST_GUILESS_MAIN(PictureTest)
#include "picture.moc"
