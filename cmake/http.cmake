# Imported target `http`: GNU libmicrohttpd, the HTTP server library.
find_path(MICROHTTPD_INCLUDE microhttpd.h REQUIRED)
find_library(MICROHTTPD_LIBRARY microhttpd REQUIRED)
add_library(http INTERFACE)
target_include_directories(http SYSTEM INTERFACE "${MICROHTTPD_INCLUDE}")
target_link_libraries(http INTERFACE "${MICROHTTPD_LIBRARY}")
