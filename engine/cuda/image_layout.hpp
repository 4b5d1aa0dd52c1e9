// How the GPU turns pictures of bytes into normalized float32 ones, thread by thread. The bodies stand here and not in
// the .cu file, so that a machine without a GPU runs the very same code, one thread after the other, in its tests.
//
//   planesToPixels  [N, C, H*W] in, [N, H*W, C] out: a block of threads takes a tile of pixels through shared memory.
//                   It reads four bytes of a plane at once and writes 16 bytes of the result at once, both side by
//                   side.
//   inPlaceOrder    in and out in the same order: four bytes in, 16 bytes out for each thread.
//
// No number here passes 2^32: the caller splits a batch into parts (see kMaxElements).
#pragma once
#include <cstdint>
#include <cstring>

#ifdef __CUDACC__
#define BLOCKYARD_ANYWHERE __host__ __device__
#else
#define BLOCKYARD_ANYWHERE
#endif

namespace blockyard::cuda {

constexpr uint32_t kMaxChannels = 256;
constexpr uint32_t kMaxElements = uint32_t{1} << 31;  // of one launch
constexpr uint32_t kThreads = 256;                    // of a block
constexpr uint32_t kTileBytes = 4096;                 // of shared memory: at least 16 pixels of 256 channels
constexpr uint32_t kPack = 4;                         // floats written at once

// By value among a kernel's arguments: no copy to wait for.
struct ImageFactors {
  float factor[kMaxChannels];
  float offset[kMaxChannels];
};

struct alignas(16) Pack {
  float values[kPack];
};

// Product and sum are rounded one after the other, as on the CPU (the kernel is compiled with -fmad=false).
BLOCKYARD_ANYWHERE inline float scaled(uint8_t value, float factor, float offset) {
  return static_cast<float>(value) * factor + offset;
}

// Four bytes from an address that is a multiple of four.
BLOCKYARD_ANYWHERE inline uint32_t wordAt(const uint8_t* from) {
  return *reinterpret_cast<const uint32_t*>(from);
}
BLOCKYARD_ANYWHERE inline uint8_t byteOf(uint32_t word, uint32_t index) {
  return static_cast<uint8_t>(word >> (8 * index));  // little end first, on GPUs and where they are plugged in
}

BLOCKYARD_ANYWHERE inline bool aligned(const void* address, uintptr_t to) {
  return reinterpret_cast<uintptr_t>(address) % to == 0;
}

// How the pictures of a launch are cut into tiles, and where each begins.
struct ImageTiles {
  uint32_t channels = 0;
  uint32_t pixels = 0;       // H*W
  uint32_t tile_pixels = 0;  // a multiple of 16; the last tile of a picture may have fewer
  uint32_t tiles = 0;        // of one picture
  bool words = false;        // every tile of every plane begins and ends at a multiple of four bytes
  bool packs = false;        // every tile of the result begins and ends at a multiple of 16 bytes

  BLOCKYARD_ANYWHERE static ImageTiles of(const uint8_t* from, const float* to, uint32_t channels, uint32_t pixels) {
    ImageTiles out{channels, pixels};
    out.tile_pixels = kTileBytes / channels / 16 * 16;
    out.tiles = (pixels + out.tile_pixels - 1) / out.tile_pixels;
    out.words = pixels % 4 == 0 && aligned(from, 4);
    out.packs = pixels * channels % kPack == 0 && aligned(to, sizeof(Pack));
    return out;
  }

