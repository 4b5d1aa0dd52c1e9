# Imported target `zstd`: the library that unpacks .zst files.
find_path(ZSTD_INCLUDE zstd.h REQUIRED)
find_library(ZSTD_LIBRARY zstd REQUIRED)
add_library(zstd INTERFACE)
target_include_directories(zstd SYSTEM INTERFACE "${ZSTD_INCLUDE}")
target_link_libraries(zstd INTERFACE "${ZSTD_LIBRARY}")
