# Imported target `sound`: libsndfile, which reads WAV, FLAC, Ogg, AIFF and the like.
find_path(SNDFILE_INCLUDE sndfile.h REQUIRED)
find_library(SNDFILE_LIBRARY sndfile REQUIRED)
add_library(sound INTERFACE)
target_include_directories(sound SYSTEM INTERFACE "${SNDFILE_INCLUDE}")
target_link_libraries(sound INTERFACE "${SNDFILE_LIBRARY}")
