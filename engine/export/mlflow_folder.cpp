#include "export/mlflow_folder.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "export/bundle.hpp"
#include "export/onnx/write_onnx.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

constexpr const char* kLoader =
    R"PY("""A pipeline trained with Blockyard: model.onnx, as MLflow's flavor python_function takes it."""
import json

import numpy
import onnxruntime
import pandas


class Pipeline:
    def __init__(self, path):
        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        notes = self.session.get_modelmeta().custom_metadata_map
        self.classes = json.loads(notes.get("classes", "{}"))

    def predict(self, model_input, params=None):
        feed = {i.name: self._taken(i, model_input) for i in self.session.get_inputs()}
        names = [o.name for o in self.session.get_outputs()]
        said = dict(zip(names, self.session.run(names, feed)))
        if any(value.ndim > 2 for value in said.values()):
            return said
        columns = {}
        for name, value in said.items():
            if value.ndim == 1:
                columns[name] = value
                continue
            of = self.classes.get(name, range(value.shape[1]))
            columns.update({f"{name} {each}": value[:, k] for k, each in enumerate(of)})
        return pandas.DataFrame(columns)

    @staticmethod
    def _taken(wanted, given):
        """One input: a tensor as it is; a column [N, 1], in which None and NaN are missing."""
        if isinstance(given, numpy.ndarray):
            return given
        column = given[wanted.name]
        if not isinstance(given, pandas.DataFrame):
            return numpy.asarray(column)
        if wanted.type == "tensor(string)":
            out = column.astype(object).where(column.notna(), "").astype(str).to_numpy(object)
        elif wanted.type == "tensor(double)" and column.dtype.kind in "OM":
            out = (pandas.to_datetime(column) - pandas.Timestamp(0)) / pandas.Timedelta(seconds=1)
            out = out.to_numpy(numpy.float64)
        else:
            out = column.to_numpy(numpy.float64 if wanted.type == "tensor(double)" else numpy.float32)
        return out.reshape(-1, 1)


def _load_pyfunc(path):
    return Pipeline(path)
)PY";

constexpr const char* kRequirements = "mlflow\nnumpy\nonnxruntime>=1.17\npandas\n";
constexpr const char* kPython = "3.11";
constexpr int64_t kLargestExample = 10000;  // numbers

