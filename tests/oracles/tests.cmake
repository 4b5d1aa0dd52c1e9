# The C++ halves of the scripts that compare with other programs; the scripts say how they are run. No test of ctest: it
# must pass without what the scripts install.
add_executable(peer_files oracles/peer_files.cpp)
target_link_libraries(peer_files PRIVATE blockyard_runs blockyard_options)
set_target_properties(peer_files PROPERTIES AUTOMOC OFF)
