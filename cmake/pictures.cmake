# Imported target `pictures`: the decoders of PNG (libspng) and JPEG (libjpeg-turbo).
find_path(SPNG_INCLUDE spng.h REQUIRED)
find_library(SPNG_LIBRARY spng REQUIRED)
find_path(TURBOJPEG_INCLUDE turbojpeg.h REQUIRED)
find_library(TURBOJPEG_LIBRARY turbojpeg REQUIRED)
add_library(pictures INTERFACE)
target_include_directories(pictures SYSTEM INTERFACE "${SPNG_INCLUDE}" "${TURBOJPEG_INCLUDE}")
target_link_libraries(pictures INTERFACE "${SPNG_LIBRARY}" "${TURBOJPEG_LIBRARY}")
