// CurveRaster: draws many long curves as lines of one pixel, without smooth edges, ten times as fast as a painter: the
// picture is kept by columns, for such curves go up and down in every one of them. Pure but for QImage.
#pragma once
#include <QtGui/QImage>
#include <QtGui/QPolygonF>
#include <vector>

namespace blockyard {

class CurveRaster {
 public:
  // In pixels.
  CurveRaster(int width, int height);

  // A line through these places, in pixels from the upper left corner; x never falls.
  void draw(const QPolygonF& line, QRgb premultiplied_colour);
  // What was drawn, transparent elsewhere. Format_ARGB32_Premultiplied.
  QImage image() const;

 private:
  void drawSegment(QPointF from, QPointF to, QRgb colour);
  void fill(int column, double y1, double y2, QRgb colour);

  int width_, height_;
  std::vector<QRgb> columns_;  // [width][height]
};

}  // namespace blockyard
