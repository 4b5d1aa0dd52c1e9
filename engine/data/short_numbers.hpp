// Numbers as integers of four bytes, to be divided by a power of ten, where that loses nothing: most of those that
// files hold are short decimals. Half the bytes to keep, and to write to the disk where rows do not fit into memory.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace blockyard {

constexpr int kMostPlaces = 9;

// Writes the numbers to `packed` and returns how many decimal places they have, at most kMostPlaces. None if some of
// them would not come back bit for bit: `packed` then holds nothing of use.
std::optional<int> packNumbers(std::span<const double> numbers, std::vector<int32_t>& packed);
// The numbers again; those that are missing as kMissingNumber. `packed` has as many as `into`.
void unpackNumbers(int places, const int32_t* packed, std::span<double> into);

}  // namespace blockyard
