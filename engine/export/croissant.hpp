// A data profile as Croissant, the metadata format for data sets of MLCommons (https://docs.mlcommons.org/croissant,
// version 1.0). Torch-free.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/profile.hpp"

namespace blockyard {

struct CroissantFile {
  std::string name{};    // of the file
  std::string url{};     // where it lies, as it is to stand there
  std::string format{};  // MIME type
  std::string sha256{};
  int64_t bytes = 0;
};

struct CroissantWish {
  std::string name{};
  std::string description{};
  std::string origin{}, licence{};  // where known
  std::vector<CroissantFile> files{};
};

// `profile` is of the first file; its columns become the fields of one record set.
nlohmann::ordered_json croissant(const DataProfile& profile, const CroissantWish& wish);

}  // namespace blockyard
