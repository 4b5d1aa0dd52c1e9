# Imported target `onnx_format`: the messages of the ONNX format with its checker and shape inference, version 1.12
# (operator set 17, IR 8).
find_path(ONNX_INCLUDE onnx/onnx_pb.h REQUIRED)
find_library(ONNX_LIBRARY onnx REQUIRED)
find_library(ONNX_PROTO_LIBRARY onnx_proto REQUIRED)
find_library(PROTOBUF_LIBRARY protobuf REQUIRED)
add_library(onnx_format INTERFACE)
target_include_directories(onnx_format SYSTEM INTERFACE "${ONNX_INCLUDE}")
target_compile_definitions(onnx_format INTERFACE ONNX_NAMESPACE=onnx ONNX_ML=1)
target_link_libraries(onnx_format INTERFACE "${ONNX_LIBRARY}" "${ONNX_PROTO_LIBRARY}" "${PROTOBUF_LIBRARY}")
