// MemorySlider: an amount of memory, in MiB. It goes from the smallest amount to what this machine has, by quarters of
// a doubling: between 16 MiB and 64 GiB every step is one that makes a difference.
#pragma once
#include <QtWidgets/QSlider>

#include "blocks/schema.hpp"

namespace blockyard {

class MemorySlider final : public QSlider {
  Q_OBJECT

 public:
  MemorySlider(const Range& range, QWidget* parent);

  int64_t mebibytes() const;
  void setMebibytes(int64_t amount);  // without a signal; the nearest step

 Q_SIGNALS:
  void chosen(int64_t mebibytes);

 private:
  int stepOf(double mebibytes) const;

  double low_, high_;
};

}  // namespace blockyard
