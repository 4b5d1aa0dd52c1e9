# Imported target `zip`: the library that reads ZIP archives.
find_path(ZIP_INCLUDE zip.h REQUIRED)
find_library(ZIP_LIBRARY zip REQUIRED)
add_library(zip INTERFACE)
target_include_directories(zip SYSTEM INTERFACE "${ZIP_INCLUDE}")
target_link_libraries(zip INTERFACE "${ZIP_LIBRARY}")
