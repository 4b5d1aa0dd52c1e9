# The C++ halves of the scripts that compare with other programs; the scripts say how they are run. No test of ctest: it
# must pass without what the scripts install.
add_executable(peer_files oracles/peer_files.cpp)
target_link_libraries(peer_files PRIVATE blockyard_runs blockyard_options)
add_executable(export_cases oracles/export_cases.cpp export/export_trial.cpp blocks/trial.cpp)
target_link_libraries(export_cases PRIVATE blockyard_export Qt6::Core Qt6::Test torch blockyard_options)
target_precompile_headers(export_cases REUSE_FROM tests_torch)
target_compile_options(export_cases PRIVATE ${test_options} -Wno-pedantic)
target_compile_definitions(export_cases PRIVATE QT_NO_KEYWORDS)
target_include_directories(export_cases PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
