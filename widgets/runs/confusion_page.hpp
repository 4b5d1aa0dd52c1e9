// ConfusionPage: the confusion matrices of runs side by side, and below them the rows of the cell that was clicked. GUI
// thread.
#pragma once
#include <QtWidgets/QWidget>
#include <filesystem>
#include <memory>

#include "widgets/runs/compared_run.hpp"

class QComboBox;
class QHBoxLayout;
class QLabel;

namespace blockyard {

class CellRows;
class ConfusionMatrix;
class HeadBox;

class ConfusionPage final : public QWidget {
  Q_OBJECT

 public:
  explicit ConfusionPage(QWidget* parent = nullptr);

  void setRuns(const std::filesystem::path& folder, std::shared_ptr<const std::vector<ComparedRun>> runs,
               const std::vector<size_t>& order);
  // In the order shown.
  const std::vector<ConfusionMatrix*>& matrices() const { return matrices_; }
  CellRows& rows() { return *rows_; }
  HeadBox& heads() { return *heads_; }

 private:
  void fill();
  void fillHeads();
  void addMatrix(const ComparedRun& run, const Metrics& metrics, const std::string& part);
  std::filesystem::path folder_;
  std::shared_ptr<const std::vector<ComparedRun>> runs_ = std::make_shared<std::vector<ComparedRun>>();
  std::vector<size_t> order_{};
  QComboBox* part_;
  HeadBox* heads_;
  QLabel* message_;
  QWidget* place_;
  QHBoxLayout* row_;
  CellRows* rows_;
  std::vector<ConfusionMatrix*> matrices_{};
};

}  // namespace blockyard
