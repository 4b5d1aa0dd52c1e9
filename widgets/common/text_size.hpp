// TextSize: how large the texts of the window are, as a share of what the desktop asks for; kept in the settings.
// Blocks on the canvas have a size of their own, which the zoom of the canvas changes. GUI thread.
#pragma once
#include <QtGui/QFont>

class QWidget;

namespace blockyard {

double textSize();  // 1 is that of the desktop
// Steps of a tenth, from 0.7 to 2.5; 0 goes back to that of the desktop. Keeps it.
void changeTextSize(int steps);
// What was kept is in force from here on. Once, before the first widget.
void applyTextSize();

// Gives a widget a font that is so much larger than that of the application, whatever becomes of that.
void setRelativeFont(QWidget& widget, double factor, QFont::Weight weight = QFont::Normal);

// The font of blocks, small enough for the lines that they have; and how much the canvas has to be enlarged for its
// texts to be as large as those around it.
QFont canvasFont();
double canvasFullSize();

}  // namespace blockyard