  BLOCKYARD_ANYWHERE uint32_t firstPixel(uint32_t tile) const { return tile * tile_pixels; }
  BLOCKYARD_ANYWHERE uint32_t pixelsIn(uint32_t tile) const {
    const uint32_t left = pixels - firstPixel(tile);
    return left < tile_pixels ? left : tile_pixels;
  }
  // The first byte of a tile in the plane of channel 0.
  BLOCKYARD_ANYWHERE uint32_t inOffset(uint32_t image, uint32_t tile) const {
    return image * channels * pixels + firstPixel(tile);
  }
  // The first float of a tile.
  BLOCKYARD_ANYWHERE uint32_t outOffset(uint32_t image, uint32_t tile) const {
    return (image * pixels + firstPixel(tile)) * channels;
  }
};

// First half, then the threads of the block wait for one another: the tile's bytes to `tile_bytes`, [C, tile_pixels].
BLOCKYARD_ANYWHERE inline void readTile(const ImageTiles& tiles, const uint8_t* from, uint8_t* tile_bytes,
                                        uint32_t block, uint32_t thread) {
  const uint32_t tile = block % tiles.tiles;
  const uint32_t count = tiles.pixelsIn(tile);
  const uint8_t* planes = from + tiles.inOffset(block / tiles.tiles, tile);
  if (!tiles.words) {
    for (uint32_t i = thread; i < tiles.channels * count; i += kThreads) {
      const uint32_t channel = i / count, pixel = i % count;
      tile_bytes[channel * tiles.tile_pixels + pixel] = planes[channel * tiles.pixels + pixel];
    }
    return;
  }
  const uint32_t words = count / 4;
  for (uint32_t i = thread; i < tiles.channels * words; i += kThreads) {
    const uint32_t channel = i / words, pixel = i % words * 4;
    *reinterpret_cast<uint32_t*>(tile_bytes + channel * tiles.tile_pixels + pixel) =
        wordAt(planes + channel * tiles.pixels + pixel);
  }
}

// Second half: the tile's floats, [tile_pixels, C].
BLOCKYARD_ANYWHERE inline void writeTile(const ImageTiles& tiles, const uint8_t* tile_bytes, float* to,
                                         const float* factor, const float* offset, uint32_t block, uint32_t thread) {
  const uint32_t tile = block % tiles.tiles;
  const uint32_t count = tiles.pixelsIn(tile) * tiles.channels;
  float* out = to + tiles.outOffset(block / tiles.tiles, tile);
  for (uint32_t first = thread * kPack; first < count; first += kThreads * kPack) {
    Pack pack;
    uint32_t pixel = first / tiles.channels, channel = first % tiles.channels;
    for (uint32_t i = 0; i < kPack; ++i) {
      // Past the end of a tile that is no multiple of a pack the bytes are those of another tile: not written below.
      pack.values[i] = scaled(tile_bytes[channel * tiles.tile_pixels + pixel], factor[channel], offset[channel]);
      if (++channel == tiles.channels) channel = 0, ++pixel;
    }
    if (tiles.packs) {
      *reinterpret_cast<Pack*>(out + first) = pack;
    } else {
      for (uint32_t i = 0; i < kPack; ++i)
        if (first + i < count) out[first + i] = pack.values[i];
    }
  }
}

// `count` bytes whose order stays; `inner` of them side by side belong to one channel (1 with the channels last).
struct ImageRow {
  uint32_t count = 0;
  uint32_t inner = 1;
  uint32_t channels = 1;
  bool vectors = false;  // both sides begin where four values can be moved at once

  BLOCKYARD_ANYWHERE static ImageRow of(const uint8_t* from, const float* to, uint32_t count, uint32_t inner,
                                        uint32_t channels) {
    return {count, inner, channels, aligned(from, 4) && aligned(to, sizeof(Pack))};
  }
};

// The four values from number 4 * `thread` on; `thread` counts through all blocks.
BLOCKYARD_ANYWHERE inline void scaleInOrder(const ImageRow& row, const uint8_t* from, float* to, const float* factor,
                                            const float* offset, uint32_t thread) {
  const uint32_t first = thread * kPack;
  if (first >= row.count) return;
  uint32_t place = first % row.inner, channel = first / row.inner % row.channels;
  const bool whole = row.vectors && row.count - first >= kPack;
  const uint32_t word = whole ? wordAt(from + first) : 0;
  Pack pack;
  for (uint32_t i = 0; i < kPack; ++i) {
    const bool there = whole || first + i < row.count;
    const uint8_t value = whole ? byteOf(word, i) : there ? from[first + i] : uint8_t{0};
    pack.values[i] = scaled(value, factor[channel], offset[channel]);
    if (++place == row.inner) {
      place = 0;
      if (++channel == row.channels) channel = 0;
    }
  }
  if (whole) {
    *reinterpret_cast<Pack*>(to + first) = pack;
    return;
  }
  for (uint32_t i = 0; i < kPack; ++i)
    if (first + i < row.count) to[first + i] = pack.values[i];
}

}  // namespace blockyard::cuda
