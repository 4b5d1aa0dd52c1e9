# -O3 makes nothing faster here (the loops that count are LibTorch's) and the build a third slower.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

# Flags that every target of ours shares. Warnings are errors; sanitizers come from the presets.
add_library(blockyard_options INTERFACE)
target_compile_options(blockyard_options INTERFACE -Wall -Wextra -Wpedantic -Werror $<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wshadow> -Wno-missing-field-initializers
                       -fvisibility-inlines-hidden
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overflow>)  # false alarms on std::string (GCC bug 105651)
if(BLOCKYARD_SANITIZE)
  string(REPLACE "," ";" sanitizers "${BLOCKYARD_SANITIZE}")
  foreach(name IN LISTS sanitizers)
    add_compile_options(-fsanitize=${name})
    add_link_options(-fsanitize=${name})
  endforeach()
  add_compile_options(-fno-omit-frame-pointer -fno-sanitize-recover=all -O1)
  # LibTorch's headers compare typeinfo and vtables across libraries that were built without the sanitizer.
  if("undefined" IN_LIST sanitizers)
    add_compile_options(-fno-sanitize=vptr)
  endif()
  # GCC 12 warns about its own library code under the sanitizers (GCC bugs 105329, 105562).
  add_compile_options(-Wno-maybe-uninitialized)
endif()

# A tenth of the time of the usual linker. Not mold: version 1.10 either places thread-local data so that one program in a
# thousand does not start, or (with -z norelro) never ends where segments meet in an unlucky way.
find_program(BLOCKYARD_LLD ld.lld)
if(BLOCKYARD_LLD)
  add_link_options(-fuse-ld=lld)
endif()
find_program(BLOCKYARD_CCACHE ccache)
if(BLOCKYARD_CCACHE)
  # Precompiled headers need these three to be cached at all.
  set(ENV{CCACHE_SLOPPINESS} pch_defines,time_macros,include_file_mtime,include_file_ctime)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${BLOCKYARD_CCACHE})
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
endif()

# Where packaging/setup keeps what it fetched.
if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(BLOCKYARD_CACHE "$ENV{XDG_CACHE_HOME}/blockyard")
else()
  set(BLOCKYARD_CACHE "$ENV{HOME}/.cache/blockyard")
endif()

# CMake 3.25 with Ninja does not look for new files that need moc; a changed list of files makes it start over.
function(blockyard_moc_again target sources)
  set(list_file ${CMAKE_CURRENT_BINARY_DIR}/${target}.sources)
  set(before "")
  if(EXISTS ${list_file})
    file(READ ${list_file} before)
  endif()
  if(NOT before STREQUAL sources)
    file(REMOVE ${CMAKE_CURRENT_BINARY_DIR}/${target}_autogen/timestamp)
    file(WRITE ${list_file} "${sources}")
  endif()
endfunction()