// A text in YAML: JSON between single quotes.
std::string yaml(const Json& json) {
  std::string out = "'";
  for (const char c : json.dump(-1, ' ', true, Json::error_handler_t::replace))
    out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

const char* numpyName(OnnxType type) {
  switch (type) {
    case OnnxType::Float:
      return "float32";
    case OnnxType::Double:
      return "float64";
    case OnnxType::Text:
      return "object";
    default:
      return nameOf(type);
  }
}

// As numpy's dtype and shape; the first size is the rows.
Json tensorOf(const OnnxPort& port) {
  Json shape = Json::array({-1});
  for (const int64_t size : port.sizes) shape.push_back(size);
  return {
      {"name", port.name}, {"type", "tensor"}, {"tensor-spec", {{"dtype", numpyName(port.type)}, {"shape", shape}}}};
}

class Folder {
 public:
  explicit Folder(Bundle& bundle) : bundle_(bundle), model_(onnxOf(bundle)) {}

  FolderFiles files() {
    const std::string python(kPython);
    FolderFiles out{{"model.onnx", std::move(model_.bytes)},
                    {"code/blockyard_pipeline.py", kLoader},
                    {"requirements.txt", kRequirements},
                    {"python_env.yaml", "python: '" + python +
                                            "'\nbuild_dependencies:\n- pip\n- setuptools\n- wheel\n"
                                            "dependencies:\n- -r requirements.txt\n"},
                    {"conda.yaml", "name: blockyard\nchannels:\n- conda-forge\ndependencies:\n- python=" + python +
                                       "\n- pip\n- pip:\n  - -r requirements.txt\n"}};
    const Json example = exampleOf();
    if (!example.is_null()) out["input_example.json"] = example.dump() + "\n";
    out["MLmodel"] = description(!example.is_null());
    return out;
  }

 private:
  const ColumnInfo* columnNamed(const std::string& name) const {
    for (const auto& [port, signature] : bundle_.inputs())
      for (const ColumnInfo& column : signature.columns)
        if (column.name == name) return &column;
    return nullptr;
  }

  bool isTable() const {
    return std::all_of(model_.inputs.begin(), model_.inputs.end(),
                       [&](const OnnxPort& input) { return columnNamed(input.name) != nullptr; });
  }

  Json inputs() const {
    Json out = Json::array();
    for (const OnnxPort& input : model_.inputs) {
      const ColumnInfo* const column = columnNamed(input.name);
      if (column == nullptr || !isTable()) {
        out.push_back(tensorOf(input));
        continue;
      }
      // Times are texts (ISO 8601), as in CSV and JSON: MLflow takes "datetime" from neither.
      const char* const type = column->type == ColumnType::Number ? "double" : "string";
      out.push_back({{"name", column->name}, {"type", type}, {"required", true}});
    }
    // A single tensor may come without a name.
    if (out.size() == 1 && out[0]["type"] == "tensor") out[0].erase("name");
    return out;
  }

  Json outputs() const {
    Json columns = Json::array(), tensors = Json::array();
    const auto add = [&](const std::string& name, OnnxType type) {
      const char* const named = type == OnnxType::Text     ? "string"
                                : type == OnnxType::Double ? "double"
                                : type == OnnxType::Float  ? "float"
                                                           : "long";
      columns.push_back({{"name", name}, {"type", named}, {"required", true}});
    };
    bool flat = true;
    for (const OnnxPort& output : model_.outputs) {
      tensors.push_back(tensorOf(output));
      flat = flat && output.sizes.size() < 2;
      if (output.sizes.empty()) add(output.name, output.type);
      if (output.sizes.size() != 1) continue;
      const auto classes = model_.classes.find(output.name);
      for (int64_t k = 0; k < output.sizes[0]; ++k)
        add(output.name + " " +
                (classes == model_.classes.end() ? std::to_string(k) : classes->second[static_cast<size_t>(k)]),
            output.type);
    }
    return flat ? columns : tensors;
  }

  // One row of likely values: numbers that are missing where nothing is known of them would say nothing.
  Json exampleOf() const {
    if (!isTable()) {
      if (model_.inputs.size() != 1) return {};
      int64_t count = 1;
      for (const int64_t size : model_.inputs[0].sizes) count *= size;
      if (count > kLargestExample) return {};
      Json row = model_.inputs[0].type == OnnxType::Float ? Json(0.5) : Json(1);
      for (auto size = model_.inputs[0].sizes.rbegin(); size != model_.inputs[0].sizes.rend(); ++size)
        row = Json(static_cast<size_t>(*size), row);
      return {{"inputs", Json::array({row})}};
    }
    Json names = Json::array(), row = Json::array();
    for (const OnnxPort& input : model_.inputs) {
      const ColumnInfo& column = *columnNamed(input.name);
      names.push_back(column.name);
      if (column.type == ColumnType::Number) row.push_back(1.0);
      if (column.type == ColumnType::Time) row.push_back("2024-01-31T08:30:00");
      if (column.type == ColumnType::Text) row.push_back("a text");
      if (column.type == ColumnType::Category) row.push_back(column.classes.empty() ? "" : column.classes.front());
    }
    return {{"columns", names}, {"data", Json::array({row})}};
  }

  std::string description(bool with_example) const {
    std::string out =
        "flavors:\n"
        "  python_function:\n"
        "    code: code\n"
        "    data: model.onnx\n"
        "    env:\n"
        "      conda: conda.yaml\n"
        "      virtualenv: python_env.yaml\n"
        "    loader_module: blockyard_pipeline\n"
        "    python_version: '" +
        std::string(kPython) + "'\n";
    out += "metadata:\n  blockyard_run: " + Json(bundle_.run()).dump() + "\n";
    if (with_example)
      out += std::string("saved_input_example_info:\n  artifact_path: input_example.json\n") +
             (isTable() ? "  pandas_orient: split\n  type: dataframe\n" : "  format: tf-serving\n  type: ndarray\n");
    out += "signature:\n  inputs: " + yaml(inputs()) + "\n  outputs: " + yaml(outputs()) + "\n  params: null\n";
    return out;
  }

  Bundle& bundle_;
  OnnxModel model_;
};

}  // namespace

FolderFiles mlflowFolder(const std::filesystem::path& bundle) {
  Bundle trained(bundle.string());
  return Folder(trained).files();
}

}  // namespace blockyard
