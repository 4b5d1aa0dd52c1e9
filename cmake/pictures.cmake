# Imported target `pictures`: the decoders of PNG (libspng), JPEG (libjpeg-turbo), TIFF (libtiff) and WebP (libwebp).
find_path(SPNG_INCLUDE spng.h REQUIRED)
find_library(SPNG_LIBRARY spng REQUIRED)
find_path(TURBOJPEG_INCLUDE turbojpeg.h REQUIRED)
find_library(TURBOJPEG_LIBRARY turbojpeg REQUIRED)
find_path(TIFF_INCLUDE tiffio.h REQUIRED)
find_library(TIFF_LIBRARY tiff REQUIRED)
find_path(WEBP_INCLUDE webp/decode.h REQUIRED)
find_library(WEBP_LIBRARY webp REQUIRED)
add_library(pictures INTERFACE)
target_include_directories(pictures SYSTEM INTERFACE "${SPNG_INCLUDE}" "${TURBOJPEG_INCLUDE}" "${TIFF_INCLUDE}"
                           "${WEBP_INCLUDE}")
target_link_libraries(pictures INTERFACE "${SPNG_LIBRARY}" "${TURBOJPEG_LIBRARY}" "${TIFF_LIBRARY}" "${WEBP_LIBRARY}")
