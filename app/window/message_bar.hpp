// MessageBar: what went wrong, or what there is to choose, above the canvas. Never modal: work goes on below it.
#pragma once
#include <QtWidgets/QFrame>
#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;

namespace blockyard {

class MessageBar final : public QFrame {
  Q_OBJECT

 public:
  enum class Tone { Notice, Problem };
  struct Choice {
    QString text{};
    std::function<void()> work{};
  };

  explicit MessageBar(QWidget* parent = nullptr);
  // Takes the place of the message before. A notice without choices goes by itself after a while.
  void say(const QString& text, Tone tone, std::vector<Choice> choices = {});
  QString text() const;

 private:
  QLabel* label_;
  QHBoxLayout* buttons_;
  int message_ = 0;
};

}  // namespace blockyard
