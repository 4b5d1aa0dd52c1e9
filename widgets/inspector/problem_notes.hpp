// ProblemNotes: what is wrong with the thing above it, each problem with its sign, its hint and a button for each fix.
#pragma once
#include <QtWidgets/QVBoxLayout>
#include <QtWidgets/QWidget>
#include <functional>
#include <vector>

#include "widgets/common/document.hpp"

namespace blockyard {

// Whether the text names the place (a port, a parameter) first, where the place is not plain from where it stands.
enum class NamePlace { Yes, No };
QString problemText(const Problem& problem, NamePlace name_place);

// What the person may do about a problem with one press: its fixes, each as one act of the document; to show where a
// missing file is; to allow what the project may not read yet.
struct ProblemAct {
  QString label{};
  QString name{};  // of its button
  std::function<void()> act{};
};
std::vector<ProblemAct> actsFor(Document& document, const Problem& problem, QWidget* parent);

class ProblemNotes final : public QWidget {
  Q_OBJECT

 public:
  ProblemNotes(Document& document, NamePlace name_place, QWidget* parent);

  // Hides itself if there are none. Keeps its buttons, and the focus on them, if the texts are the same.
  void showProblems(std::vector<Problem> problems);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build();
  void addNote(size_t number);

  Document& document_;
  NamePlace name_place_;
  std::vector<Problem> problems_;
  QVBoxLayout* layout_;
};

}  // namespace blockyard
