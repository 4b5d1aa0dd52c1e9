#include "blocks/text_source.hpp"

#include <ATen/ATen.h>

#include <algorithm>

namespace blockyard {
namespace {

class TextSource final : public Source {
 public:
  TextSource(const SourceSetup& setup, FoundTexts found)
      : rows_(std::move(found.rows)), digests_(std::move(found.digests)), partial_(found.partial) {
    outputs_["features"] = {.kind = Wire::Table, .shape = {"N"}, .columns = {{kTextColumn, ColumnType::Text}}};
    if (!rows_.labelled()) return;
    Signature target{.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .open = found.classes_open};
    // A class that was not trained on is as good as missing: there is no score to compare it with.
    target.classes = setup.expected ? setup.expected->at("target").classes : *rows_.classes();
    auto meaning = std::make_shared<Meaning>();
    meaning->classes = target.classes;
    meaning_ = std::move(meaning);
    outputs_["target"] = std::move(target);
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  bool partial() const override { return partial_; }

  std::string fingerprint() const override {
    if (digests_.size() == 1) return digests_.front();
    std::string all;
    for (const std::string& digest : digests_) all += digest + "\n";
    return sha256Hex(all);
  }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    count = std::max<int64_t>(0, std::min(count, rows() - first));
    if (port == "features") return rows_.texts(first, count);
    const Table table = rows_.labels(first, count);
    const std::vector<int32_t>& codes = table.columns()[0]->codes;
    const auto most = static_cast<int32_t>(meaning_->classes.size());
    at::Tensor labels = at::empty({count}, at::kLong);
    std::transform(codes.begin(), codes.end(), labels.mutable_data_ptr<int64_t>(),
                   [&](int32_t code) { return code < most ? code : -1; });
    return {labels, meaning_};
  }

 private:
  TextRows rows_;
  std::vector<std::string> digests_;
  bool partial_;
  Signatures outputs_;
  std::shared_ptr<const Meaning> meaning_;  // of the target
};

}  // namespace

std::unique_ptr<Source> textSource(const SourceSetup& setup, FoundTexts found) {
  if (found.rows.rows() == 0) throw Error({.file = found.file}, "there are no texts");
  found.rows.finish();
  if (!setup.expected && found.rows.labelled() && !found.partial && found.rows.classes()->size() < 2)
    throw Error({.file = found.file}, "every text is of the class \"" + found.rows.classes()->front() + "\"",
                "there is nothing to tell apart: name texts of another class, too");
  return std::make_unique<TextSource>(setup, std::move(found));
}

std::vector<std::string> firstClasses(const SourceSetup& setup, std::vector<std::string> own) {
  if (!setup.expected) return own;
  const auto target = setup.expected->find("target");
  return target == setup.expected->end() ? own : target->second.classes;
}

std::optional<Encoding> wantedEncoding(const Values& values) {
  if (values.text("encoding") == "auto") return {};
  return encodingNamed(values.text("encoding"));
}

Param encodingParam() {
  return {"encoding", "auto", Choices{"auto", "utf-8", "utf-16", "utf-16le", "utf-16be", "windows-1252", "latin-1"},
          "auto: by the byte-order mark, else UTF-8 where the first bytes are, else windows-1252"};
}

}  // namespace blockyard
