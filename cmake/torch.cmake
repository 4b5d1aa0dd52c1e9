# Imported target `torch`: libtorch_cpu and libc10 of the pinned wheel (or of BLOCKYARD_TORCH), nothing of CUDA.
# The wheel's own TorchConfig.cmake demands a CUDA toolkit; libtorch_cuda is loaded at run time where a GPU is found.
if(BLOCKYARD_TORCH)
  set(torch_root "${BLOCKYARD_TORCH}")
else()
  set(torch_root "${BLOCKYARD_CACHE}/torch-2.11.0/torch")
endif()
if(NOT EXISTS "${torch_root}/lib/libtorch_cpu.so")
  message(FATAL_ERROR "LibTorch is not in ${torch_root}. Run packaging/setup, or pass -DBLOCKYARD_TORCH=<PyTorch's folder>.")
endif()
# The OpenMP runtime that LibTorch itself uses: two of them would be in each other's way.
file(GLOB torch_openmp "${torch_root}/lib/libgomp*.so*")
if(NOT torch_openmp)
  find_library(torch_openmp NAMES libgomp.so.1 gomp REQUIRED)
endif()
list(GET torch_openmp 0 torch_openmp)
add_library(torch INTERFACE)
# at::parallel_for is a template, and serial without a word unless OpenMP is on where it is used.
target_compile_options(torch INTERFACE -fopenmp)
target_include_directories(torch SYSTEM INTERFACE "${torch_root}/include" "${torch_root}/include/torch/csrc/api/include")
target_link_libraries(torch INTERFACE
  -Wl,--push-state,--no-as-needed "${torch_root}/lib/libtorch_cpu.so" "${torch_root}/lib/libc10.so" "${torch_openmp}" -Wl,--pop-state
  -Wl,--allow-shlib-undefined)
set(BLOCKYARD_TORCH_LIB "${torch_root}/lib")
# "2.11.0", for those who ask which it is.
set(BLOCKYARD_TORCH_VERSION "")
file(STRINGS "${torch_root}/include/torch/headeronly/version.h" lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
foreach(line IN LISTS lines)
  string(REGEX REPLACE ".* " "." part "${line}")
  string(APPEND BLOCKYARD_TORCH_VERSION "${part}")
endforeach()
string(REGEX REPLACE "^\\." "" BLOCKYARD_TORCH_VERSION "${BLOCKYARD_TORCH_VERSION}")
