// HelpPage: the page of the manual on one block, made from its schema: what it does, a picture, its ports, parameters
// and worked examples.
#pragma once
#include <QtWidgets/QTextBrowser>
#include <string>

namespace blockyard {

class HelpPage final : public QTextBrowser {
  Q_OBJECT

 public:
  explicit HelpPage(QWidget* parent = nullptr);

  // An id that is not in the catalogue gets a page that says so. Goes to `parameter` if one is named.
  void showBlock(const std::string& type_id, const QString& parameter = {});
  // The training settings, in the same form.
  void showTraining(const QString& parameter = {});
  // How the canvas is used; also what is shown first.
  void showCanvas();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  enum class Shows { Canvas, Block, Training };
  void render();
  void goToParameter(const QString& parameter);

  Shows shows_ = Shows::Canvas;
  std::string type_id_;
};

}  // namespace blockyard
