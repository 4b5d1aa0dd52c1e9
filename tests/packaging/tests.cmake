# What leaves the build: the library, the runner, the scripts for clusters.
blockyard_test(packaging/library LINK blockyard_library blockyard_base)
add_dependencies(test_packaging_library blockyard blockyard-run)
if(BLOCKYARD_SANITIZE)
  set(sanitizer_flag -fsanitize=${BLOCKYARD_SANITIZE})
endif()
target_compile_definitions(test_packaging_library PRIVATE BLOCKYARD_CMAKE="${CMAKE_COMMAND}" BLOCKYARD_BUILD_DIR="${CMAKE_BINARY_DIR}"
                           BLOCKYARD_GENERATOR="${CMAKE_GENERATOR}"
                           BLOCKYARD_FLAGS="${sanitizer_flag}")
add_test(NAME packaging.slurm COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/packaging/slurm.sh $<TARGET_FILE:blockyard>
         ${PROJECT_SOURCE_DIR}/packaging/slurm/train.sbatch)
set_tests_properties(packaging.library packaging.slurm PROPERTIES LABELS package)
