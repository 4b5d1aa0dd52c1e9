# Imported targets of what works on text: `unicode` (utf8proc) and `sentencepiece` (with its trainer).
find_path(UTF8PROC_INCLUDE utf8proc.h REQUIRED)
find_library(UTF8PROC_LIBRARY utf8proc REQUIRED)
add_library(unicode INTERFACE)
target_include_directories(unicode SYSTEM INTERFACE "${UTF8PROC_INCLUDE}")
target_link_libraries(unicode INTERFACE "${UTF8PROC_LIBRARY}")

find_path(SENTENCEPIECE_INCLUDE sentencepiece_trainer.h REQUIRED)
find_library(SENTENCEPIECE_LIBRARY sentencepiece REQUIRED)
find_library(SENTENCEPIECE_TRAIN_LIBRARY sentencepiece_train REQUIRED)
add_library(sentencepiece INTERFACE)
target_include_directories(sentencepiece SYSTEM INTERFACE "${SENTENCEPIECE_INCLUDE}")
target_link_libraries(sentencepiece INTERFACE "${SENTENCEPIECE_LIBRARY}" "${SENTENCEPIECE_TRAIN_LIBRARY}")
# libsentencepiece and LibTorch's libc10 both have a FLAGS_minloglevel, of 32 and of 4 bytes, and the loader gives both the
# one that comes first: behind libc10, SentencePiece would write over what stands next to it there. So it comes first in
# all that is linked; LibTorch never writes to its own.
add_link_options("$<$<OR:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>,$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>>:LINKER:--push-state,--no-as-needed,${SENTENCEPIECE_LIBRARY},--pop-state>")
