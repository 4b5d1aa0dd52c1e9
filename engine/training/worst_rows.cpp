#include "training/worst_rows.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "base/png.hpp"
#include "blocks/sample.hpp"
#include "training/pipeline.hpp"

namespace blockyard {
namespace {

constexpr size_t kMostColumns = 60, kLongestCell = 400;
constexpr int64_t kPictureSide = 96;

// The beginning of a long text, cut between two characters of UTF-8.
std::string shortened(const std::string& text) {
  if (text.size() <= kLongestCell) return text;
  size_t end = kLongestCell;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

// The first picture, brought to at most kPictureSide by averaging squares of a whole number of pixels.
std::string smallPicture(const Pictures& pictures) {
  const int64_t height = pictures.height, width = pictures.width, channels = pictures.channels;
  const int64_t step = std::max<int64_t>(1, (std::max(height, width) + kPictureSide - 1) / kPictureSide);
  const int64_t rows = std::max<int64_t>(1, height / step), columns = std::max<int64_t>(1, width / step);
  std::vector<uint8_t> pixels;
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < columns; ++x)
      for (int64_t c = 0; c < channels; ++c) {
        int64_t sum = 0, count = 0;
        for (int64_t v = y * step; v < std::min(height, (y + 1) * step); ++v)
          for (int64_t u = x * step; u < std::min(width, (x + 1) * step); ++u, ++count)
            sum += pictures.bytes[static_cast<size_t>((c * height + v) * width + u)];
        pixels.push_back(static_cast<uint8_t>((sum + count / 2) / std::max<int64_t>(1, count)));
      }
  return base64Of(pngOf(pixels, rows, columns, channels));
}

std::string nameOf(Source& source, int64_t row) {
  std::string out;
  const Table names = source.rowNames(row, 1);
  for (const auto& column : names.columns())
    if (const std::string cell = column->cell(0); !cell.empty())
      out += (out.empty() ? "" : ", ") + column->name + " " + cell;
  return shortened(out);
}

// What of the row a person can see: the cells of a table (texts are one), or a small picture.
void addInputs(Source& source, ErrorExample& example) {
  for (const auto& [port, signature] : source.outputs()) {
    if (signature.kind == Wire::Table) {
      const Packet packet = source.readPort(port, example.row, 1);
      if (!packet.isTable()) continue;
      for (const auto& column : packet.table().columns()) {
        if (example.columns.size() == kMostColumns) break;
        example.columns.emplace_back(column->name, shortened(column->cell(0)));
      }
    } else if (signature.kind == Wire::Image && example.picture.empty()) {
      const Packet packet = source.readPort(port, example.row, 1);
      const Pictures pictures = sampleOf(packet, signature, {.rows = 0, .numbers = 0}).pictures;
      if (pictures.count > 0) example.picture = smallPicture(pictures);
    }
  }
}

}  // namespace

void WorstRows::add(const PipelineNode& head, const Batch& in, const Batch& out) {
  const at::Tensor& target = in["target"];
  const bool classifier = head.type->schema.kind == Kind::Classifier;
  if (none_ || (none_ = classifier && !target.is_floating_point() && target.dim() > 1)) return;
  RowAnswers answers;
  addAnswers(head, in, out, answers);
  const bool numbers = answers.task == RowAnswers::Task::Numbers;
  head_ = head.plan.id, measure_ = numbers ? "absolute error" : "loss";
  for (int64_t i = 0; i < target.size(0); ++i) answers.rows.push_back(rows_++);
  for (size_t i = 0; i < answers.size(); ++i) {
    const double error = answers.error(i);
    if (error == 0) continue;  // NaN is wrong, too
    ++wrong_;
    const double of_truth = numbers ? kNoScore : static_cast<double>(answers.truth_probability[i]);
    // The loss of a row that is thought impossible has no end.
    double wrongness = numbers ? error : -std::log(std::max(of_truth, 1e-30));
    if (std::isnan(wrongness)) wrongness = std::numeric_limits<double>::infinity();
    if (found_.size() == most_ && wrongness <= found_.front().wrongness) continue;
    take({.wrongness = wrongness,
          .place = answers.rows[i],
          .truth = answers.truthText(i),
          .said = answers.saidText(i),
          .probability = numbers ? kNoScore : static_cast<double>(answers.probability[i]),
          .truth_probability = of_truth});
  }
}

void WorstRows::take(Found found) {
  const auto less_wrong_on_top = [](const Found& a, const Found& b) { return a.wrongness > b.wrongness; };
  if (most_ == 0) return;
  if (found_.size() == most_) {
    std::pop_heap(found_.begin(), found_.end(), less_wrong_on_top);
    found_.pop_back();
  }
  found_.push_back(std::move(found));
  std::push_heap(found_.begin(), found_.end(), less_wrong_on_top);
}

std::optional<ErrorExamples> WorstRows::describe(const RowSet& rows, Source& source) const {
  if (none_ || rows_ == 0) return {};
  ErrorExamples out{.head = head_, .measure = measure_, .rows = rows_, .wrong = wrong_};
  std::vector<const Found*> order;
  for (const Found& each : found_) order.push_back(&each);
  std::sort(order.begin(), order.end(), [](const Found* a, const Found* b) {
    return a->wrongness != b->wrongness ? a->wrongness > b->wrongness : a->place < b->place;
  });
  for (const Found* each : order) {
    ErrorExample example{.row = rows[each->place],
                         .truth = each->truth,
                         .answer = each->said,
                         .probability = each->probability,
                         .truth_probability = each->truth_probability,
                         .wrongness = each->wrongness};
    guarded({}, [&] {
      example.name = nameOf(source, example.row);
      addInputs(source, example);
    });
    out.examples.push_back(std::move(example));
  }
  return out;
}

}  // namespace blockyard
