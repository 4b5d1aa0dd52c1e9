#include <cstdio>

#include "blocks/catalog.hpp"

int main() {
  for (const auto& type : blockyard::catalog()) std::printf("%s\n", type.schema.id.c_str());
}
