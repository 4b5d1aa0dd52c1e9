// Theme: the colours that the palette of Qt does not have: blocks by kind, wires by what they carry, states, series of
// charts. All are chosen to be told apart by people who see no red or green, too, and a letter or shape says the same.
#pragma once
#include <QtGui/QColor>
#include <QtGui/QPalette>

#include "blocks/schema.hpp"
#include "blocks/signature.hpp"

namespace blockyard {

enum class ThemeName { System, Light, Dark };

// Sets palette and style of the application. System follows what the platform says.
void applyTheme(ThemeName name);
bool darkTheme();  // by the palette in force

QColor colorOf(Kind kind);
QColor colorOf(Wire wire);
// The letter that stands for a kind: S P E C R G A O.
QChar letterOf(Kind kind);
QString titleOf(Kind kind);  // "Source", translated
QColor problemColor();
QColor warningColor();
QColor goodColor();
QColor busyColor();
QColor canvasColor();
QColor gridColor();
// The colour at `share` of the way from one to the other.
QColor mixedColor(const QColor& from, const QColor& to, double share);
// Colour number `index` of a series; they repeat after ten.
QColor seriesColor(int index);

}  // namespace blockyard
