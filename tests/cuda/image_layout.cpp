// The picture kernels' arithmetic, run here thread by thread: the same functions that a GPU runs.
#include "cuda/image_layout.hpp"

#include <QTest>
#include <vector>

#include "base/random.hpp"
#include "checks.hpp"

namespace blockyard::cuda {
namespace {

struct Pictures {
  uint32_t images, channels, pixels;
  std::vector<uint8_t> bytes{};  // [N, C, pixels]
  ImageFactors factors{};

  Pictures(uint32_t n, uint32_t c, uint32_t p) : images(n), channels(c), pixels(p), bytes(size_t{n} * c * p) {
    const KeyedRandom random(1);
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(random.below(i, 256));
    for (uint32_t i = 0; i < c; ++i) {
      factors.factor[i] = static_cast<float>(random.key("factor").uniform(i));
      factors.offset[i] = static_cast<float>(random.key("offset").normal(i));
    }
  }
  float wanted(size_t image, size_t channel, size_t pixel) const {
    const float product =
        static_cast<float>(bytes[(image * channels + channel) * pixels + pixel]) * factors.factor[channel];
    return product + factors.offset[channel];
  }
};

constexpr float kUntouched = -12345.0F;

// `shift` floats of room before the result, and bytes before the pictures: memory that begins anywhere.
std::vector<float> planesToPixels(const Pictures& in, size_t shift) {
  std::vector<uint8_t> bytes(in.bytes.size() + shift + 16);
  std::copy(in.bytes.begin(), in.bytes.end(), bytes.begin() + static_cast<ptrdiff_t>(shift));
  std::vector<float> out(in.bytes.size() + shift + 16, kUntouched);
  const uint8_t* from = bytes.data() + shift;
  float* to = out.data() + shift;
  const ImageTiles tiles = ImageTiles::of(from, to, in.channels, in.pixels);
  std::vector<uint32_t> shared(kTileBytes / 4);
  auto* tile_bytes = reinterpret_cast<uint8_t*>(shared.data());
  for (uint32_t block = 0; block < in.images * tiles.tiles; ++block) {
    std::fill(shared.begin(), shared.end(), 0xEEEEEEEE);
    for (uint32_t thread = 0; thread < kThreads; ++thread) readTile(tiles, from, tile_bytes, block, thread);
    for (uint32_t thread = 0; thread < kThreads; ++thread)
      writeTile(tiles, tile_bytes, to, in.factors.factor, in.factors.offset, block, thread);
  }
  return out;
}

std::vector<float> inOrder(const std::vector<uint8_t>& values, const Pictures& in, uint32_t inner, size_t shift) {
  std::vector<uint8_t> bytes(values.size() + shift);
  std::copy(values.begin(), values.end(), bytes.begin() + static_cast<ptrdiff_t>(shift));
  std::vector<float> out(values.size() + shift + 16, kUntouched);
  const ImageRow row =
      ImageRow::of(bytes.data() + shift, out.data() + shift, static_cast<uint32_t>(values.size()), inner, in.channels);
  const uint32_t threads = (row.count + kThreads * kPack - 1) / (kThreads * kPack) * kThreads;
  for (uint32_t thread = 0; thread < threads; ++thread)
    scaleInOrder(row, bytes.data() + shift, out.data() + shift, in.factors.factor, in.factors.offset, thread);
  return out;
}

// Where the first wrong value stands, in words; empty if all are right and nothing around them was written.
std::string wrongPixel(const Pictures& in, const std::vector<float>& out, size_t shift) {
  for (size_t i = 0; i < out.size(); ++i) {
    if (i < shift || i >= shift + in.bytes.size()) {
      if (out[i] != kUntouched) return "wrote beside the result, at " + std::to_string(i);
      continue;
    }
    const size_t element = i - shift, channel = element % in.channels, pixel = element / in.channels % in.pixels;
    const size_t image = element / in.channels / in.pixels;
    if (out[i] != in.wanted(image, channel, pixel))
      return "image " + std::to_string(image) + ", channel " + std::to_string(channel) + ", pixel " +
             std::to_string(pixel);
  }
  return "";
}

}  // namespace

class ImageLayoutTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void planesBecomePixels_data();
  void planesBecomePixels();
  void orderStays_data() { planesBecomePixels_data(); }
  void orderStays();
  void wholeWordsWhereTheyFit();
  void theLargestLaunch();
};

