// RowPictures: the pictures of some rows as a grid, and one of them large. GUI thread.
#pragma once
#include <QtWidgets/QWidget>

#include "blocks/sample.hpp"

class QLabel;
class QListView;

namespace blockyard {

class PicturesModel;

class RowPictures final : public QWidget {
  Q_OBJECT

 public:
  explicit RowPictures(QWidget* parent = nullptr);

  // A picture per row, as far as there are some; `rows` count from 0 in the data, `texts` stand below them.
  void show(Pictures pictures, std::vector<int64_t> rows, std::vector<std::string> texts);
  void clear();
  int count() const;
  // Marks the picture of that row and shows it large; nothing if it has none.
  void showRow(qint64 row);
  QListView& grid() { return *grid_; }
  qint64 largeRow() const { return large_row_; }  // -1: none

 Q_SIGNALS:
  void rowChosen(qint64 row);  // by a person, in the grid

 private:
  void enlarge(int index);
  QListView* grid_;
  QLabel* large_;
  PicturesModel* model_;
  std::shared_ptr<const Sample> sample_;
  qint64 large_row_ = -1;
};

// The pictures at these places.
Pictures picked(const Pictures& pictures, const std::vector<size_t>& places);

}  // namespace blockyard
