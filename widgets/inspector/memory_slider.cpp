#include "widgets/inspector/memory_slider.hpp"

#include <unistd.h>

#include <QtCore/QLocale>
#include <QtCore/QSignalBlocker>
#include <algorithm>
#include <cmath>

namespace blockyard {
namespace {

constexpr int kPerDoubling = 4;
constexpr double kMebibyte = 1 << 20;

double machineMebibytes() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)) / kMebibyte;
}

}  // namespace

MemorySlider::MemorySlider(const Range& range, QWidget* parent)
    : QSlider(Qt::Horizontal, parent),
      low_(std::max(1.0, range.low)),
      high_(std::clamp(machineMebibytes(), low_ * 2, std::max(low_ * 2, range.high))) {
  setRange(0, stepOf(high_));
  setPageStep(kPerDoubling);
  setToolTip(tr("Up to the memory of this machine: %1").arg(QLocale().formattedDataSize(qRound64(high_ * kMebibyte))));
  connect(this, &QSlider::valueChanged, this, [this] { Q_EMIT chosen(mebibytes()); });
}

int MemorySlider::stepOf(double mebibytes) const {
  return static_cast<int>(std::lround(std::log2(std::clamp(mebibytes, low_, high_) / low_) * kPerDoubling));
}

int64_t MemorySlider::mebibytes() const {
  return std::llround(low_ * std::exp2(static_cast<double>(value()) / kPerDoubling));
}

void MemorySlider::setMebibytes(int64_t amount) {
  const QSignalBlocker quiet(this);
  setValue(stepOf(static_cast<double>(amount)));
}

}  // namespace blockyard
