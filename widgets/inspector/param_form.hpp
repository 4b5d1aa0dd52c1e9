// ParamForm: the rows of a block's parameters, or of the training settings under their headings, and a field that finds
// a row where there are many.
#pragma once
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QWidget>

#include "widgets/inspector/param_row.hpp"

namespace blockyard {

struct SweepWish;

// A group of parameters under a heading; no heading if the title is empty.
struct ParamSection {
  QString title{};
  std::vector<Param> params{};
};
// The training settings in groups; a setting that belongs to none stands in the last.
std::vector<ParamSection> trainingSections();

class ParamForm final : public QWidget {
  Q_OBJECT

 public:
  // No block: the training settings. `others` are blocks of the same type that are set along with it.
  ParamForm(Document& document, const std::optional<NodeId>& block, const std::vector<ParamSection>& sections,
            QWidget* parent, std::vector<NodeId> others = {});

  const std::vector<ParamRow*>& rows() const { return rows_; }
  ParamRow* row(const std::string& name) const;  // nullptr if there is none
  void sync();
  // Gives every row the problems that name its parameter, and the columns that arrive.
  void showResult(const std::vector<Problem>& problems, const QStringList& columns);
  void setBlock(const NodeId& block);

 Q_SIGNALS:
  void helpWanted(const QString& parameter);
  void sweepWanted(const blockyard::SweepWish& wish);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Group {
    QLabel* heading = nullptr;
    std::vector<ParamRow*> rows{};
  };
  void addSection(const std::optional<NodeId>& block, const ParamSection& section);
  void filter(const QString& text);
  void fitLabels();

  Document& document_;
  std::vector<NodeId> others_;
  std::vector<Group> groups_;
  std::vector<ParamRow*> rows_;
};

}  // namespace blockyard
