#include "graph/templates.hpp"

#include <functional>
#include <utility>

#include "base/error.hpp"

namespace blockyard {
namespace {

// Lays blocks out in a row, each wired to the one before it.
class Chain {
 public:
  // `in` and `out` are the ports that the chain goes through.
  void add(const std::string& id, const std::string& type, const std::string& in, const std::string& out,
           OrderedJson params = OrderedJson::object()) {
    place(id, type, std::move(params), 0);
    if (!in.empty() && !last_.node.name.empty()) wire(last_, {{id}, in});
    last_ = {{id}, out};
  }
  // A block beside the chain.
  void aside(const std::string& id, const std::string& type, OrderedJson params = OrderedJson::object()) {
    --column_;
    place(id, type, std::move(params), 1);
  }
  void wire(const End& from, const End& to) { parts_.links.push_back({from, to}); }
  void train(OrderedJson settings) { parts_.training = std::move(settings); }

  Project project(const TemplateWish& wish, const std::string& doc) && {
    Project project;
    project.name = wish.name;
    project.doc = doc;
    project.pipelines.push_back({"main", Graph(std::move(parts_))});
    return project;
  }

 private:
  void place(const std::string& id, const std::string& type, OrderedJson params, int row) {
    constexpr double kWidth = 220, kHeight = 160;
    parts_.nodes.push_back(
        {.id = {id}, .type = type, .params = std::move(params), .x = kWidth * column_++, .y = kHeight * row});
  }

