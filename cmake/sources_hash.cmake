# cmake -D OUT=FILE -D FOLDER=engine -P sources_hash.cmake: writes a source file that holds the hash of all sources in
# FOLDER, by name and content.
file(GLOB_RECURSE sources RELATIVE ${FOLDER} ${FOLDER}/*.cpp ${FOLDER}/*.hpp ${FOLDER}/*.inc ${FOLDER}/*.cu)
list(SORT sources)
set(text "")
foreach(source IN LISTS sources)
  file(SHA256 ${FOLDER}/${source} hash)
  string(APPEND text "${source} ${hash}\n")
endforeach()
string(SHA256 hash "${text}")
file(WRITE ${OUT} "#include \"training/sources_hash.hpp\"\n\nnamespace blockyard {\n\nconst char* const kEngineSourcesHash = \"${hash}\";\n\n}  // namespace blockyard\n")
