// A block as the help page shows it: its kind by colour and letter, its title, and its ports with their names.
#pragma once
#include <QtGui/QPixmap>

#include "blocks/schema.hpp"

namespace blockyard {

// `ratio`: pixels of the device for one of the layout. The font and the colours are those of the application.
QPixmap blockPicture(const BlockSchema& schema, qreal ratio);

}  // namespace blockyard