void ImageLayoutTest::planesBecomePixels_data() {
  QTest::addColumn<uint>("images");
  QTest::addColumn<uint>("channels");
  QTest::addColumn<uint>("pixels");
  const std::vector<std::array<uint, 3>> cases = {
      {1, 1, 1},    {3, 1, 784},  {2, 3, 784},    {5, 3, 729},  {2, 3, 50176}, {1, 3, 1361},
      {2, 4, 1024}, {2, 4, 1027}, {3, 2, 7},      {7, 5, 3},    {2, 17, 961},  {1, 64, 200},
      {2, 255, 33}, {2, 256, 16}, {1, 256, 1000}, {1, 3, 4097}, {2, 2, 2048},  {2, 2, 2049}};
  for (const auto& [images, channels, pixels] : cases)
    QTest::addRow("%u pictures, %u channels, %u pixels", images, channels, pixels) << images << channels << pixels;
}

void ImageLayoutTest::planesBecomePixels() {
  QFETCH(uint, images);
  QFETCH(uint, channels);
  QFETCH(uint, pixels);
  const Pictures in(images, channels, pixels);
  for (const size_t shift : {0, 1, 2, 4, 16}) COMPARE_TEXT(wrongPixel(in, planesToPixels(in, shift), shift), "");
}

void ImageLayoutTest::orderStays() {
  QFETCH(uint, images);
  QFETCH(uint, channels);
  QFETCH(uint, pixels);
  const Pictures in(images, channels, pixels);
  std::vector<uint8_t> pixel_order(in.bytes.size());
  for (size_t i = 0; i < in.bytes.size(); ++i) {
    const size_t pixel = i % pixels, channel = i / pixels % channels, image = i / pixels / channels;
    pixel_order[(image * pixels + pixel) * channels + channel] = in.bytes[i];
  }
  for (const size_t shift : {0, 1, 4}) {
    COMPARE_TEXT(wrongPixel(in, inOrder(pixel_order, in, 1, shift), shift), "");
    const std::vector<float> planes = inOrder(in.bytes, in, pixels, shift);
    for (size_t i = 0; i < in.bytes.size(); ++i) {
      const float wanted = in.wanted(i / pixels / channels, i / pixels % channels, i % pixels);
      if (planes[shift + i] != wanted) QFAIL(("plane element " + std::to_string(i)).c_str());
    }
    for (size_t i = shift + in.bytes.size(); i < planes.size(); ++i) QCOMPARE(planes[i], kUntouched);
  }
}

// The fast way is taken where it can be, and only there.
void ImageLayoutTest::wholeWordsWhereTheyFit() {
  alignas(16) const uint8_t bytes[32] = {};
  alignas(16) const float floats[32] = {};
  const auto tiles = [&](uint32_t channels, uint32_t pixels, int byte = 0, int place = 0) {
    return ImageTiles::of(bytes + byte, floats + place, channels, pixels);
  };
  QVERIFY(tiles(3, 784).words && tiles(3, 784).packs);
  QVERIFY(!tiles(3, 729).words && !tiles(3, 729).packs);
  QVERIFY(!tiles(4, 729).words && tiles(4, 729).packs);
  QVERIFY(!tiles(3, 784, 2).words && tiles(3, 784, 4).words);
  QVERIFY(!tiles(3, 784, 0, 1).packs && tiles(3, 784, 0, 4).packs);
  for (uint32_t channels = 1; channels <= kMaxChannels; ++channels) {
    const ImageTiles cut = tiles(channels, 100000);
    QVERIFY(cut.tile_pixels >= 16 && cut.tile_pixels % 16 == 0 && cut.tile_pixels * channels <= kTileBytes);
    uint32_t sum = 0;
    for (uint32_t tile = 0; tile < cut.tiles; ++tile) sum += cut.pixelsIn(tile);
    QCOMPARE(sum, 100000U);
  }
}

// The offsets of the last tile of the largest launch still fit.
void ImageLayoutTest::theLargestLaunch() {
  const uint32_t channels = 3, pixels = 224 * 224, images = (kMaxElements - 1) / (channels * pixels);
  const ImageTiles tiles = ImageTiles::of(nullptr, nullptr, channels, pixels);
  const uint64_t in = uint64_t{images - 1} * channels * pixels + tiles.firstPixel(tiles.tiles - 1);
  const uint64_t out = (uint64_t{images - 1} * pixels + tiles.firstPixel(tiles.tiles - 1)) * channels;
  QCOMPARE(uint64_t{tiles.inOffset(images - 1, tiles.tiles - 1)}, in);
  QCOMPARE(uint64_t{tiles.outOffset(images - 1, tiles.tiles - 1)}, out);
  QVERIFY(uint64_t{images} * tiles.tiles < (uint64_t{1} << 31));  // blocks of a launch
}

}  // namespace blockyard::cuda

QTEST_GUILESS_MAIN(blockyard::cuda::ImageLayoutTest)
#include "image_layout.moc"