  GraphParts parts_;
  End last_{};
  int column_ = 0;
};

// The head, and what makes its numbers an answer.
void addClassifier(Chain& chain, const std::string& source) {
  chain.add("classify", "classifier/softmax", "x", "scores");
  chain.wire({{source}, "target"}, {{"classify"}, "target"});
  chain.add("answer", "postprocessor/class_label", "scores", "");
}

void addTagger(Chain& chain, const std::string& source) {
  chain.add("classify", "classifier/logistic", "x", "scores");
  chain.wire({{source}, "target"}, {{"classify"}, "target"});
}

void addRegressor(Chain& chain, const std::string& source) {
  chain.aside("scale_target", "preprocessor/scale_target");
  chain.wire({{source}, "target"}, {{"scale_target"}, "x"});
  chain.add("predict", "regressor/linear", "x", "values");
  chain.wire({{"scale_target"}, "y"}, {{"predict"}, "target"});
  chain.add("undo_scaling", "postprocessor/undo_target_scaling", "values", "values");
  chain.add("answer", "postprocessor/values_table", "values", "");
}

Project table(const TemplateWish& wish) {
  Chain chain;
  OrderedJson data = {{"file", wish.data}, {"target", wish.target}};
  if (wish.target_kind != "auto") data["target_kind"] = wish.target_kind;
  if (wish.drop_missing_target) data["missing_target"] = "drop";
  chain.add("data", "source/table", "", "features", std::move(data));
  if (!wish.leave_out.empty())
    chain.add("leave_out", "preprocessor/select", "x", "y", {{"columns", wish.leave_out}, {"mode", "drop"}});
  chain.add("fill", "preprocessor/impute", "x", "y");
  chain.add("standardize", "preprocessor/standardize", "x", "y");
  chain.add("one_hot", "preprocessor/one_hot", "x", "y");
  chain.add("features", "preprocessor/to_features", "x", "y");
  chain.add("hidden", "extractor/mlp", "x", "y", {{"hidden", {64, 64}}});
  if (wish.task == Task::Label) {
    addClassifier(chain, "data");
  } else if (wish.task == Task::Tags) {
    addTagger(chain, "data");
  } else {
    addRegressor(chain, "data");
  }
  chain.train({{"epochs", 40},
               {"batch_size", 64},
               {"split", wish.task == Task::Label ? "stratified" : "random"},
               {"early_stopping", 10}});
  return std::move(chain).project(wish,
                                  "Learns from a table: missing values filled, numbers standardized, "
                                  "categories one-hot, a small network.");
}

Project images(const TemplateWish& wish) {
  Chain chain;
  chain.add("data", "source/images", "", "image", {{"images", wish.data}, {"labels", wish.labels}});
  chain.add("scale", "preprocessor/image_scale", "x", "y");
  chain.add("conv1", "extractor/conv2d", "x", "y", {{"out_channels", 32}, {"kernel", {3}}});
  chain.add("relu1", "extractor/activation", "x", "y");
  chain.add("conv2", "extractor/conv2d", "x", "y", {{"out_channels", 64}, {"kernel", {3}}});
  chain.add("relu2", "extractor/activation", "x", "y");
  chain.add("pool", "extractor/max_pool", "x", "y");
  chain.add("flatten", "extractor/flatten", "x", "y");
  chain.add("hidden", "extractor/mlp", "x", "y", {{"hidden", {128}}});
  addClassifier(chain, "data");
  chain.train({{"epochs", 3}, {"batch_size", 128}});
  return std::move(chain).project(wish,
                                  "Learns to name small pictures: two "
                                  "convolutions, pooling, a dense layer.");
}

// Three convolutions with twice the channels from one to the next, then the mean over what is left. `convolve` adds one
// of them by its name and channels, its pooling takes these settings.
void addConvolutions(Chain& chain, const std::function<void(const std::string&, int64_t)>& convolve,
                     const OrderedJson& pooling) {
  int64_t channels = 32;
  for (const std::string number : {"1", "2", "3"}) {
    convolve("conv" + number, channels);
    chain.add("norm" + number, "extractor/batch_norm", "x", "y");
    chain.add("relu" + number, "extractor/activation", "x", "y");
    chain.add("pool" + number, "extractor/max_pool", "x", "y", pooling);
    channels *= 2;
  }
  chain.add("mean", "extractor/global_pool", "x", "y");
}

// Half the pixels from one convolution to the next.
Project imageFolder(const TemplateWish& wish) {
  Chain chain;
  chain.add("data", "source/image_folder", "", "image", {{"folder", wish.data}, {"height", 64}, {"width", 64}});
  chain.add("augment", "preprocessor/augment", "x", "y", {{"shift", 4}, {"padding", "reflect"}});
  chain.add("scale", "preprocessor/image_scale", "x", "y", {{"normalize", "fitted"}});
  addConvolutions(
      chain,
      [&](const std::string& name, int64_t channels) {
        chain.add(name, "extractor/conv2d", "x", "y",
                  {{"out_channels", channels}, {"kernel", {3}}, {"padding", "same"}});
      },
      OrderedJson::object());
  addClassifier(chain, "data");
  chain.train({{"epochs", 20},
               {"batch_size", 32},
               {"learning_rate", 0.003},
               {"schedule", "one-cycle"},
               {"split", "stratified"}});
  return std::move(chain).project(wish,
                                  "Learns to name pictures in folders: three convolutions with pooling, on pictures "
                                  "brought to 64 x 64 pixels.");
}

// Convolutions over the samples themselves, the first with a window as long as a low tone (after Dai et al., "Very deep
// convolutional neural networks for raw waveforms").
Project audioFolder(const TemplateWish& wish) {
  Chain chain;
  chain.add("data", "source/audio_folder", "", "signal",
            {{"folder", wish.data}, {"rate", wish.rate}, {"window", wish.rate}});
  chain.add("scale", "preprocessor/standardize_tensor", "x", "y", {{"each", "first"}});
  addConvolutions(chain,
                  [&](const std::string& name, int64_t channels) {
                    const bool first = name == "conv1";
                    chain.add(name, "extractor/conv1d", "x", "y",
                              {{"out_channels", channels},
                               {"kernel", {first ? 80 : 3}},
                               {"stride", {first ? 16 : 1}},
                               {"padding", "same"}});
                  },
                  {{"kernel", {4}}});
  addClassifier(chain, "data");
  chain.train({{"epochs", 20},
               {"batch_size", 32},
               {"learning_rate", 0.003},
               {"schedule", "one-cycle"},
               {"split", "group"},
               {"split_column", "file"}});
  return std::move(chain).project(wish,
                                  "Learns to name sounds in folders: three convolutions with pooling, on windows of "
                                  "one second. Windows of one file stay on one side of the split.");
}

Project empty(const TemplateWish& wish) {
  Chain chain;
  return std::move(chain).project(wish, "");
}

struct Line {
  Template description;
  Project (*make)(const TemplateWish&);
};

const std::vector<Line>& lines() {
  static const std::vector<Line> kLines = {
      {{"table", "rows of a CSV, Parquet or Arrow file; predicts a class or numbers"}, table},
      {{"images", "small pictures in IDX files; predicts a class"}, images},
      {{"image-folder", "pictures of any size, in one folder for each class; predicts a class"}, imageFolder},
      {{"audio-folder", "sounds, in one folder for each class; predicts a class"}, audioFolder},
      {{"empty", "no blocks"}, empty},
  };
  return kLines;
}

// A name from outside is no reference to a variable.
std::string escaped(std::string text) {
  for (size_t at = 0; (at = text.find("${", at)) != std::string::npos; at += 3) text.insert(at, "$");
  return text;
}

}  // namespace

const std::vector<Template>& templates() {
  static const std::vector<Template> kTemplates = [] {
    std::vector<Template> all;
    for (const auto& line : lines()) all.push_back(line.description);
    return all;
  }();
  return kTemplates;
}

Project projectFromTemplate(const std::string& name, const TemplateWish& wish) {
  std::vector<std::string> names;
  std::string all;
  for (const auto& line : lines()) {
    if (line.description.name == name) {
      TemplateWish plain = wish;
      plain.data = escaped(plain.data), plain.labels = escaped(plain.labels);
      for (std::string& column : plain.target) column = escaped(column);
      for (std::string& column : plain.leave_out) column = escaped(column);
      return line.make(plain);
    }
    names.push_back(line.description.name);
    all += (all.empty() ? "" : ", ") + line.description.name;
  }
  const std::string nearest = nearestName(name, names);
  throw Error({}, "there is no template \"" + name + "\"",
              nearest.empty() ? "one of " + all : "did you mean \"" + nearest + "\"?", Fault::Usage);
}

}  // namespace blockyard
