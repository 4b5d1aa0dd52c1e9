// A trained pipeline as an MLflow model: the ONNX model behind MLflow's flavor python_function, for
// mlflow.pyfunc.load_model(FOLDER) and `mlflow models serve -m FOLDER`. Takes raw rows, answers with the columns of a
// prediction and the probabilities of classes.
//
//   MLmodel              flavor, and signature: names and types of what comes in and out
//   model.onnx           see onnx/write_onnx.hpp
//   code/                the loader, which gives rows to ONNX Runtime
//   requirements.txt, conda.yaml, python_env.yaml   what it needs
//   input_example.json   one row, made up; not where a row is large
#pragma once
#include <filesystem>

#include "base/durable_folder.hpp"

namespace blockyard {

// Throws Error if the bundle is damaged, or with the block that can't be written in ONNX.
FolderFiles mlflowFolder(const std::filesystem::path& bundle);

}  // namespace blockyard
