// CurveRaster: draws many long curves as lines of one pixel, without smooth edges, several times as fast as a painter:
// the picture is kept by columns, for such curves go up and down in every one of them, and as one byte per pixel, the
// number of its colour. Pure but for QImage.
#pragma once
#include <QtGui/QImage>
#include <QtGui/QPolygonF>
#include <cstdint>
#include <vector>

namespace blockyard {

class CurveRaster {
 public:
  // In pixels.
  CurveRaster(int width, int height);

  // A line through these places, in pixels from the upper left corner; x never falls. At most 255 colours.
  void draw(const QPolygonF& line, QRgb premultiplied_colour);
  // What was drawn, transparent elsewhere. Format_ARGB32_Premultiplied.
  QImage image() const;

 private:
  void drawSegment(QPointF from, QPointF to);
  void cover(int column, double y1, double y2);
  void fill();
  uint8_t numberOf(QRgb colour);

  int width_, height_;
  std::vector<uint8_t> columns_;     // [width][height]; 0: nothing
  std::vector<QRgb> colours_ = {0};  // by number
  // What the line that is being drawn covers of its column.
  int column_ = -1;
  double low_ = 0, high_ = 0;
  uint8_t colour_ = 0;
};

}  // namespace blockyard
