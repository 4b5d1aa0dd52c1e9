add_library(fake_gpu_driver MODULE cuda/fake_driver.cpp)
target_link_libraries(fake_gpu_driver PRIVATE blockyard_options)
# The arithmetic of the kernels, without a GPU.
blockyard_test(cuda/image_layout LINK blockyard_base)
target_include_directories(test_cuda_image_layout PRIVATE ${PROJECT_SOURCE_DIR}/engine)
# The kernels themselves: skipped with a word where there is no GPU.
if(BLOCKYARD_CUDA)
  blockyard_test(cuda/gpu TORCH LINK blockyard_training)
  add_dependencies(test_cuda_gpu blockyard_cuda_plugin)
endif()
