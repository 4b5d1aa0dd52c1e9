// Small pictures as PNG, and bytes as text, for pages and JSON that need nothing from outside. Pure; any thread.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace blockyard {

// `pixels` [height, width, channels], channels 1 (grey) or 3 (RGB), one byte each.
std::string pngOf(std::span<const uint8_t> pixels, int64_t height, int64_t width, int64_t channels);
// RFC 4648, with padding.
std::string base64Of(std::string_view bytes);

}  // namespace blockyard
